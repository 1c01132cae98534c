import { entriesOf, inOrder, isAnyMap, isList, total, ValueSet } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { floatText } from "./go-float.ts";
import { numberIn, numberText } from "./number.ts";
import { itemsOf } from "./rego-function.ts";
import type { RegoObject } from "./rego-function.ts";
import { TextBuilder } from "./text-builder.ts";

/** A number of the data: to Go's templates it is text, `json.Number`. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What a template calculates with: nil, booleans, ints, floats, texts, and what the data holds. */
export type TemplateValue = null | boolean | bigint | number | string | JsonNumber | readonly Value[] | RegoObject;

export function fromData(value: Value): TemplateValue {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (value instanceof ValueSet) return inOrder(value);
  const num = numberIn(value);
  if (num !== undefined) return new JsonNumber(numberText(num));
  return itemsOf(value) ?? (isAnyMap(value) ? value : null);
}

export function isListValue(value: TemplateValue): value is readonly Value[] {
  return typeof value === "object" && value !== null && !(value instanceof JsonNumber) && isList(value);
}

export function isMapValue(value: TemplateValue): value is RegoObject {
  return typeof value === "object" && value !== null && !(value instanceof JsonNumber) && !isList(value);
}

export function textIn(value: TemplateValue): string | undefined {
  return value instanceof JsonNumber ? value.text : typeof value === "string" ? value : undefined;
}

/** Whatever is nothing, zero or empty is not. */
export function isTrue(value: TemplateValue): boolean {
  const text = textIn(value);
  if (text !== undefined) return text !== "";
  if (value === null || typeof value === "boolean") return value === true;
  if (isListValue(value)) return value.length > 0;
  return isMapValue(value) ? entriesOf(value).length > 0 : Number(value) !== 0;
}

/** As Go prints a value: `map[a:1 b:[x y]]`. `undefined`: it would be too long. */
export function printed(value: TemplateValue): string | undefined {
  const out = new TextBuilder();
  print(out, value);
  return out.finish();
}

function print(out: TextBuilder, value: TemplateValue): void {
  if (out.isFull) return;
  const text = textIn(value);
  if (text !== undefined) out.write(text);
  else if (value === null) out.write("<nil>");
  else if (typeof value === "number") out.write(floatText(value, "g", undefined));
  else if (typeof value === "bigint" || typeof value === "boolean") out.write(String(value));
  else if (isListValue(value)) printList(out, value);
  else if (isMapValue(value)) printMap(out, value);
}

function printList(out: TextBuilder, items: readonly Value[]): void {
  out.write("[");
  for (const [i, item] of items.entries()) {
    if (i > 0) out.write(" ");
    print(out, fromData(item));
  }
  out.write("]");
}

function printMap(out: TextBuilder, map: RegoObject): void {
  out.write("map[");
  for (const [i, [key, value]] of sortedEntries(map).entries()) {
    if (i > 0) out.write(" ");
    print(out, fromData(key));
    out.write(":");
    print(out, fromData(value));
  }
  out.write("]");
}

export function sortedEntries(map: RegoObject): readonly (readonly [key: Value, value: Value])[] {
  return entriesOf(map).toSorted(([a], [b]) => total(a, b));
}
