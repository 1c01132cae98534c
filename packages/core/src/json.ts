/**
 * A JSON value as Acteon holds it: what `JSON.parse` gives, except that an integer beyond 2^53 − 1 is kept digit for
 * digit as `JSON.rawJSON` (guarantees S8, row 11), which `JSON.stringify` writes back unchanged.
 */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject | RawJson;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** An integer that no double can hold. `JSON.isRawJSON` tells it from an object. */
export interface RawJson {
  readonly rawJSON: string;
}
