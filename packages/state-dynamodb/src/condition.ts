import type { Item } from "./table-layout.ts";

/**
 * What is asked of the item before a write. Where nothing is known of it, an operation assumes what it usually finds, and the
 * item itself is in the answer if that is wrong. Only a write that knows its item (`unchanged`) may replace one with parts,
 * since these go with it.
 */
export type Condition =
  | { readonly kind: "unchanged"; readonly version: string }
  | { readonly kind: "missing" }
  /** Missing, or over. */
  | { readonly kind: "vacant" }
  /** Whatever is there. */
  | { readonly kind: "any" }
  /** There, and not over. */
  | { readonly kind: "live" }
  | { readonly kind: "liveVersion"; readonly version: string }
  | { readonly kind: "there" }
  /** Of a lock: no larger token is known. */
  | { readonly kind: "tokenAtMost"; readonly token: bigint };

export interface ConditionRequest {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues?: Item;
}

export function conditionRequest(condition: Condition, nowMs: number): ConditionRequest {
  const now = { ":now": { N: String(nowMs) } };
  switch (condition.kind) {
    case "unchanged":
      return { ConditionExpression: "v = :was", ExpressionAttributeValues: { ":was": { S: condition.version } } };
    case "missing":
      return { ConditionExpression: "attribute_not_exists(pk)" };
    case "vacant":
      return {
        ConditionExpression: "attribute_not_exists(pk) OR (x <= :now AND attribute_not_exists(p))",
        ExpressionAttributeValues: now,
      };
    case "any":
      return { ConditionExpression: "attribute_not_exists(p)" };
    case "live":
      return { ConditionExpression: "x > :now AND attribute_not_exists(p)", ExpressionAttributeValues: now };
    case "liveVersion":
      return {
        ConditionExpression: "v = :was AND x > :now AND attribute_not_exists(p)",
        ExpressionAttributeValues: { ...now, ":was": { S: condition.version } },
      };
    case "there":
      return { ConditionExpression: "attribute_exists(pk)" };
    case "tokenAtMost":
      return {
        ConditionExpression: "attribute_not_exists(n) OR n <= :token",
        ExpressionAttributeValues: { ":token": { N: String(condition.token) } },
      };
  }
}

export function sameCondition(a: Condition, b: Condition): boolean {
  if (a.kind !== b.kind) return false;
  if ("version" in a && "version" in b) return a.version === b.version;
  return !("token" in a && "token" in b) || a.token === b.token;
}
