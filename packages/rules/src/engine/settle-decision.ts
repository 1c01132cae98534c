import type { Action, RuleRef } from "@acteon/core";
import type { Decision, End, Gate } from "../decision.ts";
import type { StatePort } from "./evaluate-plan.ts";

/** A state port that answers gates, too, and changes nothing: for dry runs, explanations and rule tests. */
export interface GatedStatePort extends StatePort {
  /** Would this gate refuse the action now? */
  refuses(gate: Gate, action: Action): boolean | Promise<boolean>;
}

/** What a decision comes to once its gates have been asked. */
export interface Settled {
  /** The tag of the verdict (`wire-api.md` §5.4), or `error`. */
  readonly verdict: string;
  /** Absent when no rule had a say. */
  readonly rule: RuleRef | undefined;
  readonly reason: string | undefined;
  /** Set when the action does not go on because of it. */
  readonly refusedBy: Gate | undefined;
}

/** The first gate that refuses decides; if all pass, or the action would not execute anyway, the end does. */
export async function settleDecision(
  { gates, end }: Decision,
  action: Action,
  state: GatedStatePort,
): Promise<Settled> {
  for (const gate of end.kind === "execute" ? gates : []) {
    if (await state.refuses(gate, action)) {
      return { verdict: gate.kind, rule: gate.rule, reason: undefined, refusedBy: gate };
    }
  }
  return { verdict: verdictOf(end), rule: end.rule, reason: reasonOf(end), refusedBy: undefined };
}

function verdictOf(end: End): string {
  return end.kind === "execute" || end.kind === "suppress" ? end.verdict : end.kind;
}

function reasonOf(end: End): string | undefined {
  if (end.kind === "suppress") return end.reason;
  return end.kind === "error" ? end.message : undefined;
}
