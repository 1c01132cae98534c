import {
  LimitFault,
  entriesOf,
  fromJson,
  inOrder,
  isAnyMap,
  isList,
  maxTextLength,
  total,
  ValueSet,
} from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { numberIn, numberText } from "./number.ts";
import { TextBuilder } from "./text-builder.ts";

export const tooLongText = new LimitFault(`values whose text is longer than ${maxTextLength} characters`);

/**
 * A value as Rego writes it, `{"a": [1, 2.5], "b": {"x"}}`: texts in quotes, sets and the keys of objects in order.
 * `undefined`: it would be too long.
 */
export function regoText(value: Value): string | undefined {
  const out = new TextBuilder();
  writeValue(out, value);
  return out.finish();
}

function writeValue(out: TextBuilder, value: Value): void {
  if (out.isFull) return;
  if (typeof value === "string") out.write(quoted(value));
  else if (value === null || typeof value === "boolean") out.write(String(value));
  else if (value instanceof ValueSet) writeSet(out, value);
  else if (typeof value === "object" && isList(value)) writeItems(out, value, "[", "]");
  else {
    const num = numberIn(value);
    if (num !== undefined) out.write(numberText(num));
    else if (isAnyMap(value)) writeEntries(out, entriesOf(value));
    else out.write(quoted(typeof value));
  }
}

function writeSet(out: TextBuilder, items: ValueSet): void {
  if (items.items.size === 0) out.write("set()");
  else writeItems(out, inOrder(items), "{", "}");
}

function writeItems(out: TextBuilder, items: readonly Value[], open: string, close: string): void {
  out.write(open);
  for (const [i, item] of items.entries()) {
    if (i > 0) out.write(", ");
    writeValue(out, fromJson(item));
  }
  out.write(close);
}

function writeEntries(out: TextBuilder, entries: readonly (readonly [key: Value, value: Value])[]): void {
  out.write("{");
  for (const [i, [key, value]] of entries.toSorted(([a], [b]) => total(a, b)).entries()) {
    if (i > 0) out.write(", ");
    writeValue(out, key);
    out.write(": ");
    writeValue(out, value);
  }
  out.write("}");
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);

/** What Go takes for printable in a literal; of the spaces only the one of ASCII. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** As a literal of Go, and of Rego; `asciiOnly` escapes everything else. */
export function quoted(text: string, asciiOnly = false): string {
  // Nearly every text is plain, and is told so in one look.
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  const parts = Array.from(text.toWellFormed(), (char) => escapes.get(char) ?? escapedRune(char, asciiOnly));
  return `"${parts.join("")}"`;
}

/** A character as it may stand in a literal. */
export function escapedRune(char: string, asciiOnly: boolean): string {
  const code = char.codePointAt(0)!;
  if (asciiOnly ? code >= 0x20 && code < 0x7f : printable.test(char)) return char;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
