import { createAction } from "@acteon/core";
import type { Action, ActionInput, RuleRef } from "@acteon/core";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import { createBuiltinTable } from "../builtins/builtin-table.ts";
import { createCompiler } from "../compile/compile-expr.ts";
import type { CompilerOptions } from "../compile/compile-expr.ts";
import { Frame } from "../compile/frame.ts";
import { TimeZones } from "../compile/time-zones.ts";
import type { Decision, Plan, RuleEnvironment, StateAnswer, StateRead } from "../decision.ts";
import type { CompiledRuleSet } from "../engine/compiled-rule-set.ts";
import { RuleEngine } from "../engine/rule-engine.ts";
import type { Expr } from "../ir/expr.ts";
import type { Rule } from "../ir/rule.ts";
import type { NativeRule } from "../native-rule.ts";
import type { Result } from "../values/value.ts";
import { span } from "./ir.ts";

export const nowMs = Date.UTC(2026, 2, 2, 9, 30, 15);

export function action(fields: Partial<ActionInput> = {}): Action {
  const defaults = { id: "a-1", namespace: "ops", tenant: "acme", provider: "slack", actionType: "alert", payload: {} };
  return createAction({ ...defaults, ...fields }, { clock: createFakeClock(nowMs), random: createSeededRandom(1) });
}

export function environment(fields: Partial<RuleEnvironment> = {}): RuleEnvironment {
  const health = { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 };
  return { nowMs, health, variables: {}, ...fields };
}

export const compilerOptions: CompilerOptions = { builtins: createBuiltinTable(), zones: new TimeZones(), zone: "UTC" };

/** What an expression is for an action, when the store has nothing to say. */
export function evaluate(expr: Expr, of: Action = action(), env: RuleEnvironment = environment()): Result {
  return createCompiler(compilerOptions).compile(expr)(new Frame(of, env));
}

/** Rules made in code, loaded; they must be free of errors. */
export async function ruleSet(...rules: readonly (Rule | NativeRule)[]): Promise<CompiledRuleSet> {
  return (await engineWith(...rules)).current();
}

export async function engineWith(...rules: readonly (Rule | NativeRule)[]): Promise<RuleEngine> {
  const engine = new RuleEngine();
  const result = await engine.loadNative(rules);
  if (result.kind === "rejected") throw new Error(JSON.stringify(result.diagnostics, null, 2));
  return engine;
}

/** The decision of a plan that needs nothing from the store. */
export function known(plan: Plan): Decision {
  if (plan.kind !== "known") throw new Error(`the plan is not known: ${plan.kind}`);
  return plan.decision;
}

/** What rules say of the usual action, when they need nothing from the store. */
export async function decided(...rules: readonly (Rule | NativeRule)[]): Promise<Decision> {
  return known((await ruleSet(...rules)).plan(action(), environment()));
}

/** How verdicts name a rule of these tests. */
export function refOf(name: string): RuleRef {
  return { name, file: span.file, line: span.start.line };
}

/** The reads of a plan that needs some. */
export function readsOf(plan: Plan): readonly StateRead[] {
  if (plan.kind !== "reads") throw new Error(`the plan reads nothing: ${plan.kind}`);
  return plan.reads;
}

export function resumed(plan: Plan, ...answers: readonly StateAnswer[]): Plan {
  if (plan.kind !== "reads") throw new Error(`the plan reads nothing: ${plan.kind}`);
  return plan.resume(answers);
}
