import { isJsonArray, isRawJson, parseDuration } from "@acteon/core";
import type { JsonValue, Span } from "@acteon/core";
import type { Definition } from "./definition.ts";
import type { Expr, Literal, Missing } from "./expr.ts";
import type { Query, ReplacedDocument, ReplacedFunction } from "./query.ts";
import type { Rule } from "./rule.ts";
import type { Mutation, Verdict } from "./verdict.ts";

/**
 * Freezes a node and the arrays in it. Its child nodes are frozen already: they were made here.
 *
 * @example `node({ kind: "not", operand, semantics: "plain", span })`
 */
export function node<const N extends Node>(fields: N): N {
  for (const value of Object.values(fields)) {
    if (!Array.isArray(value)) continue;
    for (const item of value) if (Array.isArray(item)) Object.freeze(item);
    Object.freeze(value);
  }
  return Object.freeze(fields);
}

type Node = Expr | Query | ReplacedDocument | ReplacedFunction | Verdict | Mutation | Rule | Definition;

/** A literal of a text, bool, null, whole number (`int`) or other number (`double`). */
export function literal(value: string | number | bigint | boolean | null, span: Span): Literal {
  if (value === null) return node({ kind: "literal", type: "null", value, span });
  if (typeof value === "string") return node({ kind: "literal", type: "string", value, span });
  if (typeof value === "boolean") return node({ kind: "literal", type: "bool", value, span });
  if (typeof value === "bigint" || Number.isSafeInteger(value)) {
    return node({ kind: "literal", type: "int", value, span });
  }
  return node({ kind: "literal", type: "double", value, span });
}

/** A duration literal from milliseconds. */
export function durationLiteral(ms: number, span: Span): Literal {
  return node({ kind: "literal", type: "duration", value: BigInt(Math.round(ms * 1e6)), span });
}

/** A window is a duration, or the text of one: `"5m"`. */
export function windowOf(expr: Expr | undefined): Expr | undefined {
  if (expr?.kind !== "literal" || expr.type !== "string") return expr;
  const parsed = parseDuration(expr.value);
  return parsed.kind === "parsed" ? durationLiteral(parsed.ms, expr.span) : expr;
}

/** A JSON value as literals, lists and maps, all with one span. */
export function jsonExpr(value: JsonValue, span: Span): Expr {
  if (typeof value !== "object" || value === null) return literal(value, span);
  if (isRawJson(value)) return literal(BigInt(value.rawJSON), span);
  if (isJsonArray(value)) return node({ kind: "list", items: value.map((item) => jsonExpr(item, span)), span });
  const entries = Object.entries(value).map(([key, item]): [Expr, Expr] => [literal(key, span), jsonExpr(item, span)]);
  return node({ kind: "map", entries, span });
}

/** All of them, or any of them, left to right; of none it is true, or false. */
export function logicExpr(kind: "and" | "or", operands: readonly Expr[], span: Span): Expr {
  return operands.length === 0 ? literal(kind === "and", span) : node({ kind, operands, absorbs: "none", span });
}

/** Of a document of configuration, such as `data.…`: whatever is a list or a map stays JSON. */
export function documentExpr(value: JsonValue, span: Span): Expr {
  if (typeof value !== "object" || value === null || isRawJson(value)) return jsonExpr(value, span);
  return node({ kind: "literal", type: "json", value, span });
}

/** `of.name`; a field of a path into the action is a longer path, so that every language gives the same node. */
export function field(of: Expr, name: string, missing: Missing, span: Span): Expr {
  if (of.kind === "action" && of.missing === missing) {
    return node({ kind: "action", path: [...of.path, name], missing, span });
  }
  return node({ kind: "field", of, name, missing, span });
}
