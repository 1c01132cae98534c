import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Action, Diagnostic, JsonObject } from "@acteon/core";
import { evaluatePlan, RuleEngine, settleDecision } from "@acteon/rules";
import type { LoadResult, Rule, RuleEnvironment, RuleSet, Settled } from "@acteon/rules";
import { TinyStore } from "@acteon/rules/conformance";
import { createRegoFrontEnd } from "../src/index.ts";

export const health: RuleEnvironment["health"] = {
  circuitOpen: (provider) => provider === "broken",
  latencyP99Ms: () => 250,
  failureRate: () => 0.5,
};

export function environmentAt(nowMs: number, of = health): RuleEnvironment {
  return { nowMs, health: of, variables: {} };
}

/** Files of a folder, as the engine loads them. */
export async function load(
  files: Readonly<Record<string, string>>,
  data: JsonObject = {},
): Promise<{ readonly engine: RuleEngine; readonly result: LoadResult }> {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), "rego-"));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder.path, name), text);
  const engine = new RuleEngine({ frontEnds: [createRegoFrontEnd({ data })] });
  return { engine, result: await engine.loadDirectory(folder.path) };
}

/** What the language, and then the engine, say of a file. */
export async function problemsOf(text: string, data: JsonObject = {}): Promise<readonly Diagnostic[]> {
  return (await load({ "a.rego": text }, data)).result.diagnostics;
}

/** The rules of a file, in force. */
export async function ruleSetOf(text: string, data: JsonObject = {}): Promise<RuleSet> {
  const { engine, result } = await load({ "a.rego": text }, data);
  if (result.kind === "rejected") throw new Error(JSON.stringify(result.diagnostics, undefined, 1));
  return engine.current();
}

/** The rules of a file as IR, which must be free of problems. */
export function rulesOf(text: string, data: JsonObject = {}): readonly Rule[] {
  const parsed = createRegoFrontEnd({ data }).parse(text, "rules/a.rego");
  if (parsed.kind === "rejected") throw new Error(JSON.stringify(parsed.diagnostics, undefined, 1));
  return parsed.rules;
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
