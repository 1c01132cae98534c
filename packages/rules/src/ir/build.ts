import type { JsonValue, Span } from "@acteon/core";
import type { Expr, Literal, Missing } from "./expr.ts";
import type { Query } from "./query.ts";
import type { Rule } from "./rule.ts";
import type { Mutation, Verdict } from "./verdict.ts";

/**
 * Freezes a node and the arrays in it. Its child nodes are frozen already: they were made here.
 *
 * @example `node({ kind: "not", operand, semantics: "plain", span })`
 */
export function node<const N extends Expr | Query | Verdict | Mutation | Rule>(fields: N): N {
  for (const value of Object.values(fields)) {
    if (!Array.isArray(value)) continue;
    for (const item of value) if (Array.isArray(item)) Object.freeze(item);
    Object.freeze(value);
  }
  return Object.freeze(fields);
}

/** A literal of a text, bool, null, whole number (`int`) or other number (`double`). */
export function literal(value: string | number | bigint | boolean | null, span: Span): Literal {
  if (value === null) return node({ kind: "literal", type: "null", value, span });
  switch (typeof value) {
    case "string":
      return node({ kind: "literal", type: "string", value, span });
    case "boolean":
      return node({ kind: "literal", type: "bool", value, span });
    case "bigint":
      return node({ kind: "literal", type: "int", value, span });
    case "number":
      return node({ kind: "literal", type: Number.isSafeInteger(value) ? "int" : "double", value, span });
  }
}

/** A duration literal from milliseconds. */
export function durationLiteral(ms: number, span: Span): Literal {
  return node({ kind: "literal", type: "duration", value: BigInt(Math.round(ms * 1e6)), span });
}

/** A JSON value as literals, lists and maps, all with one span. */
export function jsonExpr(value: JsonValue, span: Span): Expr {
  if (typeof value !== "object" || value === null) return literal(value, span);
  if (isRawJson(value)) return literal(BigInt(value.rawJSON), span);
  if (Array.isArray(value)) return node({ kind: "list", items: value.map((item) => jsonExpr(item, span)), span });
  const entries = Object.entries(value).map(([key, item]): [Expr, Expr] => [literal(key, span), jsonExpr(item, span)]);
  return node({ kind: "map", entries, span });
}

function isRawJson(value: object): value is { readonly rawJSON: string } {
  return JSON.isRawJSON(value);
}

/** `of.name`; a field of a path into the action is a longer path, so that every language gives the same node. */
export function field(of: Expr, name: string, missing: Missing, span: Span): Expr {
  if (of.kind === "action" && of.missing === missing) {
    return node({ kind: "action", path: [...of.path, name], missing, span });
  }
  return node({ kind: "field", of, name, missing, span });
}
