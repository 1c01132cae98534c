import { isJsonArray, isJsonObject } from "@acteon/core";
import type { JsonValue } from "@acteon/core";
import { someExpr } from "../ir/children.ts";
import type { Expr } from "../ir/expr.ts";
import { toJson } from "../values/text.ts";
import { isValue, undefinedResult } from "../values/value.ts";
import type { Result } from "../values/value.ts";

const redacted = "[redacted]";
const maxTextLength = 200;
const maxItems = 20;

/** Names of fields whose values are nobody's business. */
const secretName = /pass(word|wd|phrase)|secret|token|api_?key|authorization|credential|private_?key|cookie|signature/i;

/** A value as an explanation shows it: without secrets, and cut to what a person reads. `undefined`: it has none. */
export function shownValue(expr: Expr, result: Result): JsonValue | undefined {
  if (!isValue(result)) return result === undefinedResult ? "undefined" : undefined;
  return touchesSecret(expr) ? redacted : shown(toJson(result));
}

/** The same for a value at a path of the action. */
export function shownJson(path: readonly string[], json: JsonValue): JsonValue {
  return path.some((key) => secretName.test(key)) ? redacted : shown(json);
}

function touchesSecret(expr: Expr): boolean {
  return someExpr(expr, (part) => {
    if (part.kind === "action") return part.path.some((key) => secretName.test(key));
    return (part.kind === "field" || part.kind === "env") && secretName.test(part.name);
  });
}

function shown(json: JsonValue): JsonValue {
  if (typeof json === "string") return json.length > maxTextLength ? `${json.slice(0, maxTextLength)}…` : json;
  if (isJsonArray(json)) {
    const items = json.slice(0, maxItems).map(shown);
    return json.length > maxItems ? [...items, `… ${json.length - maxItems} more`] : items;
  }
  if (!isJsonObject(json)) return json;
  const entries = Object.entries(json).slice(0, maxItems);
  return Object.fromEntries(entries.map(([key, value]) => [key, secretName.test(key) ? redacted : shown(value)]));
}
