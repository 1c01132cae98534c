import { compareText, entriesOf, fromJson, inOrder, isAnyMap, isList, ValueSet } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { numberIn, numberText, parseDecimal } from "./number.ts";
import { TextBuilder } from "./text-builder.ts";

/** Arrays and objects within each other, in JSON that a policy reads. */
export const maxJsonDepth = 128;

/**
 * The value that JSON stands for; of a key that is there twice the last counts, as Go has it, and integers are exact.
 * `undefined`: it is no JSON, nested too deep, or has a number beyond what can be calculated with.
 */
export function parseJson(text: string): { readonly value: Value } | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    return { value: needsExactness.test(text) ? parseExactly(text) : (JSON.parse(text) as Value) };
  } catch {
    return undefined;
  }
}

/** A number with so many digits, or an exponent, may be one that a double does not hold. */
const needsExactness = /\d{16}|\d[eE]/;

function parseExactly(text: string): Value {
  const exact = (_key: string, value: unknown, { source }: { readonly source?: string }): unknown => {
    if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined) return value;
    const num = parseDecimal(source);
    if (num === undefined) throw new RangeError("a number that is too large");
    return num;
  };
  return JSON.parse(text, exact as Parameters<typeof JSON.parse>[1]) as Value;
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (bracket === "[" || bracket === "{") depth++;
    else if (bracket === "]" || bracket === "}") depth--;
    if (depth > maxJsonDepth) return true;
  }
  return false;
}

export interface JsonLayout {
  readonly prefix: string;
  readonly indent: string;
}

/**
 * A value as Go writes JSON: keys in order, sets as lists in theirs, a key that is no text by its JSON. `undefined`: it
 * would be too long.
 */
export function jsonText(value: Value, layout?: JsonLayout): string | undefined {
  const out = new TextBuilder();
  new JsonWriter(out, layout).write(value, 0);
  return out.finish();
}

class JsonWriter {
  readonly #out: TextBuilder;
  readonly #layout: JsonLayout | undefined;

  constructor(out: TextBuilder, layout: JsonLayout | undefined) {
    this.#out = out;
    this.#layout = layout;
    if (layout !== undefined) out.write(layout.prefix);
  }

  write(value: Value, depth: number): void {
    if (this.#out.isFull) return;
    if (typeof value === "string") return this.#out.write(stringText(value));
    if (value === null || typeof value === "boolean") return this.#out.write(String(value));
    if (value instanceof ValueSet) return this.#list(inOrder(value), depth);
    if (typeof value === "object" && isList(value)) return this.#list(value, depth);
    const num = numberIn(value);
    if (num !== undefined) return this.#out.write(numberText(num));
    if (isAnyMap(value)) this.#map(entriesOf(value), depth);
  }

  #list(items: readonly Value[], depth: number): void {
    this.#out.write("[");
    for (const [i, item] of items.entries()) {
      if (i > 0) this.#out.write(",");
      this.#line(depth + 1);
      this.write(fromJson(item), depth + 1);
    }
    if (items.length > 0) this.#line(depth);
    this.#out.write("]");
  }

  #map(entries: readonly (readonly [key: Value, value: Value])[], depth: number): void {
    const named = entries.map(
      ([key, value]) => [typeof key === "string" ? key : (jsonText(key) ?? ""), value] as const,
    );
    this.#out.write("{");
    for (const [i, [key, value]] of named.toSorted(([a], [b]) => compareText(a, b)).entries()) {
      if (i > 0) this.#out.write(",");
      this.#line(depth + 1);
      this.#out.write(stringText(key));
      this.#out.write(this.#layout === undefined ? ":" : ": ");
      this.write(value, depth + 1);
    }
    if (named.length > 0) this.#line(depth);
    this.#out.write("}");
  }

  #line(depth: number): void {
    if (this.#layout === undefined) return;
    const { prefix, indent } = this.#layout;
    this.#out.write(`\n${prefix}`);
    for (let i = 0; i < depth && !this.#out.isFull; i++) this.#out.write(indent);
  }
}

/** Go escapes what could end a script element, too. */
function stringText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
