import { illFormed } from "./ids.ts";
import { pointerTo } from "./json-pointer.ts";
import type { ErrorCode } from "./error.ts";
import { maxProblems } from "./request-errors.ts";
import type { Problem } from "./request-errors.ts";

export interface JsonLimits {
  /** Arrays and objects within each other. */
  readonly maxDepth: number;
  /** Values in the whole text: arrays, objects and what is in them. */
  readonly maxNodes: number;
}

/**
 * Reads a text that may be JSON and tells everything for which it is refused (guarantees S8), in the order of the text.
 * Stops where it cannot go on: at what is no JSON, and past a limit. Recurses nowhere, so no depth is too much for it.
 */
export function inspectJson(text: string, limits: JsonLimits): readonly Problem[] {
  return new JsonInspector(text, limits).inspect();
}

/** An array or object that is open, and where in it we are. */
interface Container {
  /** Of an object: what it has so far. */
  readonly keys: Set<string> | undefined;
  /** The member or element under way. */
  at: string | number;
}

/** What is read next; `end`: nothing more. */
type Next = "value" | "firstElement" | "firstKey" | "key" | "separator" | "end";

class JsonInspector {
  readonly #text: string;
  readonly #limits: JsonLimits;
  readonly #problems: Problem[] = [];
  readonly #open: Container[] = [];
  #at = 0;
  #nodes = 0;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  inspect(): readonly Problem[] {
    let next: Next = "value";
    while (next !== "end" && this.#problems.length < maxProblems) {
      this.#skip(space);
      next = this.#read(next);
    }
    return this.#problems;
  }

  #read(next: Exclude<Next, "end">): Next {
    switch (next) {
      case "value":
        return this.#value("a value");
      case "firstElement":
        return this.#taken("]") ? this.#close() : this.#value("a value or `]`");
      case "firstKey":
        return this.#taken("}") ? this.#close() : this.#key("a key in double quotes or `}`");
      case "key":
        return this.#key("a key in double quotes");
      case "separator":
        return this.#separator();
    }
  }

  #value(expected: string): Next {
    if (++this.#nodes > this.#limits.maxNodes) {
      return this.#stop("too_complex", `must not have more than ${this.#limits.maxNodes} values`);
    }
    switch (this.#text[this.#at]) {
      case "{":
        return this.#enter({ keys: new Set(), at: "" });
      case "[":
        return this.#enter({ keys: undefined, at: 0 });
      case '"':
        return this.#stringValue();
      default:
        return this.#skip(literal) || this.#number() ? "separator" : this.#malformed(expected);
    }
  }

  #enter(container: Container): Next {
    if (this.#open.length === this.#limits.maxDepth) {
      return this.#stop("too_deep", `must not be nested deeper than ${this.#limits.maxDepth} levels`);
    }
    this.#at++;
    this.#open.push(container);
    return container.keys === undefined ? "firstElement" : "firstKey";
  }

  #close(): Next {
    this.#open.pop();
    return "separator";
  }

  #key(expected: string): Next {
    const container = this.#open.at(-1);
    if (container?.keys === undefined || this.#text[this.#at] !== '"') return this.#malformed(expected);
    const key = this.#string();
    if (key === undefined) return "end";
    container.at = key;
    this.#requireWellFormed(key);
    if (container.keys.has(key)) this.#report("duplicate_key", "must not be there twice");
    container.keys.add(key);
    if (this.#isForbidden(key)) this.#report("forbidden_key", "must not be a key: it can reach a prototype");
    this.#skip(space);
    return this.#taken(":") ? "value" : this.#malformed("`:`");
  }

  #isForbidden(key: string): boolean {
    if (key === "__proto__") return true;
    const parent = this.#open.at(-2);
    return key === "prototype" && parent?.keys !== undefined && parent.at === "constructor";
  }

  #separator(): Next {
    const container = this.#open.at(-1);
    if (container === undefined) return this.#at === this.#text.length ? "end" : this.#malformed("nothing more");
    if (this.#taken(",")) {
      if (typeof container.at === "string") return "key";
      container.at++;
      return "value";
    }
    const bracket = container.keys === undefined ? "]" : "}";
    return this.#taken(bracket) ? this.#close() : this.#malformed(`\`,\` or \`${bracket}\``);
  }

  #stringValue(): Next {
    const text = this.#string();
    if (text === undefined) return "end";
    this.#requireWellFormed(text);
    return "separator";
  }

  #number(): boolean {
    const start = this.#at;
    if (!this.#skip(number)) return false;
    if (!Number.isFinite(Number(this.#text.slice(start, this.#at)))) {
      this.#report("number_out_of_range", "must be a number that a double can hold");
    }
    return true;
  }

  /** The string that begins here; `undefined`, and a problem, where it is none. */
  #string(): string | undefined {
    const start = this.#at++;
    for (;;) {
      this.#skip(unescaped);
      if (this.#taken('"')) break;
      if (!this.#skip(escape)) {
        this.#malformed(this.#text[this.#at] === "\\" ? "an escape that JSON has" : "the closing quote of the string");
        return undefined;
      }
    }
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #requireWellFormed(text: string): void {
    if (!text.isWellFormed()) this.#report(illFormed.code, illFormed.message);
  }

  /** Reads on past what `pattern`, which is sticky, finds here; false where it finds nothing. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #taken(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #malformed(expected: string): "end" {
    const offset = Buffer.byteLength(this.#text.slice(0, this.#at));
    const character = this.#text.slice(this.#at, this.#at + 1);
    const found = character === "" ? "the end" : JSON.stringify(character);
    this.#problems.push({
      pointer: "",
      code: "malformed_json",
      message: `must be JSON: at byte ${offset} expected ${expected}, found ${found}`,
    });
    return "end";
  }

  #stop(code: ErrorCode, message: string): "end" {
    this.#report(code, message);
    return "end";
  }

  #report(code: ErrorCode, message: string): void {
    const pointer = this.#open.reduce((parent, { at }) => pointerTo(parent, at), "");
    this.#problems.push({ pointer, code, message });
  }
}

const space = /[ \t\n\r]*/y;
const literal = /true|false|null/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// oxlint-disable-next-line no-control-regex -- JSON has control characters escaped only
const unescaped = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;
