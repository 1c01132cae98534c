import { countOf, entriesOf, isAnyMap, mapOf, none, optionalEntry } from "../values/keyed.ts";
import { Duration, fromJson, isList, numberOf, Optional, Timestamp } from "../values/value.ts";
import type { Value } from "../values/value.ts";
import { BuiltinFault, mismatch } from "./builtin.ts";
import type { Builtin, BuiltinResult } from "./builtin.ts";
import { define } from "./define.ts";

/** CEL's optionals, and what its literals with optional parts are made with. */
export const optionalBuiltins: readonly Builtin[] = [
  define("optionalOf", 1, "optional", (value = null) => new Optional(value)),
  define("optionalNone", 0, "optional", () => none),
  define("optionalOfNonZero", 1, "optional", (value = null) => (isZero(value) ? none : new Optional(value))),
  define("hasValue", 1, "bool", (value = null) => (value instanceof Optional ? value.value !== undefined : mismatch)),
  define("optionalValue", 1, undefined, (value = null) => {
    if (!(value instanceof Optional)) return mismatch;
    return value.value ?? (value.value === null ? null : new BuiltinFault("an optional that is none"));
  }),
  define("optionalAt", 2, "optional", (whole = null, place = null) => optionalAt(whole, place)),
  /** The value of an optional in a list, which is empty of none. */
  define("optionalItems", 1, "list", (value = null) =>
    value instanceof Optional ? (value.value === undefined ? [] : [value.value]) : mismatch,
  ),
  /** The map of one key and the value of an optional, empty of none. */
  define("optionalPair", 2, "map", (key = null, value = null) => {
    if (!(value instanceof Optional)) return mismatch;
    return mapOf(value.value === undefined ? [] : [[key, value.value]]) ?? mismatch;
  }),
  define("mapUnion", 2, "map", (a = null, b = null) => {
    if (!isAnyMap(a) || !isAnyMap(b)) return mismatch;
    return mapOf([...entriesOf(a), ...entriesOf(b)]) ?? new BuiltinFault("two values under one key");
  }),
  /** The values of the optionals of a list that have one. */
  define("unwrapOptionals", 1, "list", (list = null) => {
    if (typeof list !== "object" || list === null || !isList(list)) return mismatch;
    const values: Value[] = [];
    for (const item of list) {
      if (!(item instanceof Optional)) return mismatch;
      if (item.value !== undefined) values.push(item.value);
    }
    return values;
  }),
];

function optionalAt(whole: Value, place: Value): BuiltinResult {
  if (!(whole instanceof Optional)) return optionalEntry(whole, place) ?? mismatch;
  return whole.value === undefined ? none : (optionalEntry(whole.value, place) ?? mismatch);
}

/** Null, false, 0, an empty text, list or map, the epoch, no time at all. */
function isZero(value: Value): boolean {
  if (value === null || value === false || value === "") return true;
  const number = numberOf(fromJson(value));
  if (number !== undefined) return Number(number) === 0;
  if (value instanceof Duration || value instanceof Timestamp) return value.nanoseconds === 0n;
  if (value instanceof Optional) return value.value === undefined;
  return countOf(value) === 0;
}
