import type { JsonObject, JsonValue } from "./json.ts";
import { isJsonArray, isRawJson } from "./raw-json.ts";

/**
 * Compact JSON with the keys of every object in order of their UTF-8 bytes: one text for equal values, whatever order they
 * were written in. Integers kept as text stay as they are. Recurses: for values within the depth that intake lets pass.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isJsonArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (isRawJson(value)) return value.rawJSON;
  return canonicalObject(value);
}

function canonicalObject(object: JsonObject): string {
  let text = "";
  for (const key of sortedKeys(object)) {
    text += `${text === "" ? "{" : ","}${JSON.stringify(key)}:${canonicalJson(object[key] as JsonValue)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}

function sortedKeys(object: JsonObject): readonly string[] {
  const keys = Object.keys(object).sort();
  // UTF-16 units and UTF-8 bytes order differently only where one key has a surrogate.
  return surrogate.test(keys.join("")) ? keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))) : keys;
}

const surrogate = /[\ud800-\udfff]/;
