import {
  Duration,
  fromJson,
  isList,
  isMap,
  KeyedMap,
  numberOf,
  Optional,
  Timestamp,
  TypeValue,
  ValueSet,
} from "./value.ts";
import type { Value, ValueMap } from "./value.ts";

/**
 * A text that is the same for values that are equal, and for no others: numbers by what they are worth, lists, maps and
 * sets deep. It is the key under which maps and sets hold a value.
 */
export function identityOf(value: Value): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "number":
      return Number.isInteger(value) ? integerIdentity(value) : String(value);
    case "bigint":
      return value.toString();
    default:
      return value === null ? "null" : objectIdentity(value);
  }
}

/** `-0` is 0, and a double beyond the safe integers has the digits of the integer that it is. */
function integerIdentity(value: number): string {
  return Number.isSafeInteger(value) ? String(value + 0) : BigInt(value).toString();
}

function objectIdentity(value: Exclude<Value, null | boolean | number | bigint | string>): string {
  const json = fromJson(value);
  const number = numberOf(json);
  if (number !== undefined) return identityOf(number);
  if (value instanceof Duration) return `duration ${value.nanoseconds}`;
  if (value instanceof Timestamp) return `timestamp ${value.nanoseconds}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("base64")}`;
  if (value instanceof TypeValue) return `type ${value.name}`;
  if (value instanceof Optional) return value.value === undefined ? "none" : `of ${identityOf(value.value)}`;
  if (value instanceof ValueSet) return `<${[...value.items.keys()].toSorted().join()}>`;
  if (isList(value)) return `[${value.map(identityOf).join()}]`;
  const entries = entriesOf(value as ValueMap | KeyedMap);
  const parts = entries.map(([key, item]) => `${identityOf(key)}:${identityOf(item)}`);
  return `{${parts.toSorted().join()}}`;
}

/** Is it a map, whatever its keys are? */
export function isAnyMap(value: Value): value is ValueMap | KeyedMap {
  return value instanceof KeyedMap || isMap(value);
}

/** The entries of a map, in order. */
export function entriesOf(map: ValueMap | KeyedMap): readonly (readonly [key: Value, value: Value])[] {
  if (map instanceof KeyedMap) return [...map.entries.values()];
  return Object.entries(map).map(([key, value]) => [key, fromJson(value)]);
}

/** The value under a key; `undefined` where there is none. */
export function valueAt(map: ValueMap | KeyedMap, key: Value): Value | undefined {
  if (map instanceof KeyedMap) return map.entries.get(identityOf(key))?.[1];
  return typeof key === "string" && Object.hasOwn(map, key) ? fromJson(map[key]!) : undefined;
}

/** The element at a place of a list, the value under a key of a map, the element of a set; `undefined`: there is none. */
export function entryAt(whole: Value, place: Value): Value | undefined {
  if (typeof whole !== "object" || whole === null) return undefined;
  if (isAnyMap(whole)) return valueAt(whole, place);
  if (whole instanceof ValueSet) return whole.items.get(identityOf(place));
  if (!isList(whole)) return undefined;
  const index = numberOf(place);
  const item = index === undefined ? undefined : whole[Number(index)];
  return item === undefined ? undefined : fromJson(item);
}

export const none = new Optional(undefined);

/** The same as an optional; `undefined` where there is nothing to look it up in. */
export function optionalEntry(whole: Value, place: Value): Optional | undefined {
  const found = entryAt(whole, place);
  if (found !== undefined) return new Optional(found);
  return typeof whole === "object" && whole !== null && (isList(whole) || isAnyMap(whole)) ? none : undefined;
}

/** A map of these entries, a plain one where every key is text; `undefined` where two keys are equal. */
export function mapOf(entries: Iterable<readonly [key: Value, value: Value]>): ValueMap | KeyedMap | undefined {
  const byKey = new Map<string, readonly [Value, Value]>();
  let plain = true;
  for (const entry of entries) {
    const identity = identityOf(entry[0]);
    if (byKey.has(identity)) return undefined;
    plain &&= typeof entry[0] === "string";
    byKey.set(identity, entry);
  }
  if (!plain) return new KeyedMap(byKey);
  return Object.fromEntries(byKey.values()) as ValueMap;
}

export function setOf(values: Iterable<Value>): ValueSet {
  const items = new Map<string, Value>();
  for (const value of values) {
    const identity = identityOf(value);
    if (!items.has(identity)) items.set(identity, value);
  }
  return new ValueSet(items);
}

/** How many values a list, map, set or bytes hold; `undefined` of anything else. */
export function countOf(value: Value): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Uint8Array || isList(value)) return value.length;
  if (value instanceof KeyedMap) return value.entries.size;
  if (value instanceof ValueSet) return value.items.size;
  return isMap(value) && numberOf(fromJson(value)) === undefined ? Object.keys(value).length : undefined;
}
