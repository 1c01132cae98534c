import type { Action } from "@acteon/core";
import type { Decision, Plan, StateAnswer, StateRead } from "../decision.ts";

/** What answers the reads of an evaluation outside the gateway: one answer per read, in order. */
export interface StatePort {
  read(reads: readonly StateRead[], action: Action): readonly StateAnswer[] | Promise<readonly StateAnswer[]>;
}

/** Follows a plan to its decision. */
export async function evaluatePlan(plan: Plan, action: Action, state: StatePort): Promise<Decision> {
  let current = plan;
  for (;;) {
    if (current.kind === "known") return current.decision;
    current = current.kind === "waits" ? await current.plan : current.resume(await state.read(current.reads, action));
  }
}
