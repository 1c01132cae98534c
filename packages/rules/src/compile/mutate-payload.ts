import { isJsonObject } from "@acteon/core";
import type { JsonObject, JsonValue } from "@acteon/core";

/** RFC 7396. */
export function mergePatch(target: JsonValue, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const merged = entriesOf(isJsonObject(target) ? target : {});
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key) ?? null, value));
  }
  return Object.fromEntries(merged);
}

/** Makes the maps that are missing on the way; `undefined` where the path goes through something that is no map. */
export function setPath(target: JsonValue, [key, ...rest]: readonly string[], value: JsonValue): JsonValue | undefined {
  if (key === undefined) return value;
  if (!isJsonObject(target)) return undefined;
  const there = ownValue(target, key);
  const below = setPath(there === undefined ? {} : there, rest, value);
  return below === undefined ? undefined : Object.fromEntries(entriesOf(target).set(key, below));
}

/** As it is where nothing is there. */
export function removePath(target: JsonValue, [key, ...rest]: readonly string[]): JsonValue {
  if (key === undefined || !isJsonObject(target) || !Object.hasOwn(target, key)) return target;
  const entries = entriesOf(target);
  if (rest.length === 0) entries.delete(key);
  else entries.set(key, removePath(target[key]!, rest));
  return Object.fromEntries(entries);
}

/** As it is where nothing is there; `undefined` where the new path goes through something that is no map. */
export function renamePath(target: JsonValue, path: readonly string[], to: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = target;
  for (const key of path) value = value !== undefined && isJsonObject(value) ? ownValue(value, key) : undefined;
  return value === undefined ? target : setPath(removePath(target, path), to, value);
}

function ownValue(map: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** Own properties; written back by `Object.fromEntries`, which makes own properties of any name (guarantees S8). */
function entriesOf(map: JsonObject): Map<string, JsonValue> {
  return new Map(Object.entries(map));
}
