import type { Span } from "@acteon/core";
import { literal, node, someExpr } from "@acteon/rules";
import type { Expr, Query } from "@acteon/rules";
import { clauseOf, conjunctionOf } from "../lower/clause-of.ts";

/**
 * A body as a condition: what hangs on no variable is a clause of its own, which the index, gates and explanations see; the
 * rest is a query that asks for a solution.
 */
export function conditionOf(steps: readonly Query[], span: Span): Expr {
  const bound = new Set(steps.flatMap(namesBoundBy));
  const isFree = (step: Query): boolean => clauseOf(step) !== undefined && !usesNames(clauseOf(step)!, bound);
  const rest = steps.filter((step) => !isFree(step));
  const clauses = steps.flatMap((step): readonly Expr[] => {
    if (isFree(step)) return [clauseOf(step)!];
    return step === rest[0] ? [solutionOf(rest, span)] : [];
  });
  const [only] = clauses;
  if (only === undefined) return literal(true, span);
  return clauses.length === 1 ? only : node({ kind: "and", operands: clauses, absorbs: "none", span });
}

/** Is there a solution? Where one collection is gone through, that is a quantifier, as in every other language. */
function solutionOf(body: readonly Query[], span: Span): Expr {
  const [scan, ...others] = body;
  const condition = conjunctionOf(others, span);
  if (scan?.kind !== "scan" || condition === undefined) {
    return node({ kind: "query", body: [...body], collect: "exists", span });
  }
  const { over, key, value, semantics } = scan;
  return node({ kind: "quantifier", quantifier: "any", over, key, value, condition, absorbs: "none", semantics, span });
}

/** The names that steps bind for those behind them. */
export function namesBoundBy(step: Query): readonly string[] {
  switch (step.kind) {
    case "scan":
      return [step.key, step.value].filter((name) => name !== undefined);
    case "bind":
      return [step.name];
    case "with":
      return step.body.flatMap(namesBoundBy);
    default:
      return [];
  }
}

export function usesNames(expr: Expr, names: ReadonlySet<string>): boolean {
  return someExpr(expr, (part) => part.kind === "local" && names.has(part.name));
}
