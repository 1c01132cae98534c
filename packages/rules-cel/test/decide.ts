import type { Action } from "@acteon/core";
import { evaluatePlan, RuleEngine, settleDecision } from "@acteon/rules";
import type { RuleEnvironment, RuleFrontEnd, RuleSet, Settled } from "@acteon/rules";
import { TinyStore } from "@acteon/rules/conformance";
import { celFrontEnd } from "../src/index.ts";
import { environment } from "./evaluate.ts";

/** The rules of a text, in force. */
export async function ruleSetOf(text: string, frontEnd: RuleFrontEnd = celFrontEnd): Promise<RuleSet> {
  const parsed = frontEnd.parse(text, "rules/a.cel");
  const engine = new RuleEngine();
  const loaded = parsed.kind === "parsed" ? await engine.loadNative(parsed.rules) : parsed;
  if (loaded.kind === "rejected") throw new Error(JSON.stringify(loaded.diagnostics, undefined, 1));
  return engine.current();
}

/** What the rules make of an action, gates asked. */
export async function decide(
  rules: RuleSet,
  action: Action,
  store = new TinyStore(),
  health: RuleEnvironment["health"] = environment.health,
): Promise<Settled> {
  const plan = rules.plan(action, { ...environment, nowMs: store.nowMs, health });
  return settleDecision(await evaluatePlan(plan, action, store), action, store);
}
