import { BuiltinFault, LimitFault, compareText, entriesOf, maxTextLength, mismatch } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { formatGo } from "./go-format.ts";
import type { FormatArgument } from "./go-format.ts";
import { renderTemplate } from "./go-template.ts";
import { numberIn, wholeOf } from "./number.ts";
import type { Num } from "./number.ts";
import {
  array,
  boolType,
  engineFunction,
  index,
  listType,
  number,
  numberType,
  object,
  regoFunction,
  text,
  texts,
  textType,
} from "./rego-function.ts";
import type { Parameter, RegoFunction, RegoObject } from "./rego-function.ts";
import { regoText, tooLongText } from "./rego-text.ts";
import { placesOf } from "./sequence-search.ts";
import { TextBuilder } from "./text-builder.ts";

const oneOrMoreTexts: Parameter<readonly string[]> = {
  types: ["string", "list", "set"],
  read: (value) => (typeof value === "string" ? [value] : texts.read(value)),
};

/** Places in a text are counted in code points. */
export const stringFunctions: readonly RegoFunction[] = [
  engineFunction("contains", "contains", [text, text], boolType),
  engineFunction("startswith", "startsWith", [text, text], boolType),
  engineFunction("endswith", "endsWith", [text, text], boolType),
  engineFunction("lower", "lower", [text], textType),
  engineFunction("upper", "upper", [text], textType),
  engineFunction("replace", "replace", [text, text, text], textType),
  engineFunction("split", "split", [text, text], listType),
  engineFunction("strings.split_n", "split", [text, text, number], listType),
  engineFunction("trim_space", "trim", [text], textType),

  regoFunction("concat", [text, texts], textType, concatenated),
  regoFunction("format_int", [number, index], textType, formatInt),
  regoFunction("indexof", [text, text], numberType, (whole, part) =>
    found(whole, part, (places) => places.next().value ?? -1),
  ),
  regoFunction("indexof_n", [text, text], listType, (whole, part) => found(whole, part, (places) => [...places])),
  regoFunction("sprintf", [text, array], textType, sprintf),
  regoFunction("strings.any_prefix_match", [oneOrMoreTexts, oneOrMoreTexts], boolType, anyPrefix),
  regoFunction("strings.any_suffix_match", [oneOrMoreTexts, oneOrMoreTexts], boolType, (whole, ends) =>
    anyPrefix(whole.map(reversed), ends.map(reversed)),
  ),
  regoFunction("strings.count", [text, text], numberType, (whole, part) => countOf(whole, part)),
  regoFunction("strings.render_template", [text, object], textType, rendered, { steps: 1_000 }),
  regoFunction("strings.replace_n", [object, text], textType, (patterns, whole) =>
    replaceAny(entriesOf(patterns), whole),
  ),
  regoFunction("strings.reverse", [text], textType, (whole) => Array.from(whole).toReversed().join("")),
  regoFunction("substring", [text, index, index], textType, substring),
  regoFunction("trim", [text, text], textType, (whole, cutset) => trimmed(whole, cutset, true, true)),
  regoFunction("trim_left", [text, text], textType, (whole, cutset) => trimmed(whole, cutset, true, false)),
  regoFunction("trim_right", [text, text], textType, (whole, cutset) => trimmed(whole, cutset, false, true)),
  regoFunction("trim_prefix", [text, text], textType, (whole, prefix) =>
    whole.startsWith(prefix) ? whole.slice(prefix.length) : whole,
  ),
  regoFunction("trim_suffix", [text, text], textType, (whole, suffix) =>
    suffix !== "" && whole.endsWith(suffix) ? whole.slice(0, -suffix.length) : whole,
  ),
];

function concatenated(delimiter: string, parts: readonly string[]): BuiltinResult {
  const length = parts.reduce((sum, part) => sum + part.length + delimiter.length, 0);
  return length - delimiter.length > maxTextLength ? tooLongText : parts.join(delimiter);
}

/** Cut towards zero. */
function formatInt(num: Num, base: number): BuiltinResult {
  if (![2, 8, 10, 16].includes(base)) return mismatch;
  const whole = typeof num === "bigint" ? num : wholeOf(Math.trunc(num));
  return whole === undefined ? mismatch : whole.toString(base);
}

function found(whole: string, part: string, pick: (places: Generator<number>) => BuiltinResult): BuiltinResult {
  if (part === "") return new BuiltinFault("an empty text to look for");
  return pick(placesOf(Array.from(part), Array.from(whole)));
}

