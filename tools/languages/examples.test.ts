import { readdirSync } from "node:fs";
import path from "node:path";
import type { Action, JsonObject } from "@acteon/core";
import { evaluatePlan, RuleEngine, settleDecision } from "@acteon/rules";
import type { NativeRule, Rule, Settled } from "@acteon/rules";
import { actionOf, TinyStore } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import * as alerts from "../../rules/native/alerts.ts";
import * as pages from "../../rules/native/pages.ts";
import { RuleReader } from "./rule-reader.ts";

/** The examples of each language are one family: whichever of them is loaded, the same is done. */

const rules = path.resolve(import.meta.dirname, "../../rules");

const examples: Readonly<Record<string, readonly string[] | readonly (Rule | NativeRule)[]>> = {
  yaml: ["yaml/simple.yaml", "yaml/expressions.yaml"],
  cel: ["cel/slack_dedup.cel", "cel/pages.cel"],
  rego: ["rego/alerts.rego", "rego/pages.rego"],
  drools: ["drools/alerts.drl", "drools/pages.drl"],
  native: [...Object.values(alerts), ...Object.values(pages)],
};

test("every language with a folder of examples is asked", () => {
  const folders = readdirSync(rules).filter((name) => name !== "starter");
  expect(Object.keys(examples).toSorted()).toEqual(folders.toSorted());
});

const minuteMs = 60_000;

const alert = (dedup_key: string) => actionOf({ payload: { channel: "#alerts-db" }, dedup_key });
const page = (service: string, more = {}) => actionOf({ provider: "pagerduty", payload: { service, ...more } });

describe.each(Object.entries(examples))("rules/%s", (_, sources) => {
  test("of two equal alerts within five minutes the second is deduplicated", async () => {
    const { decide, store } = await loaded(sources);
    expect(await decide(alert("disk-full"))).toMatchObject({ verdict: "allow" });
    expect(await decide(alert("disk-full"))).toMatchObject({ verdict: "deduplicate" });
    expect(await decide(alert("cpu-hot"))).toMatchObject({ verdict: "allow" });
    store.nowMs += 5 * minuteMs;
    expect(await decide(alert("disk-full"))).toMatchObject({ verdict: "allow" });
  });

  test("the eleventh page of a service in a minute is throttled, and those of another are not", async () => {
    const { decide, store } = await loaded(sources);
    for (let i = 0; i < 10; i++) expect(await decide(page("db"))).toMatchObject({ verdict: "allow" });
    expect(await decide(page("db"))).toMatchObject({ verdict: "throttle" });
    expect(await decide(page("web"))).toMatchObject({ verdict: "allow" });
    store.nowMs += minuteMs;
    expect(await decide(page("db"))).toMatchObject({ verdict: "allow" });
  });

  test("while the breaker of the first provider is open, the backup is taken", async () => {
    const { decide } = await loaded(sources);
    const message = actionOf({ payload: { channel: "#random" } });
    expect(await decide(message)).toMatchObject({ verdict: "allow" });
    expect(await decide(message, "slack-primary")).toMatchObject({ verdict: "reroute" });
  });

  test("in a maintenance window nobody is paged", async () => {
    const { decide } = await loaded(sources);
    const from = (start: string, end: string) => page("db", { maintenance: [{ start, end }] });
    expect(await decide(from("2026-03-01T11:00:00Z", "2026-03-01T13:00:00Z"))).toMatchObject({
      verdict: "suppress",
      reason: "maintenance of db",
    });
    expect(await decide(from("2026-03-02T11:00:00Z", "2026-03-02T13:00:00Z"))).toMatchObject({ verdict: "allow" });
  });
});

describe("rules/rego/alert_policies.rego, of the design document", () => {
  const policies = ["rego/alert_policies.rego"];
  const trigger = (alert_key: string) =>
    actionOf({ provider: "pagerduty", action_type: "trigger", payload: { service: "db", alert_key } });

  test("of two equal alerts within five minutes the second is deduplicated", async () => {
    const { decide, store } = await loaded(policies);
    expect(await decide(trigger("disk"))).toMatchObject({ verdict: "allow" });
    expect(await decide(trigger("disk"))).toMatchObject({
      verdict: "deduplicate",
      rule: { name: "deduplicate_alert" },
    });
    expect(await decide(trigger("cpu"))).toMatchObject({ verdict: "allow" });
    store.nowMs += 5 * minuteMs;
    expect(await decide(trigger("disk"))).toMatchObject({ verdict: "allow" });
  });

  test("what is in a configured maintenance window is suppressed", async () => {
    const ns = (time: string) => Date.parse(time) * 1_000_000;
    const window = { start: ns("2026-03-01T11:00:00Z"), end: ns("2026-03-01T13:00:00Z"), services: ["db"] };
    const { decide, store } = await loaded(policies, { maintenance_windows: [window] });
    expect(await decide(page("db"))).toMatchObject({ verdict: "suppress", rule: { name: "suppress_maintenance" } });
    expect(await decide(page("web"))).toMatchObject({ verdict: "allow" });
    store.nowMs += 120 * minuteMs;
    expect(await decide(page("db"))).toMatchObject({ verdict: "allow" });
  });
});

async function loaded(sources: readonly string[] | readonly (Rule | NativeRule)[], data: JsonObject = {}) {
  const engine = new RuleEngine({ frontEnds: new RuleReader(data).frontEnds });
  for (const source of sources) {
    const result = typeof source === "string" ? engine.loadFile(path.join(rules, source)) : engine.loadNative([source]);
    expect(await result).toMatchObject({ kind: "loaded", diagnostics: [] });
  }
  const store = new TinyStore();
  const decide = async (action: Action, brokenProvider?: string): Promise<Settled> => {
    const health = {
      circuitOpen: (provider: string) => provider === brokenProvider,
      latencyP99Ms: () => undefined,
      failureRate: () => 0,
    };
    const plan = engine.current().plan(action, { nowMs: store.nowMs, health, variables: {} });
    return settleDecision(await evaluatePlan(plan, action, store), action, store);
  };
  return { decide, store };
}
