import { compute, isFault } from "../values/arithmetic.ts";
import { orderOf } from "../values/order.ts";
import { isInRange, parseSignedDuration, parseTimestamp } from "../values/time-text.ts";
import { doubleOf, Duration, fromJson, isList, numberOf, Timestamp, ValueSet } from "../values/value.ts";
import type { Value } from "../values/value.ts";
import { BuiltinFault, mismatch } from "./builtin.ts";
import type { Builtin, BuiltinResult } from "./builtin.ts";
import { define } from "./define.ts";
import { soundex } from "./soundex.ts";

/** What `from`, `accumulate`, `soundslike` and the temporal operators of DRL are made of. */
export const drlBuiltins: readonly Builtin[] = [
  /** What `from` goes through: the elements of a list, of anything else it alone, of null nothing. */
  define("elementsOf", 1, "list", (value = null) => (value === null ? [] : (itemsOf(value) ?? [value]))),
  define("sumOf", 1, undefined, (list = null) => sum(list)),
  define("averageOf", 1, undefined, (list = null) => {
    const numbers = presentItemsOf(list)?.map(numberOf);
    if (!numbers?.every((number) => number !== undefined)) return mismatch;
    if (numbers.length === 0) return null;
    return doubleOf(numbers.reduce<number>((sum, number) => sum + Number(number), 0) / numbers.length);
  }),
  define("minOf", 1, undefined, (list = null) => extreme(list, -1)),
  define("maxOf", 1, undefined, (list = null) => extreme(list, 1)),
  {
    ...define("soundsLike", 2, "bool", (a = null, b = null) => {
      return typeof a === "string" && typeof b === "string" ? soundex(a) === soundex(b) : mismatch;
    }),
    predicate: true,
  },
  /** The time from one instant to another, negative where the other is earlier. */
  define("elapsed", 2, "duration", (from = null, to = null) => {
    const start = instantOf(from);
    const end = instantOf(to);
    if (!(start instanceof Timestamp)) return start;
    if (!(end instanceof Timestamp)) return end;
    return inRange(new Duration(end.nanoseconds - start.nanoseconds));
  }),
  /** The end of what begins at an instant and takes so long, in milliseconds where it is a number. */
  define("endOf", 2, "timestamp", (from = null, length = null) => {
    const start = instantOf(from);
    const duration = durationOf(length);
    if (!(start instanceof Timestamp)) return start;
    if (!(duration instanceof Duration)) return duration;
    return inRange(new Timestamp(start.nanoseconds + duration.nanoseconds));
  }),
];

function itemsOf(value: Value): readonly Value[] | undefined {
  if (value instanceof ValueSet) return [...value.items.values()];
  return typeof value === "object" && value !== null && isList(value) ? value.map((item) => fromJson(item)) : undefined;
}

/** Null counts for nothing. */
function presentItemsOf(list: Value): readonly Value[] | undefined {
  return itemsOf(list)?.filter((item) => item !== null);
}

/** Exact between whole numbers. */
function sum(list: Value): BuiltinResult {
  const items = presentItemsOf(list);
  if (items === undefined) return mismatch;
  let total: Value = 0;
  for (const item of items) {
    if (numberOf(item) === undefined) return mismatch;
    const next = compute("add", total, item, "drl");
    if (isFault(next)) return new BuiltinFault("numbers whose sum is beyond 64 bits");
    total = next.value;
  }
  return total;
}

const order = orderOf("drl");

/** Of equals the first; of nothing null. */
function extreme(list: Value, direction: 1 | -1): BuiltinResult {
  const items = presentItemsOf(list);
  if (items === undefined) return mismatch;
  let best: Value = null;
  for (const item of items) {
    const difference = best === null ? direction : order(item, best);
    if (difference === undefined) return mismatch;
    if (difference * direction > 0) best = item;
  }
  return best;
}

/** An instant, RFC 3339, or milliseconds since the epoch. */
function instantOf(value: Value): Timestamp | BuiltinFault | typeof mismatch {
  if (value instanceof Timestamp) return value;
  if (typeof value === "string") return parseTimestamp(value) ?? new BuiltinFault("text that is no RFC 3339 instant");
  return Number.isSafeInteger(value) ? Timestamp.ofMs(value as number) : mismatch;
}

function durationOf(value: Value): Duration | BuiltinFault | typeof mismatch {
  if (value instanceof Duration) return value;
  if (typeof value === "string") return parseSignedDuration(value) ?? new BuiltinFault("text that is no duration");
  const number = numberOf(value);
  return number === undefined ? mismatch : Duration.ofMs(Number(number));
}

function inRange(value: Duration | Timestamp): BuiltinResult {
  return isInRange(value) ? value : new BuiltinFault("a time outside of the years 1 to 9999");
}
