import { createCompiler } from "../compile/compile-expr.ts";
import type { CompilerOptions } from "../compile/compile-expr.ts";
import type { Evaluate } from "../compile/compiler.ts";
import type { Frame } from "../compile/frame.ts";
import { optionsFor } from "../compile/compile-rule.ts";
import { splitGate } from "../compile/split-gate.ts";
import { conjunctsOf } from "../ir/children.ts";
import type { Expr } from "../ir/expr.ts";
import type { Rule } from "../ir/rule.ts";
import { isError, pending } from "../values/value.ts";
import type { Result } from "../values/value.ts";
import { clauseTrace } from "./clause-trace.ts";
import type { ClauseTrace } from "./clause-trace.ts";
import type { Secrets } from "./secrets.ts";

/**
 * The clauses of a rule with what each saw, in source order, from a frame that has answers to all that was asked. What
 * the condition left aside once it was decided is looked at, too, as far as it has an answer: for the nearest miss.
 *
 * @param refuses Of the gate, which is a clause here: true where it refuses.
 */
export function traceClauses(
  rule: Rule,
  frame: Frame,
  options: CompilerOptions,
  refuses: boolean,
  secrets: Secrets,
): readonly ClauseTrace[] {
  const recording = new Map<Expr, Result>();
  const evaluators = new Map<Expr, Evaluate>();
  const observe = (expr: Expr, evaluate: Evaluate): Evaluate => {
    const observed: Evaluate = (each) => {
      const result = evaluate(each);
      recording.set(expr, result);
      return result;
    };
    evaluators.set(expr, observed);
    return observed;
  };
  const { condition, gate } = splitGate(rule);
  const compiler = createCompiler({ ...optionsFor(rule, options), observe });
  if (condition !== undefined) compiler.compile(condition)(frame);
  if (gate?.kind === "seen") compiler.compile(gate.seen.key)(frame);
  const gateClause = gate?.kind === "seen" ? gate.seen : gate?.compare;
  return conjunctsOf(rule.condition).map((clause) => {
    if (clause === gateClause) recording.set(clause, refuses);
    else if (!recording.has(clause)) lookAside(clause, evaluators, recording, frame);
    return clauseTrace(clause, recording, secrets);
  });
}

/** An error of a clause that was not reached is none: what stands before it was there to prevent it. */
function lookAside(
  clause: Expr,
  evaluators: ReadonlyMap<Expr, Evaluate>,
  recording: Map<Expr, Result>,
  frame: Frame,
): void {
  const result = evaluators.get(clause)?.(frame);
  if (result === undefined || result === pending || isError(result)) recording.delete(clause);
}
