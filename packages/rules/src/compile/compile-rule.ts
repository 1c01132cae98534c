import type { RuleRef } from "@acteon/core";
import { readsState } from "../ir/children.ts";
import type { Rule } from "../ir/rule.ts";
import { EvalError, isValue, pending, undefinedResult } from "../values/value.ts";
import type { NoAnswer } from "../values/value.ts";
import { compileEffect, ruleRefOf } from "./compile-effect.ts";
import { createCompiler } from "./compile-expr.ts";
import type { CompilerOptions } from "./compile-expr.ts";
import { constraintsOf } from "./constraints.ts";
import type { Constraint } from "./constraints.ts";
import type { Evaluate } from "./compiler.ts";
import { isEffect } from "./effect.ts";
import type { Effect, EvaluateEffect } from "./effect.ts";
import type { Frame } from "./frame.ts";
import { splitGate } from "./split-gate.ts";

/** What a rule says of an action: nothing, its effect, an error, or `pending`. */
export type RuleAnswer = false | Effect | EvalError | typeof pending;

/** A rule that can be asked. */
export interface CompiledRule {
  readonly source: Rule;
  /** The one object that every effect of the rule names it by. */
  readonly ref: RuleRef;
  /** What must hold of the action for the condition to hold or to be an error, as the index understands it. */
  readonly constraints: readonly Constraint[];
  readonly decide: (frame: Frame) => RuleAnswer;
}

/** @param options Without the zone: the rule's own, else this one. */
export function compileRule(rule: Rule, options: CompilerOptions): CompiledRule {
  const compiler = createCompiler(optionsFor(rule, options));
  const { condition: rest, gate } = splitGate(rule);
  const condition: Evaluate = rest === undefined ? () => true : compiler.compile(rest);
  const ref = ruleRefOf(rule);
  const effect = compileEffect(rule, ref, gate, compiler);
  const neither = new EvalError("a condition that is neither true nor false", rule.condition.span);
  const decide = (frame: Frame): RuleAnswer => {
    const holds = condition(frame);
    if (holds === false || holds === undefinedResult) return false;
    if (holds !== true) return isValue(holds) ? neither : holds;
    return answerOf(effect(frame));
  };
  return {
    source: rule,
    ref,
    constraints: rest === undefined ? [] : constraintsOf(rest, rule.onError),
    decide: goesOnSuppressing(rule) ? suppressingOn(rule, decide, effect) : decide,
  };
}

/** With the zone and the definitions of a rule. */
export function optionsFor({ timezone, definitions }: Rule, options: CompilerOptions): CompilerOptions {
  return { ...options, zone: timezone ?? options.zone, definitions };
}

/** A verdict with a value that is undefined is no verdict. */
function answerOf(result: Effect | NoAnswer): RuleAnswer {
  if (isEffect(result) || result instanceof EvalError) return result;
  return result === pending ? pending : false;
}

function goesOnSuppressing({ verdict, condition, definitions }: Rule): boolean {
  return verdict.kind === "suppress" && verdict.duration !== undefined && readsState(condition, definitions);
}

/**
 * A `suppress` with a duration: once it has fired, what passes the stateless part of the condition is suppressed for so
 * long, whatever the rest of it says. Its mark is read together with what the condition reads.
 */
function suppressingOn(
  rule: Rule,
  decide: (frame: Frame) => RuleAnswer,
  effect: EvaluateEffect,
): (frame: Frame) => RuleAnswer {
  const mark = { kind: "suppression", rule: rule.name } as const;
  return (frame) => {
    // Answered only where the stateless part held: it was asked by the lines below.
    if (frame.answerTo(mark) === 1) return answerOf(effect(frame));
    const answer = decide(frame);
    if (answer === pending) frame.ask(mark);
    return answer;
  };
}
