import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { JsonObject, JsonValue } from "@acteon/core";

/** A case of OPA's compliance suite, as the vectors beside the project have it. */
export interface RegoCase {
  readonly id: string;
  readonly builtins: readonly string[];
  readonly note: string;
  readonly query: string;
  readonly modules?: readonly string[];
  readonly data?: JsonObject;
  readonly input?: JsonValue;
  readonly input_term?: string;
  readonly want_result?: readonly Readonly<Record<string, JsonValue>>[];
  readonly want_error?: string;
  readonly want_error_code?: string;
  readonly strict_error?: boolean;
  readonly sort_bindings?: boolean;
  readonly ignore_generated_vars?: boolean;
}

/** `undefined`: the vectors are not there; they are no part of the project. */
export function vectors(): readonly RegoCase[] | undefined {
  const place = path.resolve(import.meta.dirname, "../../../../shared/conformance/rego-opa-v1.json");
  return existsSync(place) ? (JSON.parse(readFileSync(place, "utf8")) as readonly RegoCase[]) : undefined;
}
