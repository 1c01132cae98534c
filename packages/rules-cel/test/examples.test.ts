import { TinyStore, actionOf } from "@acteon/rules/conformance";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createCelFrontEnd } from "../src/index.ts";
import { decide, ruleSetOf } from "./decide.ts";
import { environment } from "./evaluate.ts";

function shipped(name: string): string {
  return readFileSync(path.resolve(import.meta.dirname, "../../../rules/cel", name), "utf8");
}

describe("the CEL example of the design document", () => {
  const alert = (dedup_key: string) => actionOf({ payload: { channel: "#alerts-db" }, dedup_key });

  test("of two equal alerts within five minutes the second is deduplicated, and cites file and line", async () => {
    const rules = await ruleSetOf(shipped("slack_dedup.cel"));
    const store = new TinyStore();
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({ verdict: "allow" });
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({
      verdict: "deduplicate",
      rule: { name: "slack-dedup", file: "rules/a.cel", line: 3 },
    });
    expect(await decide(rules, alert("cpu-hot"), store)).toMatchObject({ verdict: "allow" });
    store.nowMs += 5 * 60_000;
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({ verdict: "allow" });
  });

  test("with the breaker of the first provider open the backup is taken", async () => {
    const rules = await ruleSetOf(shipped("slack_dedup.cel"));
    const open = { ...environment.health, circuitOpen: (provider: string) => provider === "slack-primary" };
    const message = actionOf({ payload: { channel: "#random" } });
    expect(await decide(rules, message, new TinyStore(), open)).toMatchObject({
      verdict: "reroute",
      rule: { name: "reroute-to-backup" },
    });
    expect(await decide(rules, message)).toMatchObject({ verdict: "allow" });
  });

  test("without a channel it is an error: CEL has no missing fields", async () => {
    const rules = await ruleSetOf(shipped("slack_dedup.cel"));
    expect(await decide(rules, actionOf())).toMatchObject({ verdict: "error" });
    expect(await decide(rules, actionOf({ provider: "mail" }))).toMatchObject({ verdict: "allow" });
  });
});

describe("pages", () => {
  const page = (payload: Record<string, string | { start: string; end: string }[]>) =>
    actionOf({ provider: "pagerduty", payload });

  test("the eleventh page of a service in a minute is throttled, and those of another are not", async () => {
    const rules = await ruleSetOf(shipped("pages.cel"));
    const store = new TinyStore();
    for (let i = 0; i < 10; i++) {
      expect(await decide(rules, page({ service: "db" }), store)).toMatchObject({ verdict: "allow" });
    }
    expect(await decide(rules, page({ service: "db" }), store)).toMatchObject({
      verdict: "throttle",
      rule: { name: "throttle-pages" },
    });
    expect(await decide(rules, page({ service: "web" }), store)).toMatchObject({ verdict: "allow" });
    store.nowMs += 60_000;
    expect(await decide(rules, page({ service: "db" }), store)).toMatchObject({ verdict: "allow" });
  });

  test("in a maintenance window nobody is paged", async () => {
    const rules = await ruleSetOf(shipped("pages.cel"));
    const window = (start: string, end: string) => ({ service: "db", maintenance: [{ start, end }] });
    expect(await decide(rules, page(window("2026-03-01T11:00:00Z", "2026-03-01T13:00:00+00:00")))).toMatchObject({
      verdict: "suppress",
      reason: "maintenance of db",
    });
    expect(await decide(rules, page(window("2026-03-02T11:00:00Z", "2026-03-02T13:00:00Z")))).toMatchObject({
      verdict: "allow",
    });
  });
});

describe("every verdict", () => {
  test.each([
    ["allow", { verdict: "allow", rule: { name: "r" } }],
    ['deny, reason = "no " + action.provider', { verdict: "deny", reason: "no slack" }],
    ['deny, reason = "no more than " + action.payload.n', { verdict: "deny", reason: "no more than 5" }],
    ['deny, reason = "no " + action.payload.nothing', { verdict: "error" }],
    ['reroute, to = action.provider + "-backup"', { verdict: "reroute" }],
    ['suppress, reason = "quiet", duration = "1h"', { verdict: "suppress", reason: "quiet" }],
    ["reroute, to = action.payload.backup", { verdict: "reroute" }],
    ['throttle, rate = 0, window = "1m"', { verdict: "throttle" }],
    ["deduplicate", { verdict: "deduplicate", rule: { name: "r" } }],
    ['custom, handler = "h", params = {"who": action.tenant}', { verdict: "custom" }],
  ])("@on(%s)", async (on, settled) => {
    const rules = await ruleSetOf(`@rule(name = "r")\n@on(${on})\ntrue\n`);
    expect(await decide(rules, actionOf({ payload: { backup: "sms", n: 5, nothing: null } }))).toMatchObject(settled);
  });

  test("modify: merge, set, remove and rename, and later rules still decide", async () => {
    const rules = await ruleSetOf(`@rule(name = "change")
@on(modify, merge = {"a": null}, set = {"d.e": action.payload.n + 1}, remove = ["x.y"], rename = {"old": "new"})
true

@rule(name = "last") @on(reroute, to = "sms") action.payload.a == 1
`);
    const plan = rules.plan(actionOf({ payload: { a: 1, n: 5, x: { y: 1, z: 2 }, old: [1] } }), environment);
    expect(plan).toMatchObject({
      kind: "known",
      decision: {
        end: { kind: "execute", verdict: "reroute", payload: { n: 5, x: { z: 2 }, d: { e: 6 }, new: [1] } },
      },
    });
  });
});

describe("the names that rules have", () => {
  const holds = async (condition: string, store = new TinyStore()) => {
    const frontEnd = createCelFrontEnd({ data: { vips: ["ann"], limits: { slack: { "max-size": 3 } } } });
    const rules = await ruleSetOf(`@rule(name = "r") @on(deny)\n${condition}`, frontEnd);
    const settled = await decide(rules, actionOf({ payload: { who: "ann", n: 3, ratio: 2.5 } }), store);
    if (settled.verdict === "error") throw new Error(JSON.stringify(settled));
    return settled.verdict === "deny";
  };

  test.each([
    ["action.payload.who in data.vips", true],
    ['data.limits.slack["max-size"] == action.payload.n', true],
    ["has(data.limits.slack) && !has(data.limits.sms) && !has(data.none)", true],
    ["data.limits.?sms.orValue(1) == 1", true],
    ['env.REGION == "eu"', true],
    ['env.circuit_breaker("broken").is_open()', true],
    ['env.health("slack").latency_p99 < duration("300ms")', true],
    ['env.health("slack").failure_rate > 0.4', true],
    ["time.hour == 12 && now.getFullYear() == 2026", true],
    ['action.type == "message" && action.dedup_key() == action.id', true],
    ["action.payload.n + action.payload.ratio == 5.5", true],
    ["action.payload.n / 2 == 1", true],
    ["action.payload.?missing.orValue(7) == 7", true],
    ["has(action.payload.missing)", false],
    ['state.seen("k")', false],
    ['state.get("since") == "2026-03-01T11:00:00Z"', true],
    ['state.time_since("since") == duration("1h")', true],
    ['state.counter("c", "1m") > 0', true],
    ["action.payload.missing == 1 || true", true],
  ])("%s", async (condition, expected) => {
    const store = new TinyStore();
    store.entries.set("since", "2026-03-01T11:00:00Z");
    expect(await holds(condition, store)).toBe(expected);
  });
});
