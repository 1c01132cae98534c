import type { JsonValue } from "./json.ts";
import { DataDamagedError } from "./service-errors.ts";

/**
 * JSON that Acteon wrote itself, integers beyond 2^53 − 1 kept digit for digit.
 * @throws {DataDamagedError} It is not JSON.
 */
export function parseJsonText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new DataDamagedError("a stored record is not JSON", { cause });
  }
}
