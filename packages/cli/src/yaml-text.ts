import type { JsonValue } from "@acteon/core";
import { isJsonArray, isJsonObject, isRawJson, parseJsonText } from "@acteon/core";
import { stringify } from "yaml";

/** The same data that JSON shows, as YAML; integers keep their digits. */
export function yamlText(value: unknown): string {
  return stringify(withBigInts(parseJsonText(JSON.stringify(value))), { lineWidth: 0 });
}

function withBigInts(value: JsonValue): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isJsonArray(value)) return value.map(withBigInts);
  if (!isJsonObject(value)) return isRawJson(value) ? BigInt(value.rawJSON) : value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withBigInts(part)]));
}
