import { evaluatePlan, fixedStatePort, RuleEngine, sameIr, settleDecision } from "@acteon/rules";
import type { NativeRule, Rule, RuleSet } from "@acteon/rules";
import { semanticProperties } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import { generateSituations } from "./generated-situations.ts";
import type { Situation } from "./generated-situations.ts";
import { reasons } from "./reasons.ts";
import { data } from "./rules/documents.ts";
import { topics } from "./rules/topics.ts";
import { RuleReader } from "./rule-reader.ts";
import type { SaidRule } from "./rule-reader.ts";

const reader = new RuleReader(data);
const situations = generateSituations(1_000);

test("there are 50 rules and more, each under one name", () => {
  const names = Object.values(topics).flatMap((rules) => Object.keys(rules));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(50);
});

describe.each(Object.entries(topics))("%s", (_, rules) => {
  describe.each(Object.entries(rules))("%s", (name, rule) => {
    const said = reader.read(rule);
    const base = said.findLast(({ because }) => because === undefined)!;

    test.each(said.map((each) => [each.language, each] as const))("%s says it", (_, { rule, because }) => {
      expect(rule.name).toBe(name);
      expect(headOf(rule)).toEqual(headOf(base.rule));
      const isSame = sameIr(rule, base.rule, semanticProperties);
      if (because === undefined) expect(isSame, "by the same IR").toBe(true);
      else expect(isSame, `by the same IR, though it should not be: ${reasons[because]}`).toBe(false);
    });

    test("1,000 generated actions are decided alike in every language", async () => {
      const expected = await decisionsOf([base]);
      for (const each of said) expect(differenceOf(await decisionsOf([each]), expected), each.language).toBeUndefined();
      const decided = expected.filter((decision) => decision.startsWith(`{"by":"${name}"`)).length;
      expect(decided > 0, "it decides some of them").toBe(base.rule.enabled);
      expect(decided < situations.length, "and some not").toBe(!isForEverything(base.rule));
      expect(expected.some((decision) => decision.includes('"error"'))).toBe(false);
    });
  });

  test("together they decide 1,000 generated actions alike in every language", async () => {
    const all = Object.values(rules).map((rule) => reader.read(rule));
    const inLanguage = (language: string) => all.map((said) => said.find((each) => each.language === language)!);
    const expected = await decisionsOf(inLanguage("native"));
    for (const language of ["yaml", "cel", "rego", "drools"]) {
      expect(differenceOf(await decisionsOf(inLanguage(language)), expected), language).toBeUndefined();
    }
  });
});

function headOf({ name, priority, enabled, description, metadata, onError, ...rule }: Rule | NativeRule) {
  const timezone = rule.kind === "rule" ? rule.timezone : undefined;
  return { name, priority, enabled, description, metadata, onError, timezone };
}

function isForEverything(rule: Rule | NativeRule): boolean {
  return rule.kind === "rule" && rule.condition.kind === "literal" && rule.condition.value === true;
}

/** The first situation in which they differ. */
function differenceOf(decisions: readonly string[], expected: readonly string[]) {
  const place = decisions.findIndex((decision, i) => decision !== expected[i]);
  return place === -1 ? undefined : { ...situations[place], decided: decisions[place], expected: expected[place] };
}

/** What some rules decide in each situation, and what comes of it, as texts that can be compared. */
async function decisionsOf(said: readonly SaidRule[]): Promise<readonly string[]> {
  const engine = new RuleEngine({ frontEnds: reader.frontEnds });
  const loaded = await engine.loadNative(said.map(({ rule }) => rule));
  if (loaded.kind === "rejected") throw new Error(JSON.stringify(loaded.diagnostics));
  const rules = engine.current();
  return Promise.all(situations.map((situation) => decisionText(rules, situation)));
}

async function decisionText(rules: RuleSet, { action, environment, state }: Situation): Promise<string> {
  const port = fixedStatePort(state, environment.nowMs);
  const decision = await evaluatePlan(rules.plan(action, environment), action, port);
  const { rule, verdict } = await settleDecision(decision, action, port);
  return JSON.stringify({ by: rule?.name, verdict, ...decision }, (key, value) =>
    key === "rule" ? value?.name : value,
  );
}
