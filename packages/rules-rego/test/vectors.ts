import type { JsonObject, JsonValue } from "@acteon/core";
import { readVectors } from "@acteon/rules/conformance";

/** A case of OPA's compliance suite, as the vectors beside the project have it. */
export interface RegoCase {
  readonly id: string;
  readonly builtins: readonly string[];
  readonly note: string;
  /** `data.a.b = x`, seldom something else. */
  readonly query: string;
  readonly modules?: readonly string[];
  readonly data?: JsonObject;
  readonly input?: JsonValue;
  /** A term, in the place of the input. */
  readonly input_term?: string;
  readonly want_result?: readonly Readonly<Record<string, JsonValue>>[];
  readonly want_error?: string;
  readonly want_error_code?: string;
  /** What goes wrong in a built-in is an error, not undefined. */
  readonly strict_error?: boolean;
  readonly sort_bindings?: boolean;
}

/** `undefined`: the vectors are not there; they are no part of the project. */
export const cases: readonly RegoCase[] | undefined = readVectors("rego-opa-v1.json");
