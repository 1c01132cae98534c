import { toJson } from "@acteon/rules";
import type { JsonValue } from "@acteon/core";
import { evaluateQuery } from "./evaluate-query.ts";
import type { QueryOptions } from "./evaluate-query.ts";

/** What `answer` is in a package of these rules; besides values `undefined`, and `"error"` or `"rejected"` as texts. */
export function answerOf(
  rules: string,
  options: QueryOptions = {},
  ...others: readonly string[]
): JsonValue | undefined {
  const result = evaluateQuery("data.main.answer", [`package main\n${rules}`, ...others], options);
  if (result.kind !== "value") return result.kind === "undefined" ? undefined : result.kind;
  return toJson(result.value);
}
