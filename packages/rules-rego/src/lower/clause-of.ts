import { node } from "@acteon/rules";
import type { Expr, Query } from "@acteon/rules";

/** What a step asks that says by itself whether it holds; `undefined`: it binds names, or goes through something. */
export function clauseOf(step: Query): Expr | undefined {
  if (step.kind === "guard") return step.condition;
  if (step.kind !== "not") return undefined;
  const [only, ...others] = step.body;
  const operand =
    only?.kind === "guard" && others.length === 0
      ? only.condition
      : node({ kind: "query", body: [...step.body], collect: "exists", span: step.span });
  return node({ kind: "not", operand, semantics: "rego", span: step.span });
}

/** All of some steps as one condition; `undefined`: there are other steps than clauses among them. */
export function conjunctionOf(steps: readonly Query[], span: Expr["span"]): Expr | undefined {
  const clauses = steps.flatMap((step) => clauseOf(step) ?? []);
  const [only] = clauses;
  if (clauses.length < steps.length || only === undefined) return undefined;
  return clauses.length === 1 ? only : node({ kind: "and", operands: clauses, absorbs: "none", span });
}
