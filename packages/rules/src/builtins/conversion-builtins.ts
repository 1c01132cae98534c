import { instantText, secondsText } from "../values/time-text.ts";
import { Duration, numberOf, Optional, Timestamp, TypeValue, typeOf, Uint } from "../values/value.ts";
import type { Value } from "../values/value.ts";
import { BuiltinFault, mismatch } from "./builtin.ts";
import type { Builtin, BuiltinResult } from "./builtin.ts";
import { define } from "./define.ts";

/** Conversions that CEL has, besides `int`, `double`, `duration` and `timestamp`, and `type`. */
export const conversionBuiltins: readonly Builtin[] = [
  define("string", 1, "string", (value = null) => toText(value)),
  define("uint", 1, "uint", (value = null) => toUint(value)),
  define("bool", 1, "bool", (value = null) => toBool(value)),
  define("bytes", 1, "bytes", (value = null) => toBytes(value)),
  define("type", 1, "type", (value = null) => new TypeValue(typeName(value))),
  define("base64Encode", 1, "string", (value = null) => encode(value)),
  define("base64Decode", 1, "bytes", (value = null) => decode(value)),
];

function toText(value: Value): BuiltinResult {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  const number = numberOf(value);
  if (number !== undefined) return String(number);
  if (value instanceof Duration) return secondsText(value);
  if (value instanceof Timestamp) return instantText(value);
  if (value instanceof Uint8Array) return utf8(value) ?? new BuiltinFault("bytes that are no UTF-8");
  return mismatch;
}

/** `undefined`: they are none. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function toUint(value: Value): BuiltinResult {
  if (value instanceof Uint) return value;
  if (typeof value === "string") {
    return /^\d{1,20}$/.test(value) ? uint64(BigInt(value)) : new BuiltinFault("text that is no whole number");
  }
  const number = numberOf(value);
  if (number === undefined) return mismatch;
  if (typeof number === "number" && !Number.isFinite(number)) return new BuiltinFault("a number beyond 64 bits");
  return uint64(typeof number === "number" ? BigInt(Math.trunc(number)) : number);
}

function uint64(value: bigint): BuiltinResult {
  return BigInt.asUintN(64, value) === value ? new Uint(value) : new BuiltinFault("a number beyond 64 bits");
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "true", "TRUE", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((text) => [text, false] as const),
]);

function toBool(value: Value): BuiltinResult {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return mismatch;
  return truths.get(value) ?? new BuiltinFault("text that is neither true nor false");
}

function toBytes(value: Value): BuiltinResult {
  if (value instanceof Uint8Array) return value;
  return typeof value === "string" ? new Uint8Array(Buffer.from(value)) : mismatch;
}

/** The name that CEL has for the type of a value. */
export function typeName(value: Value): string {
  if (value === null) return "null_type";
  if (value instanceof Duration) return "google.protobuf.Duration";
  if (value instanceof Timestamp) return "google.protobuf.Timestamp";
  if (value instanceof Optional) return "optional_type";
  return typeOf(value);
}

function encode(value: Value): BuiltinResult {
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : mismatch;
}

function decode(value: Value): BuiltinResult {
  if (typeof value !== "string") return mismatch;
  if (!/^[A-Za-z\d+/]*={0,2}$/.test(value)) return new BuiltinFault("text that is no base64");
  return new Uint8Array(Buffer.from(value, "base64"));
}
