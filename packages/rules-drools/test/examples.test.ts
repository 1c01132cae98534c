import { actionOf, TinyStore } from "@acteon/rules/conformance";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { decide, environmentAt, health, ruleSetOf } from "./decide.ts";

function shipped(name: string): string {
  return readFileSync(path.resolve(import.meta.dirname, "../../../rules/drools", name), "utf8");
}

describe("alerts", () => {
  const alert = (dedup_key: string) => actionOf({ payload: { channel: "#alerts-db" }, dedup_key });

  test("of two equal alerts within five minutes the second is deduplicated, and cites file and line", async () => {
    const rules = await ruleSetOf(shipped("alerts.drl"));
    const store = new TinyStore();
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({ verdict: "allow" });
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({
      verdict: "deduplicate",
      rule: { name: "slack-dedup", file: "rules/a.drl", line: 5 },
    });
    expect(await decide(rules, alert("cpu-hot"), store)).toMatchObject({ verdict: "allow" });
    store.nowMs += 5 * 60_000;
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({ verdict: "allow" });
  });

  test("with the breaker of the first provider open the backup is taken", async () => {
    const rules = await ruleSetOf(shipped("alerts.drl"));
    const open = { ...health, circuitOpen: (provider: string) => provider === "slack-primary" };
    const message = actionOf({ payload: { channel: "#random" } });
    expect(await decide(rules, message, new TinyStore(), open)).toMatchObject({
      verdict: "reroute",
      rule: { name: "reroute-to-backup" },
    });
    expect(await decide(rules, message)).toMatchObject({ verdict: "allow" });
  });

  test("without a channel it is no alert", async () => {
    const rules = await ruleSetOf(shipped("alerts.drl"));
    const store = new TinyStore();
    for (let i = 0; i < 2; i++) expect(await decide(rules, actionOf(), store)).toMatchObject({ verdict: "allow" });
  });
});

describe("pages", () => {
  const page = (payload: Record<string, string | { start: string; end: string }[]>) =>
    actionOf({ provider: "pagerduty", payload });

  test("the eleventh page of a service in a minute is throttled, and those of another are not", async () => {
    const rules = await ruleSetOf(shipped("pages.drl"));
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
    const rules = await ruleSetOf(shipped("pages.drl"));
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
    ["allow()", { verdict: "allow", rule: { name: "r" } }],
    ["deny()", { verdict: "deny" }],
    ['deny("no " + $a.provider)', { verdict: "deny", reason: "no slack" }],
    ["suppress()", { verdict: "suppress" }],
    ['suppress("quiet", "1h")', { verdict: "suppress", reason: "quiet" }],
    ["reroute($a.payload.backup)", { verdict: "reroute", rule: { name: "r" } }],
    ['throttle(0, "1m")', { verdict: "throttle" }],
    ["throttle(0, 1m)", { verdict: "throttle" }],
    ["deduplicate()", { verdict: "deduplicate", rule: { name: "r" } }],
    ['deduplicate($a.tenant + ":" + $a.payload.backup, 5m)', { verdict: "deduplicate" }],
    ['custom("h")', { verdict: "custom" }],
    ['custom("h", ["who": $a.tenant, "n": 1])', { verdict: "custom" }],
  ])("%s", async (act, settled) => {
    const rules = await ruleSetOf(`rule "r" when $a : Action() then ${act}; end`);
    expect(await decide(rules, actionOf({ payload: { backup: "sms" } }))).toMatchObject(settled);
  });

  test("a provider to reroute to may be one that the action names", async () => {
    const rules = await ruleSetOf('rule "r" when $a : Action() then reroute($a.payload.backup); end');
    const plan = rules.plan(actionOf({ payload: { backup: "sms" } }), environmentAt(0));
    expect(plan).toMatchObject({ decision: { end: { rerouteTo: "sms" } } });
  });

  test("a key with a part that is null is an error: what is unrelated would share it", async () => {
    const rules = await ruleSetOf('rule "r" when $a : Action() then deduplicate("k:" + $a.payload.missing, "5m"); end');
    expect(await decide(rules, actionOf())).toMatchObject({ verdict: "error" });
  });

  const payloadAfter = async (acts: string) => {
    const rules = await ruleSetOf(`rule "r" when $a : Action( $n : payload.n ) then ${acts} end`);
    const action = actionOf({ payload: { a: 1, n: 5, x: { y: 1, z: 2 }, old: [1] } });
    const plan = rules.plan(action, environmentAt(0));
    if (plan.kind !== "known" || plan.decision.end.kind !== "execute") throw new Error(JSON.stringify(plan));
    return plan.decision.end.payload;
  };

  test.each([
    ['modify("d.e", $n + 1);', { a: 1, n: 5, x: { y: 1, z: 2 }, old: [1], d: { e: 6 } }],
    ['modify(["a": null, "x": ["y": "b"]]);', { n: 5, x: { y: "b", z: 2 }, old: [1] }],
    ["modify($a) { payload.a = payload.a + $n, payload.x.y = null }", { a: 6, n: 5, x: { y: null, z: 2 }, old: [1] }],
    [
      'modify($a) { payload["a-b"] = 1; payload.put("c", 2); payload.x.put("w", 3) }',
      { a: 1, n: 5, x: { y: 1, z: 2, w: 3 }, old: [1], "a-b": 1, c: 2 },
    ],
    ['modify($a) { getPayload().remove("x"), payload.rename("old", "new") };', { a: 1, n: 5, new: [1] }],
    ['modify($a) { payload.putAll(["a": 2]), payload.x.remove("y") }', { a: 2, n: 5, x: { z: 2 }, old: [1] }],
    ['modify("a", 2); modify("n", 3);', { a: 2, n: 3, x: { y: 1, z: 2 }, old: [1] }],
  ])("%s", async (acts, payload) => {
    expect(await payloadAfter(acts)).toEqual(payload);
  });

  test("after a change later rules still decide", async () => {
    const rules = await ruleSetOf(`
rule "change" when $a : Action() then modify($a) { payload.a = 2 } end
rule "last" when Action( payload.a == 1 ) then reroute("sms"); end
`);
    const plan = rules.plan(actionOf({ payload: { a: 1 } }), environmentAt(0));
    expect(plan).toMatchObject({ decision: { end: { kind: "execute", verdict: "reroute", payload: { a: 2 } } } });
  });
});
