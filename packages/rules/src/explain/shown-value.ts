import { isJsonArray, isJsonObject } from "@acteon/core";
import type { JsonValue } from "@acteon/core";
import { someExpr } from "../ir/children.ts";
import type { Expr } from "../ir/expr.ts";
import { toJson } from "../values/text.ts";
import { isValue, undefinedResult } from "../values/value.ts";
import type { Result } from "../values/value.ts";
import { isSecretName } from "./secrets.ts";
import type { Secrets } from "./secrets.ts";

const redacted = "[redacted]";
const maxTextLength = 200;
const maxItems = 20;

/** A value as an explanation shows it: without secrets, and cut to what a person reads. `undefined`: it has none. */
export function shownValue(expr: Expr, result: Result, secrets: Secrets): JsonValue | undefined {
  if (!isValue(result)) return result === undefinedResult ? "undefined" : undefined;
  return touchesSecret(expr) ? masked(toJson(result)) : shown(toJson(result), secrets);
}

/** The same for a value at a path of the action. */
export function shownJson(path: readonly string[], json: JsonValue, secrets: Secrets): JsonValue {
  return path.some(isSecretName) ? masked(json) : shown(json, secrets);
}

/** That there is none is no secret, and often just what a person wants to know. */
function masked(json: JsonValue): JsonValue {
  return json === null ? null : redacted;
}

/** What a rule says itself, which is no secret. */
export function shownList<T>(items: readonly T[]): readonly (T | string)[] {
  return items.length > maxItems ? [...items.slice(0, maxItems), `… ${items.length - maxItems} more`] : items;
}

function touchesSecret(expr: Expr): boolean {
  return someExpr(expr, (part) => {
    if (part.kind === "action") return part.path.some(isSecretName);
    return (part.kind === "field" || part.kind === "env") && isSecretName(part.name);
  });
}

function shown(json: JsonValue, secrets: Secrets): JsonValue {
  if (isJsonArray(json)) return shownList(json).map((item) => shown(item, secrets));
  if (isJsonObject(json)) {
    const entries = Object.entries(json).slice(0, maxItems);
    return Object.fromEntries(
      entries.map(([key, value]) => [key, isSecretName(key) ? masked(value) : shown(value, secrets)]),
    );
  }
  if (json === null || typeof json === "object") return json;
  if (secrets.isIn(json)) return redacted;
  return typeof json === "string" && json.length > maxTextLength ? `${json.slice(0, maxTextLength)}…` : json;
}
