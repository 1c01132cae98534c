import { suggest } from "@acteon/core";
import { literal, node } from "@acteon/rules";
import type { Expr, Findings } from "@acteon/rules";

import { parsePath } from "./path.ts";
import { referenceOf } from "./reference.ts";
import { WrittenText } from "./written-text.ts";
import type { YamlScalar } from "./yaml-node.ts";

/**
 * What a text with holes is for. A `key` must not have an empty hole: what is unrelated would share a key, so a hole that
 * is null is an error. In any other `value` it is empty.
 */
export type TemplateUse = "key" | "value";

/** Functions inside `{{ … }}`, with the number of their arguments; `default` gives its second where the first is absent. */
export const templateFunctions: ReadonlyMap<string, number> = new Map([
  ["lower", 1],
  ["upper", 1],
  ["trim", 1],
  ["default", 2],
]);

/** Calls inside calls. */
export const maxTemplateDepth = 16;

/**
 * A text with `{{ … }}` in it. A hole holds a path (`action.payload.service`, `time.hour`, `env.REGION`), a text in
 * quotes, a number, or a function of those; `action.dedup_key` is the dedup key, else the action id. What is one hole and
 * nothing else is what the hole is, with its type.
 */
export function templateOf(findings: Findings, scalar: YamlScalar, text: string, use: TemplateUse): Expr | undefined {
  if (!text.includes("{{")) return literal(text, findings.spanOf(scalar));
  const written = new WrittenText(findings, scalar, text);
  const parts = new TemplateParser(written).parts();
  if (parts === undefined) return undefined;
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return node({ kind: "template", parts, ofNull: use === "key" ? "error" : "empty", span: written.span });
}

class TemplateParser {
  readonly #written: WrittenText;
  readonly #text: string;
  #at = 0;

  constructor(written: WrittenText) {
    this.#written = written;
    this.#text = written.text;
  }

  /** Text and holes in order; `undefined` after the first mistake was reported. */
  parts(): Expr[] | undefined {
    const parts: Expr[] = [];
    while (this.#at < this.#text.length) {
      const open = this.#text.indexOf("{{", this.#at);
      const until = open === -1 ? this.#text.length : open;
      if (until > this.#at) parts.push(literal(this.#text.slice(this.#at, until), this.#written.span));
      this.#at = until;
      if (open === -1) break;
      const hole = this.#hole(open);
      if (hole === undefined) return undefined;
      parts.push(hole);
    }
    return parts;
  }

  #hole(open: number): Expr | undefined {
    this.#at = open + 2;
    if (!this.#text.includes("}}", this.#at)) {
      return this.#written.refuse(open, open + 2, { code: "ACT-R014", summary: "a template has `{{` without `}}`" });
    }
    const value = this.#value(1);
    if (value === undefined) return undefined;
    this.#skipSpace();
    if (!this.#text.startsWith("}}", this.#at)) return this.#expected("`}}`");
    this.#at += 2;
    return value;
  }

  #value(depth: number): Expr | undefined {
    this.#skipSpace();
    const quoted = this.#match(quotedText);
    if (quoted !== undefined) return literal(quoted.slice(1, -1), this.#written.span);
    const number = this.#match(plainNumber);
    if (number !== undefined) return literal(Number(number), this.#written.span);
    const start = this.#at;
    const name = this.#match(callStart);
    return name === undefined ? this.#path() : this.#call(name.slice(0, -1).trim(), start, depth);
  }

  #path(): Expr | undefined {
    const parsed = parsePath(this.#text, this.#at);
    if (parsed.kind === "rejected") {
      this.#at = parsed.at;
      return this.#expected(parsed.expected);
    }
    const { path } = parsed;
    this.#at = path.end;
    if (this.#text.slice(path.start, path.end) !== "action.dedup_key") return referenceOf(path, this.#written);
    this.#match(noArguments);
    return node({ kind: "dedupKey", span: this.#written.span });
  }

  #call(name: string, start: number, depth: number): Expr | undefined {
    const arity = templateFunctions.get(name);
    if (arity === undefined) {
      const near = suggest(name, templateFunctions.keys());
      return this.#written.refuse(start, start + name.length, {
        code: "ACT-R013",
        summary: `unknown function \`${name}\``,
        help:
          near === undefined ? `known here: ${[...templateFunctions.keys()].join(", ")}` : `did you mean \`${near}\`?`,
      });
    }
    if (depth > maxTemplateDepth) return this.#expected(`no more than ${maxTemplateDepth} calls inside each other`);
    const args: Expr[] = [];
    for (let next = ","; next === ",";) {
      const arg = this.#value(depth + 1);
      if (arg === undefined) return undefined;
      args.push(arg);
      this.#skipSpace();
      next = this.#text[this.#at] ?? "";
      if (next !== "," && next !== ")") return this.#expected("`,` or `)`");
      this.#at++;
    }
    if (args.length === arity) return this.#applied(name, args);
    return this.#written.refuse(start, this.#at, {
      code: "ACT-R013",
      summary: `\`${name}\` takes ${arity} ${arity === 1 ? "argument" : "arguments"}, and here are ${args.length}`,
    });
  }

  #applied(name: string, args: readonly Expr[]): Expr {
    const { span } = this.#written;
    const [value, fallback] = args;
    if (value === undefined || fallback === undefined) {
      return node({ kind: "call", name, args, semantics: "plain", span });
    }
    const right = literal(null, span);
    const isAbsent = node({ kind: "compare", op: "eq", left: value, right, semantics: "plain", span });
    // oxlint-disable-next-line unicorn/no-thenable -- the field of a `Conditional`, which nobody awaits
    return node({ kind: "conditional", condition: isAbsent, then: fallback, otherwise: value, span });
  }

  #skipSpace(): void {
    this.#match(blanks);
  }

  /** The text that the pattern matches here, stepped over. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #expected(what: string): undefined {
    return this.#written.refuse(this.#at, this.#at + 1, {
      code: "ACT-R014",
      summary: "a template that cannot be read",
      label: `expected ${what}`,
    });
  }
}

const blanks = /[ \t\n]*/y;
const quotedText = /"[^"]*"|'[^']*'/y;
const plainNumber = /-?\d{1,15}(?:\.\d{1,15})?(?![\w.])/y;
const callStart = /[A-Za-z_]\w*\s*\(/y;
const noArguments = /\(\s*\)/y;
