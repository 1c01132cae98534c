import type { JsonValue, Span } from "@acteon/core";
import { childrenOf, someExpr } from "../ir/children.ts";
import { displayExpr } from "../ir/display.ts";
import type { Expr } from "../ir/expr.ts";
import { EvalError, isValue, pending, undefinedResult } from "../values/value.ts";
import type { Result } from "../values/value.ts";
import type { Secrets } from "./secrets.ts";
import { shownValue } from "./shown-value.ts";

/** One clause of a condition, with what it saw. */
export interface ClauseTrace {
  readonly display: string;
  readonly span: Span;
  /** `notEvaluated`: what stood before it had decided, or a value of the store was not asked for. */
  readonly outcome: "true" | "false" | "undefined" | "error" | "notEvaluated";
  /** Of an error. */
  readonly message: string | undefined;
  /** The parts of it that are not literals, with their values; and the names bound when it was decided. */
  readonly values: readonly ClauseValue[];
  /** Of `all`, `any` and `not`. */
  readonly clauses: readonly ClauseTrace[];
}

export interface ClauseValue {
  readonly display: string;
  /** Secrets are masked. */
  readonly value: JsonValue;
}

/** What a recording evaluation saw: the last result of every node. */
export type Recording = ReadonlyMap<Expr, Result>;

export function clauseTrace(expr: Expr, recording: Recording, secrets: Secrets): ClauseTrace {
  const result = recording.get(expr);
  const nested = expr.kind === "and" || expr.kind === "or" || expr.kind === "not";
  return {
    display: displayExpr(expr),
    span: expr.span,
    outcome: outcomeOf(result),
    message: result instanceof EvalError ? result.message : undefined,
    values: nested ? [] : valuesOf(expr, recording, secrets),
    clauses: nested ? childrenOf(expr).map((child) => clauseTrace(child, recording, secrets)) : [],
  };
}

function outcomeOf(result: Result | undefined): ClauseTrace["outcome"] {
  if (result === undefined || result === pending) return "notEvaluated";
  if (result instanceof EvalError) return "error";
  if (result === undefinedResult) return "undefined";
  return result === true ? "true" : "false";
}

/** Operands side by side; of a quantifier or query, which has none, the names bound last: its witness. */
function valuesOf(expr: Expr, recording: Recording, secrets: Secrets): readonly ClauseValue[] {
  const parts = expr.kind === "quantifier" || expr.kind === "query" ? localsIn(expr) : childrenOf(expr);
  const shown = (parts.length === 0 ? [expr] : parts).flatMap((part) => {
    const result = recording.get(part);
    if (result === undefined || !hasValueOfItsOwn(part)) return [];
    const value = isValue(result) || result === undefinedResult ? shownValue(part, result, secrets) : undefined;
    return value === undefined ? [] : [{ display: displayExpr(part), value }];
  });
  return [...new Map(shown.map((each) => [each.display, each])).values()];
}

function localsIn(expr: Expr): readonly Expr[] {
  const locals: Expr[] = [];
  someExpr(expr, (part) => {
    if (part.kind === "local") locals.push(part);
    return false;
  });
  return locals;
}

/** Literals show themselves. */
function hasValueOfItsOwn(expr: Expr): boolean {
  return someExpr(expr, ({ kind }) => kind !== "literal" && kind !== "list" && kind !== "map");
}
