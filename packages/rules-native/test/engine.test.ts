import { createAction } from "@acteon/core";
import type { Action } from "@acteon/core";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import { evaluatePlan, fixedStatePort, RuleEngine, settleDecision } from "@acteon/rules";
import type { NativeRule, Rule, RuleEnvironment, Settled } from "@acteon/rules";
import { expect, test } from "vitest";

import { circuitOpen, counter, dedupKey, defineRule, field, rule, seen, text } from "../src/index.ts";
import { smartReroute } from "../../../rules/native/smart-reroute.ts";

function actionTo(provider: string, payload: Record<string, string | number> = {}): Action {
  const input = { id: "a-1", namespace: "ops", provider, actionType: "message", payload };
  return createAction(input, { clock: createFakeClock(), random: createSeededRandom(1) });
}

/** Slack is slow and its circuit is open; everybody else is well. */
const environment: RuleEnvironment = {
  nowMs: 1_000_000,
  variables: {},
  health: {
    circuitOpen: (provider) => provider === "slack",
    latencyP99Ms: (provider) => (provider === "slack" ? 9_000 : 20),
    failureRate: () => 0,
  },
};

async function decide(
  rules: readonly (Rule | NativeRule)[],
  action: Action,
  { seenKeys = [], counters = {} }: { seenKeys?: readonly string[]; counters?: Record<string, number> } = {},
): Promise<Settled> {
  const engine = new RuleEngine();
  expect(await engine.loadNative(rules)).toMatchObject({ kind: "loaded", diagnostics: [] });
  const state = fixedStatePort(
    {
      entries: new Map(),
      counters: new Map(Object.entries(counters)),
      seen: new Map(seenKeys.map((key) => [key, environment.nowMs])),
    },
    environment.nowMs,
  );
  const plan = engine.current().plan(action, environment);
  return settleDecision(await evaluatePlan(plan, action, state), action, state);
}

test("a function decides, at once or later", async () => {
  const now = defineRule({ name: "now", evaluate: () => ({ kind: "suppress", reason: "no" }) });
  expect(await decide([now], actionTo("sms"))).toMatchObject({
    verdict: "suppress",
    rule: { name: "now" },
    reason: "no",
  });
  const later = defineRule({ name: "later", evaluate: async () => ({ kind: "deny" }) });
  expect(await decide([later], actionTo("sms"))).toMatchObject({ verdict: "deny", rule: { name: "later" } });
  const never = defineRule({ name: "never", evaluate: async () => undefined });
  expect(await decide([never], actionTo("sms"))).toMatchObject({ verdict: "allow", rule: undefined });
});

test("what a function throws is an error that names the rule, its file and its line", async () => {
  const broken = defineRule({
    name: "broken",
    evaluate: () => {
      throw new TypeError("no such backup");
    },
  });
  const rejected = defineRule({ name: "rejected", evaluate: () => Promise.reject(new Error("not found")) });
  for (const [native, reason] of [
    [broken, "no such backup"],
    [rejected, "not found"],
  ] as const) {
    expect(await decide([native], actionTo("sms"))).toMatchObject({
      verdict: "error",
      reason: expect.stringContaining(reason),
      rule: { name: native.name, file: expect.stringMatching(/engine\.test\.ts$/), line: native.span.start.line },
    });
  }
});

test("an error of a rule that says so counts as not matched", async () => {
  const skipped = defineRule({ name: "skipped", onError: "skip", evaluate: () => Promise.reject(new Error("no")) });
  const next = rule("next").priority(1).when().deny();
  expect(await decide([skipped, next], actionTo("sms"))).toMatchObject({ verdict: "deny", rule: { name: "next" } });
});

test("functions and built rules stand in one order: priority, then as registered", async () => {
  const second = defineRule({ name: "second", priority: 5, evaluate: () => ({ kind: "allow" }) });
  const first = rule("first").priority(-5).when().deny();
  expect(await decide([second, first], actionTo("sms"))).toMatchObject({ rule: { name: "first" } });
  const equal = rule("equal").priority(5).when().deny();
  expect(await decide([second, equal], actionTo("sms"))).toMatchObject({ rule: { name: "second" } });
});

test("a built rule is a gate as one of a file is", async () => {
  const once = rule("once").when(seen(dedupKey, "5m")).deduplicate({ key: dedupKey, window: "5m" });
  expect(await decide([once], actionTo("sms"))).toMatchObject({ verdict: "allow", rule: undefined });
  expect(await decide([once], actionTo("sms"), { seenKeys: ["a-1"] })).toMatchObject({ verdict: "deduplicate" });
  const perService = rule("per-service")
    .when(counter(text`${field("action.payload.service")}:alerts`, "1m").greaterThan(2))
    .throttle({ rate: 2, window: "1m" });
  const action = actionTo("sms", { service: "db" });
  expect(await decide([perService], action, { counters: { "db:alerts": 1 } })).toMatchObject({ verdict: "allow" });
  expect(await decide([perService], action, { counters: { "db:alerts": 2 } })).toMatchObject({ verdict: "throttle" });
});

test("a reason may have holes, and an absent one is empty", async () => {
  const told = rule("told")
    .when()
    .suppress({ reason: text`${field("action.provider")}: ${field("action.payload.why")}` });
  expect(await decide([told], actionTo("sms"))).toMatchObject({ reason: "sms: " });
  expect(await decide([told], actionTo("sms", { why: 5 }))).toMatchObject({ reason: "sms: 5" });
});

test("what only the engine can know is wrong is refused at load, where the rule was defined", async () => {
  const engine = new RuleEngine();
  const backReference = rule("r").when(field("action.id").matches("(a)\\1")).allow();
  const loaded = await engine.loadNative([backReference]);
  expect(loaded).toMatchObject({ kind: "rejected", diagnostics: [{ code: "ACT-R016", span: backReference.span }] });
});

test("the example of the design document reroutes what is slow, and a rule may ask for an open circuit", async () => {
  expect(await decide([smartReroute], actionTo("slack"))).toMatchObject({
    verdict: "reroute",
    rule: { name: "smart-reroute" },
  });
  expect(await decide([smartReroute], actionTo("sms"))).toMatchObject({ verdict: "allow" });
  expect(await decide([rule("r").when(circuitOpen("slack")).deny()], actionTo("sms"))).toMatchObject({
    verdict: "deny",
  });
  expect(await decide([rule("r").when(circuitOpen("sms")).deny()], actionTo("slack"))).toMatchObject({
    verdict: "allow",
  });
});
