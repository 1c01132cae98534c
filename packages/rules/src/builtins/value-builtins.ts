import { textOf } from "../values/text.ts";
import { countOf } from "../values/keyed.ts";
import { doubleOf, Duration, intOf, numberOf, Timestamp, typeOf, Uint } from "../values/value.ts";
import { isInRange, parseSignedDuration, parseTimestamp } from "../values/time-text.ts";
import type { Value, ValueType } from "../values/value.ts";
import { BuiltinFault, mismatch } from "./builtin.ts";
import type { Builtin, BuiltinResult } from "./builtin.ts";

export const valueBuiltins: readonly Builtin[] = [
  of("size", "int", size),
  of("text", "string", (value) => (value === null ? mismatch : textOf(value))),
  of("int", "int", toInt),
  of("double", "double", toDouble),
  of("duration", "duration", toDuration),
  of("timestamp", "timestamp", toTimestamp),
];

function of(name: string, returns: ValueType, run: (value: Value) => BuiltinResult): Builtin {
  return { name, arity: 1, predicate: false, steps: 0, returns, run: (value = null) => run(value) };
}

/** Of a text in code points, of bytes, a list or a map in elements. */
function size(value: Value): BuiltinResult {
  if (typeof value === "string") {
    // Nearly no text has any, and that is told without looking at each character.
    if (!/[\uD800-\uDFFF]/.test(value)) return value.length;
    let pairs = 0;
    for (let i = 0; i < value.length; i++) if (value.codePointAt(i)! > 0xffff) pairs++;
    return value.length - pairs;
  }
  return countOf(value) ?? mismatch;
}

/** From a number, cut towards zero, from decimal digits, or the seconds from the epoch to an instant. */
function toInt(value: Value): BuiltinResult {
  if (typeof value === "string") {
    return /^[+-]?\d{1,19}$/.test(value) ? int64(BigInt(value)) : new BuiltinFault("text that is no whole number");
  }
  if (value instanceof Uint || typeof value === "bigint") return int64(BigInt(numberOf(value)!));
  if (value instanceof Timestamp) return int64(value.nanoseconds / 1_000_000_000n);
  const number = numberOf(value);
  if (typeof number !== "number") return mismatch;
  // Of a double the ends of the range count as beyond it: they stand for what was rounded to them.
  return Math.abs(number) < 2 ** 63 ? int64(BigInt(Math.trunc(number))) : new BuiltinFault("a number beyond 64 bits");
}

export function int64(value: bigint): BuiltinResult {
  return BigInt.asIntN(64, value) === value ? intOf(value) : new BuiltinFault("a number beyond 64 bits");
}

function toDouble(value: Value): BuiltinResult {
  if (typeof value === "string") {
    const number = value.trim() === "" ? Number.NaN : Number(value);
    if (value === "NaN") return number;
    return Number.isNaN(number) ? new BuiltinFault("text that is no number") : doubleOf(number);
  }
  const number = numberOf(value);
  return number === undefined ? mismatch : doubleOf(Number(number));
}

function toDuration(value: Value): BuiltinResult {
  if (value instanceof Duration) return value;
  if (typeof value !== "string") return mismatch;
  return parseSignedDuration(value) ?? new BuiltinFault("text that is no duration");
}

/** From RFC 3339, or from seconds since the epoch. */
function toTimestamp(value: Value): BuiltinResult {
  if (value instanceof Timestamp) return value;
  if (typeof value === "string") return parseTimestamp(value) ?? new BuiltinFault("text that is no RFC 3339 instant");
  if (typeOf(value) !== "int") return mismatch;
  const timestamp = new Timestamp(BigInt(value as number | bigint) * 1_000_000_000n);
  return isInRange(timestamp) ? timestamp : new BuiltinFault("a time outside of the years 1 to 9999");
}
