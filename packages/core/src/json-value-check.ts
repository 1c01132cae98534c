import type { ErrorCode } from "./error.ts";
import { isRecord, wrongType } from "./field-checks.ts";
import { illFormed } from "./ids.ts";
import type { JsonLimits } from "./json-inspector.ts";
import { pointerTo } from "./json-pointer.ts";
import { isRawJson } from "./raw-json.ts";
import { maxProblems } from "./request-errors.ts";
import type { Problem } from "./request-errors.ts";

/**
 * Holds what a caller in the same process gave as JSON to what `parseJson` lets pass (guarantees S8): plain objects and
 * arrays, finite numbers, well-formed text, no key that can reach a prototype, within the limits. So nothing later on the
 * road can fail to write it down. Adds what is wrong to `problems`.
 */
export function checkJsonValue(value: unknown, pointer: string, limits: JsonLimits, problems: Problem[]): void {
  if (sizeOfJson(value, limits.maxDepth, limits.maxNodes) < 0)
    new JsonValueCheck(pointer, limits, problems).check(value);
}

/**
 * How many values there are in `value`, itself included; −1 if something is wrong with it, or it is beyond the limits: then
 * `JsonValueCheck` says what. Nearly every action ends here, without an object made for it.
 */
function sizeOfJson(value: unknown, depthLeft: number, sizeLeft: number): number {
  switch (typeof value) {
    case "string":
      return value.isWellFormed() ? 1 : -1;
    case "number":
      return Number.isFinite(value) ? 1 : -1;
    case "boolean":
      return 1;
    case "object":
      return value === null || isRawJson(value) ? 1 : sizeOfContainer(value, depthLeft, sizeLeft);
    default:
      return -1;
  }
}

function sizeOfContainer(container: object, depthLeft: number, sizeLeft: number): number {
  if (depthLeft === 0) return -1;
  let size = 1;
  if (Array.isArray(container)) {
    for (let i = 0; i < container.length; i++) {
      const member = sizeOfJson(container[i], depthLeft - 1, sizeLeft - size);
      if (member < 0) return -1;
      size += member;
      if (size > sizeLeft) return -1;
    }
    return size;
  }
  if (!isRecord(container)) return -1;
  for (const key in container) {
    if (key === "__proto__" || key === "prototype" || !key.isWellFormed()) return -1;
    const member = sizeOfJson(container[key], depthLeft - 1, sizeLeft - size);
    if (member < 0) return -1;
    size += member;
    if (size > sizeLeft) return -1;
  }
  return size;
}

class JsonValueCheck {
  readonly #pointer: string;
  readonly #limits: JsonLimits;
  readonly #problems: Problem[];
  /** Keys and indexes on the way to the value under way: a pointer is made for a problem only. */
  readonly #path: (string | number)[] = [];
  #nodes = 0;

  constructor(pointer: string, limits: JsonLimits, problems: Problem[]) {
    this.#pointer = pointer;
    this.#limits = limits;
    this.#problems = problems;
  }

  check(value: unknown): void {
    this.#nodes++;
    switch (typeof value) {
      case "string":
        this.#text(value);
        break;
      case "number":
        if (!Number.isFinite(value)) this.#report("number_out_of_range", "must be a finite number");
        break;
      case "boolean":
        break;
      case "object":
        if (value !== null && !isRawJson(value)) this.#container(value);
        break;
      default:
        this.#problems.push(wrongType(this.#at(), "JSON", value));
    }
  }

  #container(value: object): void {
    if (this.#path.length === this.#limits.maxDepth) {
      this.#report("too_deep", `must not be nested deeper than ${this.#limits.maxDepth} levels`);
    } else if (Array.isArray(value)) {
      for (let i = 0; i < value.length && this.#goesOn(); i++) this.#member(i, value[i]);
    } else if (isRecord(value)) {
      for (const key in value) {
        if (!this.#goesOn()) break;
        this.#member(key, value[key]);
      }
    } else {
      this.#report("invalid_type", "must be a plain object, found an instance of a class");
    }
  }

  #member(key: string | number, value: unknown): void {
    this.#path.push(key);
    if (typeof key === "string") this.#text(key);
    if (key === "__proto__" || (key === "prototype" && this.#path.at(-2) === "constructor")) {
      this.#report("forbidden_key", "must not be a key: it can reach a prototype");
    }
    this.check(value);
    this.#path.pop();
  }

  #text(text: string): void {
    if (!text.isWellFormed()) this.#report(illFormed.code, illFormed.message);
  }

  /** False past the limit, which is told once, and past the problems that anybody reads. */
  #goesOn(): boolean {
    if (this.#problems.length >= maxProblems) return false;
    if (this.#nodes < this.#limits.maxNodes) return true;
    if (this.#nodes++ === this.#limits.maxNodes) {
      this.#report("too_complex", `must not have more than ${this.#limits.maxNodes} values`);
    }
    return false;
  }

  #report(code: ErrorCode, message: string): void {
    this.#problems.push({ pointer: this.#at(), code, message });
  }

  #at(): string {
    return this.#path.reduce<string>(pointerTo, this.#pointer);
  }
}
