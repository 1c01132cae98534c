import type { Action, Span } from "@acteon/core";
import type { RuleSet } from "../decision.ts";
import { evaluatePlan } from "../engine/evaluate-plan.ts";
import { fixedStatePort } from "../engine/fixed-state.ts";
import type { FixedState } from "../engine/fixed-state.ts";
import { settleDecision } from "../engine/settle-decision.ts";
import type { Settled } from "../engine/settle-decision.ts";

/** One test of a set of rules (`wire-api.md` §6.6, with `clock`, `state` and `expect.reason` added). */
export interface RuleTest {
  readonly name: string;
  /** Of the name. */
  readonly span: Span;
  readonly action: Action;
  /** Epoch ms; the epoch itself where the test does not say. */
  readonly nowMs: number | undefined;
  readonly state: FixedState;
  readonly expect: RuleTestExpectation;
}

export interface RuleTestExpectation {
  readonly span: Span;
  /** The tag of a verdict (`wire-api.md` §5.4), or `error`. */
  readonly verdict: string;
  /** `null`: no rule matched. `undefined`: whichever. */
  readonly matchedRule: string | null | undefined;
  /** `undefined`: whichever. */
  readonly reason: string | undefined;
}

export interface RuleTestResult {
  readonly test: RuleTest;
  readonly actual: Settled;
  /** What was expected and is not so; empty when the test passed. */
  readonly mismatches: readonly RuleTestMismatch[];
}

export interface RuleTestMismatch {
  readonly what: "verdict" | "matched_rule" | "reason";
  readonly expected: string | null;
  readonly actual: string | null;
}

/** Runs one test: no store, no clock, nothing but the rules and what the test says. Providers are in good health. */
export async function runRuleTest(rules: RuleSet, test: RuleTest): Promise<RuleTestResult> {
  const { action, nowMs = 0, expect } = test;
  const state = fixedStatePort(test.state, nowMs);
  const plan = rules.plan(action, { nowMs, health: goodHealth, variables: {} });
  const actual = await settleDecision(await evaluatePlan(plan, action, state), action, state);
  return { test, actual, mismatches: mismatchesOf(expect, actual) };
}

const goodHealth = { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 } as const;

function mismatchesOf(expect: RuleTestExpectation, actual: Settled): readonly RuleTestMismatch[] {
  const compared = [
    { what: "verdict", expected: expect.verdict, actual: actual.verdict },
    { what: "matched_rule", expected: expect.matchedRule, actual: actual.rule?.name ?? null },
    { what: "reason", expected: expect.reason, actual: actual.reason ?? null },
  ] as const;
  return compared.flatMap(({ what, expected, actual: found }) =>
    expected === undefined || expected === found ? [] : [{ what, expected, actual: found }],
  );
}
