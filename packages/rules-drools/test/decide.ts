import type { Action, Diagnostic } from "@acteon/core";
import { evaluatePlan, RuleEngine, settleDecision } from "@acteon/rules";
import type { RuleEnvironment, RuleSet, Settled } from "@acteon/rules";
import { TinyStore } from "@acteon/rules/conformance";
import { createDroolsFrontEnd } from "../src/index.ts";

/** With documents, for what rules call `data.…`. */
export const frontEnd = createDroolsFrontEnd({ data: { vips: ["ann"], limits: { slack: { "max-size": 3 } } } });

export const health: RuleEnvironment["health"] = {
  circuitOpen: (provider) => provider === "broken",
  latencyP99Ms: () => 250,
  failureRate: () => 0.5,
};

export function environmentAt(nowMs: number, of = health): RuleEnvironment {
  return { nowMs, health: of, variables: { REGION: "eu" } };
}

/** What the language, and then the engine, say of a text. */
export async function problemsOf(text: string, file = "rules/a.drl"): Promise<readonly Diagnostic[]> {
  const parsed = frontEnd.parse(text, file);
  return (parsed.kind === "parsed" ? await new RuleEngine().loadNative(parsed.rules) : parsed).diagnostics;
}

/** The rules of a text, in force. */
export async function ruleSetOf(text: string): Promise<RuleSet> {
  const parsed = frontEnd.parse(text, "rules/a.drl");
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
  of: RuleEnvironment["health"] = health,
): Promise<Settled> {
  const plan = rules.plan(action, environmentAt(store.nowMs, of));
  return settleDecision(await evaluatePlan(plan, action, store), action, store);
}

/** Does a left-hand side hold of an action? */
export async function holds(
  conditions: string,
  action: Action,
  store = new TinyStore(),
  declared = "",
): Promise<boolean> {
  const rules = await ruleSetOf(`${declared}\nrule "r" when\n${conditions}\nthen deny(); end`);
  const settled = await decide(rules, action, store);
  if (settled.verdict === "error") throw new Error(JSON.stringify(settled));
  return settled.verdict === "deny";
}
