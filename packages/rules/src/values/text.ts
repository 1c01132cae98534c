import { formatDuration } from "@acteon/core";
import type { JsonValue } from "@acteon/core";
import { entriesOf } from "./keyed.ts";
import { inOrder } from "./order.ts";
import { Double, Duration, isList, KeyedMap, Optional, Timestamp, TypeValue, Uint, ValueSet } from "./value.ts";
import type { Value, ValueMap } from "./value.ts";

/** A value as text, for templates and keys: numbers in digits, lists and maps as compact JSON. */
export function textOf(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return value.toString();
  const json = toJson(value);
  return typeof json === "string" ? json : JSON.stringify(json);
}

/**
 * A value as JSON, for payloads and parameters: durations and instants as text, bytes in base64, an int beyond 2^53 digit
 * for digit, sets as lists in Rego's order, keys as text. A double that JSON cannot say is null.
 */
export function toJson(value: Value): JsonValue {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : JSON.rawJSON(value.toString());
    case "object":
      return value === null ? null : objectToJson(value);
    default:
      return value;
  }
}

function objectToJson(value: Exclude<Value, null | boolean | number | bigint | string>): JsonValue {
  if (value instanceof Double || value instanceof Uint) return toJson(value.value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Optional) return value.value === undefined ? null : toJson(value.value);
  if (value instanceof TypeValue) return value.name;
  if (value instanceof ValueSet) return inOrder(value).map(toJson);
  if (value instanceof KeyedMap) {
    return Object.fromEntries(entriesOf(value).map(([key, item]) => [textOf(key), toJson(item)]));
  }
  if (JSON.isRawJSON(value)) return value;
  if (isList(value)) return value.map(toJson);
  return mapToJson(value);
}

/** As people write it, in milliseconds; beyond what can be counted so in seconds. */
export function durationText({ ms, nanoseconds }: Duration): string {
  if (!Number.isSafeInteger(ms)) return `${nanoseconds / 1_000_000_000n}s`;
  return ms < 0 ? `-${formatDuration(-ms)}` : formatDuration(ms);
}

/** RFC 3339; beyond the years that dates have, nanoseconds since the epoch. */
export function timestampText({ epochMs, nanoseconds }: Timestamp): string {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? nanoseconds.toString() : date.toISOString();
}

function mapToJson(value: ValueMap): JsonValue {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}
