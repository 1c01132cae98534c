import type { JsonObject, JsonValue, RawJson } from "./json.ts";

declare global {
  /** In every supported Node; not yet in the standard library of TypeScript. */
  interface JSON {
    rawJSON(text: string): RawJson;
    isRawJSON(value: unknown): value is RawJson;
    parse(
      text: string,
      reviver: (this: unknown, key: string, value: JsonValue, context: { readonly source?: string }) => JsonValue,
    ): JsonValue;
  }
}

/** An integer kept as text. */
export function isRawJson(value: object): value is RawJson {
  // The built-in question alone costs as much as reading an action's five required fields.
  return "rawJSON" in value && JSON.isRawJSON(value);
}

export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** An object, and neither an array nor an integer kept as text. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawJson(value);
}