function sprintf(format: string, values: readonly Value[]): BuiltinResult {
  const args: FormatArgument[] = [];
  for (const value of values) {
    const arg = formatArgument(value);
    if (arg === undefined) return tooLongText;
    args.push(arg);
  }
  return formatGo(format, args) ?? tooLongText;
}

/** Only texts and numbers are themselves to a format; all else is the text that Rego writes. */
function formatArgument(value: Value): FormatArgument | undefined {
  if (typeof value === "string") return value;
  const num = numberIn(value);
  if (num === undefined) return regoText(value);
  const whole = wholeOf(num);
  if (whole === undefined) return { kind: "float", value: Number(num) };
  if (!Number.isFinite(Number(whole))) return exponentText(whole);
  return { kind: BigInt.asIntN(64, whole) === whole ? "int" : "big", value: whole };
}

/** Beyond all doubles a number is written with an exponent, if only for its length, and OPA prints it as it is written. */
function exponentText(value: bigint): string {
  const [, sign = "", first = "", rest = ""] = /^(-?)(\d)(\d*)$/.exec(value.toString()) ?? [];
  const fraction = rest.replace(/0+$/, "");
  return `${sign}${first}${fraction === "" ? "" : `.${fraction}`}e${rest.length}`;
}

/** Of the texts in order, those that begin so come right where the beginning itself would stand. */
function anyPrefix(whole: readonly string[], starts: readonly string[]): boolean {
  const inOrder = whole.toSorted(byUnits);
  return starts.some((start) => {
    let low = 0;
    let high = inOrder.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (inOrder[middle]! < start) low = middle + 1;
      else high = middle;
    }
    return inOrder[low]?.startsWith(start) === true;
  });
}

function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function reversed(value: string): string {
  return value.split("").toReversed().join("");
}

/** How often it stands there without overlaps; the empty text around every character. */
function countOf(whole: string, part: string): number {
  return part === "" ? Array.from(whole).length + 1 : whole.split(part).length - 1;
}

const tooManyPatterns = new LimitFault("too many patterns for so long a text");
const maxReplaceWork = 10_000_000;

/** At each place the first pattern in order that stands there, from left to right. */
function replaceAny(entries: readonly (readonly [pattern: Value, by: Value])[], whole: string): BuiltinResult {
  const byStart = new Map<string, (readonly [pattern: string, by: string])[]>();
  for (const [pattern, by] of entries) {
    if (typeof pattern !== "string" || typeof by !== "string") return mismatch;
    const start = pattern.charAt(0);
    const patterns = byStart.get(start) ?? [];
    patterns.push([pattern, by]);
    byStart.set(start, patterns);
  }
  for (const patterns of byStart.values()) patterns.sort(([a], [b]) => compareText(a, b));
  const ofNothing = byStart.get("")?.[0]?.[1];
  const out = new TextBuilder();
  let work = maxReplaceWork;
  for (let at = 0; at <= whole.length && !out.isFull;) {
    // The empty pattern comes first, and stands before every character that no other has replaced.
    if (ofNothing !== undefined) out.write(ofNothing);
    const candidates = byStart.get(whole.charAt(at)) ?? [];
    work -= candidates.length + 1;
    if (work < 0) return tooManyPatterns;
    const match = at < whole.length ? candidates.find(([pattern]) => whole.startsWith(pattern, at)) : undefined;
    out.write(match?.[1] ?? whole.charAt(at));
    at += match?.[0].length ?? 1;
  }
  return out.finish() ?? tooLongText;
}

function rendered(template: string, data: RegoObject): BuiltinResult {
  const result = renderTemplate(template, data);
  if (typeof result !== "string") return result.text;
  if (result === "tooMuch") return tooLongText;
  return new BuiltinFault(
    result === "noTemplate" ? "text that is no template" : "a template that lacks a value it needs",
  );
}

function substring(whole: string, from: number, length: number): BuiltinResult {
  if (from < 0) return new BuiltinFault("a negative offset");
  return Array.from(whole)
    .slice(from, length < 0 ? undefined : from + length)
    .join("");
}

function trimmed(whole: string, cutset: string, left: boolean, right: boolean): string {
  const cut = new Set(cutset);
  const points = Array.from(whole);
  let start = 0;
  let end = points.length;
  while (left && start < end && cut.has(points[start]!)) start++;
  while (right && end > start && cut.has(points[end - 1]!)) end--;
  return points.slice(start, end).join("");
}
