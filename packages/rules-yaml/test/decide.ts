import type { Action } from "@acteon/core";
import { evaluatePlan, RuleEngine, settleDecision } from "@acteon/rules";
import type { RuleEnvironment, RuleSet, Settled } from "@acteon/rules";
import { TinyStore } from "@acteon/rules/conformance";
import { rulesOf } from "./problems.ts";

/** The rules of a text, in force. */
export async function ruleSetOf(text: string): Promise<RuleSet> {
  const engine = new RuleEngine();
  const loaded = await engine.loadNative(rulesOf(text));
  if (loaded.kind === "rejected") throw new Error(JSON.stringify(loaded.diagnostics, undefined, 1));
  return engine.current();
}

/** What the rules make of an action, gates asked. */
export async function decide(rules: RuleSet, action: Action, store = new TinyStore()): Promise<Settled> {
  const environment: RuleEnvironment = { nowMs: store.nowMs, health: goodHealth, variables: { REGION: "eu" } };
  return settleDecision(await evaluatePlan(rules.plan(action, environment), action, store), action, store);
}

const goodHealth = { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 } as const;
