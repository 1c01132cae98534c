import { actionOf } from "@acteon/rules/conformance";
import { evaluatePlan, fixedStatePort, RuleEngine } from "@acteon/rules";
import { expect, test } from "vitest";
import { differences, ruleOf } from "./differences.ts";
import type { Difference, Holds } from "./differences.ts";
import { RuleReader } from "./rule-reader.ts";
import type { SaidRule } from "./rule-reader.ts";

const reader = new RuleReader({});

test.each(differences.map((each) => [each.says, each] as const))("%s", async (_, difference) => {
  const said = reader.read(ruleOf(difference));
  const answers = await Promise.all(said.map(async (each) => [each.language, await answer(each, difference)] as const));
  expect(Object.fromEntries(answers)).toEqual(difference.answers);
  expect(new Set(answers.map(([, holds]) => holds)).size, "languages that answer differently").toBeGreaterThan(1);
});

async function answer({ rule }: SaidRule, { payload }: Difference): Promise<Holds> {
  const engine = new RuleEngine({ frontEnds: reader.frontEnds });
  expect(await engine.loadNative([rule])).toMatchObject({ kind: "loaded" });
  const action = actionOf({ payload });
  const nowMs = Date.UTC(2026, 2, 1, 12);
  const health = { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 };
  const state = fixedStatePort({ entries: new Map(), counters: new Map(), seen: new Map() }, nowMs);
  const plan = engine.current().plan(action, { nowMs, health, variables: {} });
  const { end } = await evaluatePlan(plan, action, state);
  return end.kind === "error" ? "error" : end.rule === undefined ? "no" : "yes";
}
