import { isList } from "../values/value.ts";
import type { Value } from "../values/value.ts";
import { maxTextLength } from "../values/weight.ts";
import { BuiltinFault, LimitFault, mismatch } from "./builtin.ts";
import type { Builtin, BuiltinResult } from "./builtin.ts";
import { define } from "./define.ts";
import { formatText } from "./format-text.ts";

/** CEL's extension `strings`; places are counted in code points. */
export const stringBuiltins: readonly Builtin[] = [
  define("charAt", 2, "string", (text = null, at = null) => {
    if (typeof text !== "string" || typeof at !== "number") return mismatch;
    const points = Array.from(text);
    return at < 0 || at > points.length ? outside : (points[at] ?? "");
  }),
  define("indexOf", [2, 3], "int", (text = null, part = null, from = 0) => indexOf(text, part, from)),
  define("lastIndexOf", [2, 3], "int", (text = null, part = null, from) => lastIndexOf(text, part, from)),
  define("lowerAscii", 1, "string", (text = null) =>
    typeof text === "string" ? text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()) : mismatch,
  ),
  define("upperAscii", 1, "string", (text = null) =>
    typeof text === "string" ? text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase()) : mismatch,
  ),
  define("substring", [2, 3], "string", (text = null, from = null, to) => substring(text, from, to)),
  define("replace", [3, 4], "string", (text = null, part = null, by = null, limit = -1) =>
    replace(text, part, by, limit),
  ),
  define("split", [2, 3], "list", (text = null, separator = null, limit = -1) => split(text, separator, limit)),
  define("join", [1, 2], "string", (list = null, separator = "") => join(list, separator)),
  define("quote", 1, "string", (text = null) => (typeof text === "string" ? quote(text) : mismatch)),
  define("format", 2, "string", (format = null, values = null) => {
    if (typeof format !== "string" || typeof values !== "object" || values === null || !isList(values)) return mismatch;
    return formatText(format, values);
  }),
];

const outside = new BuiltinFault("a place that is not in the text");
const tooLong = new LimitFault(`texts that make one longer than ${maxTextLength} characters`);

function indexOf(text: Value, part: Value, from: Value): BuiltinResult {
  if (typeof text !== "string" || typeof part !== "string" || typeof from !== "number") return mismatch;
  const points = Array.from(text);
  if (from < 0 || from > points.length) return outside;
  const found = points.slice(from).join("").indexOf(part);
  return found === -1 ? -1 : from + Array.from(points.slice(from).join("").slice(0, found)).length;
}

function lastIndexOf(text: Value, part: Value, from: Value | undefined): BuiltinResult {
  if (typeof text !== "string" || typeof part !== "string") return mismatch;
  const points = Array.from(text);
  const last = from ?? points.length;
  if (typeof last !== "number") return mismatch;
  if (last < 0 || (from !== undefined && last >= points.length && !(last === 0 || part === ""))) return outside;
  if (last > points.length) return outside;
  const found = text.lastIndexOf(part, points.slice(0, last).join("").length);
  return found === -1 ? -1 : Array.from(text.slice(0, found)).length;
}

function substring(text: Value, from: Value, to: Value | undefined): BuiltinResult {
  if (typeof text !== "string" || typeof from !== "number") return mismatch;
  const points = Array.from(text);
  const end = to ?? points.length;
  if (typeof end !== "number") return mismatch;
  return from < 0 || from > end || end > points.length ? outside : points.slice(from, end).join("");
}

/** At most `limit` times, as often as possible where it is negative. */
function replace(text: Value, part: Value, by: Value, limit: Value): BuiltinResult {
  if (typeof text !== "string" || typeof part !== "string" || typeof by !== "string" || typeof limit !== "number") {
    return mismatch;
  }
  const pieces = cutText(text, part, limit < 0 ? Number.POSITIVE_INFINITY : limit);
  const length = text.length + (pieces.length - 1) * (by.length - part.length);
  return length > maxTextLength ? tooLong : pieces.join(by);
}

/** A text cut at the first `cuts` places where the separator stands; an empty one stands between all code points, and around them. */
function cutText(text: string, separator: string, cuts: number): readonly string[] {
  if (separator === "") {
    const points = ["", ...Array.from(text), ""];
    return points.length - 1 <= cuts ? points : [...points.slice(0, cuts), points.slice(cuts).join("")];
  }
  const pieces: string[] = [];
  let at = 0;
  while (pieces.length < cuts) {
    const found = text.indexOf(separator, at);
    if (found === -1) break;
    pieces.push(text.slice(at, found));
    at = found + separator.length;
  }
  return [...pieces, text.slice(at)];
}

/** Into at most `limit` parts, as many as there are where it is negative. */
function split(text: Value, separator: Value, limit: Value): BuiltinResult {
  if (typeof text !== "string" || typeof separator !== "string" || typeof limit !== "number") return mismatch;
  if (limit === 0) return [];
  const most = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  if (separator !== "") return cutText(text, separator, most - 1);
  const points = Array.from(text);
  return points.length <= most ? points : [...points.slice(0, most - 1), points.slice(most - 1).join("")];
}

function join(list: Value, separator: Value): BuiltinResult {
  if (typeof list !== "object" || list === null || !isList(list) || typeof separator !== "string") return mismatch;
  if (!list.every((item) => typeof item === "string")) return mismatch;
  const length = list.reduce((sum, item) => sum + item.length + separator.length, 0);
  return length > maxTextLength ? tooLong : list.join(separator);
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

/** As a literal; what is no Unicode becomes U+FFFD. */
function quote(text: string): string {
  return `"${Array.from(text.toWellFormed())
    .map((char) => escapes.get(char) ?? char)
    .join("")}"`;
}
