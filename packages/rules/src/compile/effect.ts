import type { JsonValue, RuleRef } from "@acteon/core";
import type { End, Gate, Plan } from "../decision.ts";
import { EvalError } from "../values/value.ts";
import type { NoAnswer } from "../values/value.ts";
import type { Frame } from "./frame.ts";

/** What a rule does to the decision once its condition holds, with its values computed for one action. */
export interface Effect {
  readonly rule: RuleRef;
  /** Asked before the action goes on. */
  readonly gate: Gate | undefined;
  /** Changes the payload, as the rules before it left it. */
  readonly modify: ((payload: JsonValue) => JsonValue | EvalError) | undefined;
  /** Ends the evaluation. Absent: the rules behind it decide. */
  readonly end: End | undefined;
  /** The whole plan where no other rule has a say; made once for an effect that is always the same. */
  readonly alone: Plan | undefined;
}

/** An error, undefined or pending where a value of the verdict is. */
export type EvaluateEffect = (frame: Frame) => Effect | NoAnswer;

export function isEffect(result: Effect | NoAnswer): result is Effect {
  return typeof result !== "symbol" && !(result instanceof EvalError);
}

/** Ends the evaluation, perhaps after a gate. */
export function ending(rule: RuleRef, end: End, gate?: Gate): Effect {
  const gates = gate === undefined ? [] : [gate];
  return { rule, gate, modify: undefined, end, alone: { kind: "known", decision: { gates, end, facts: [] } } };
}

/** Asks a gate; where it passes, the rule does not match. */
export function gated(rule: RuleRef, gate: Gate): Effect {
  return { rule, gate, modify: undefined, end: undefined, alone: undefined };
}

/** Changes the payload, and ends the evaluation where `end` says so. */
export function modifying(rule: RuleRef, modify: NonNullable<Effect["modify"]>, end: End | undefined): Effect {
  return { rule, gate: undefined, modify, end, alone: undefined };
}

export type ExecutingVerdict = Extract<End, { kind: "execute" }>["verdict"];

export function executes(rule: RuleRef, verdict: ExecutingVerdict, rerouteTo?: string): End {
  return { kind: "execute", verdict, rule, rerouteTo, payload: undefined };
}
