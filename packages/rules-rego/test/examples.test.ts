import { readFileSync } from "node:fs";
import path from "node:path";
import type { JsonObject } from "@acteon/core";
import { TinyStore, actionOf } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import { decide, health, ruleSetOf } from "./decide.ts";

function shipped(name: string): string {
  return readFileSync(path.resolve(import.meta.dirname, "../../../rules/rego", name), "utf8");
}

describe("the Rego example of the design document", () => {
  const alert = (alert_key: string) =>
    actionOf({ provider: "pagerduty", action_type: "trigger", payload: { service: "db", alert_key } });

  test("of two equal alerts within five minutes the second is deduplicated, and cites file and line", async () => {
    const rules = await ruleSetOf(shipped("alert_policies.rego"));
    const store = new TinyStore();
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({ verdict: "allow" });
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({
      verdict: "deduplicate",
      rule: { name: "deduplicate_alert", line: 9 },
    });
    expect(await decide(rules, alert("cpu-hot"), store)).toMatchObject({ verdict: "allow" });
    store.nowMs += 5 * 60_000;
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({ verdict: "allow" });
  });

  test("in a configured maintenance window the alerts of its services are suppressed", async () => {
    const hour = 3_600_000_000_000;
    const noon = Date.UTC(2026, 2, 1, 12) * 1_000_000;
    const maintenance_windows = [
      { start: noon - 9 * hour, end: noon - 8 * hour, services: ["web"] },
      { start: noon - hour, end: noon + hour, services: ["db", "cache"] },
    ];
    const rules = await ruleSetOf(shipped("alert_policies.rego"), { maintenance_windows });
    const message = (service: string, provider = "slack") => actionOf({ provider, payload: { service } });
    expect(await decide(rules, message("cache"))).toMatchObject({
      verdict: "suppress",
      rule: { name: "suppress_maintenance" },
    });
    expect(await decide(rules, message("web"))).toMatchObject({ verdict: "allow" });
    expect(await decide(rules, message("cache", "mail"))).toMatchObject({ verdict: "allow" });
  });

  test("without configured windows nothing is suppressed, and an alert without a key is no duplicate", async () => {
    const rules = await ruleSetOf(shipped("alert_policies.rego"));
    const store = new TinyStore();
    const keyless = actionOf({ provider: "pagerduty", action_type: "trigger", payload: { service: "db" } });
    expect(await decide(rules, keyless, store)).toMatchObject({ verdict: "allow" });
    expect(await decide(rules, keyless, store)).toMatchObject({ verdict: "allow" });
  });
});

describe("Slack", () => {
  const message = (channel: string) => actionOf({ payload: { channel }, dedup_key: "disk-full" });

  test("the second of two equal alerts is deduplicated, of other messages none", async () => {
    const rules = await ruleSetOf(shipped("alerts.rego"));
    const store = new TinyStore();
    expect(await decide(rules, message("#alerts-db"), store)).toMatchObject({ verdict: "allow" });
    expect(await decide(rules, message("#alerts-db"), store)).toMatchObject({
      verdict: "deduplicate",
      rule: { name: "deduplicate_slack" },
    });
    expect(await decide(rules, message("#random"), store)).toMatchObject({ verdict: "allow" });
  });

  test("with the breaker of the first provider open the backup is taken", async () => {
    const rules = await ruleSetOf(shipped("alerts.rego"));
    const open = { ...health, circuitOpen: (provider: string) => provider === "slack-primary" };
    expect(await decide(rules, message("#random"), new TinyStore(), open)).toMatchObject({
      verdict: "reroute",
      rule: { name: "reroute_to_backup" },
    });
  });
});

describe("pages", () => {
  const page = (payload: JsonObject) => actionOf({ provider: "pagerduty", payload });

  test("the eleventh page of a service in a minute is throttled, and those of another are not", async () => {
    const rules = await ruleSetOf(shipped("pages.rego"));
    const store = new TinyStore();
    for (let i = 0; i < 10; i++) {
      expect(await decide(rules, page({ service: "db" }), store)).toMatchObject({ verdict: "allow" });
    }
    expect(await decide(rules, page({ service: "db" }), store)).toMatchObject({
      verdict: "throttle",
      rule: { name: "throttle_pages" },
    });
    expect(await decide(rules, page({ service: "web" }), store)).toMatchObject({ verdict: "allow" });
    store.nowMs += 60_000;
    expect(await decide(rules, page({ service: "db" }), store)).toMatchObject({ verdict: "allow" });
  });

  test("in a maintenance window nobody is paged", async () => {
    const rules = await ruleSetOf(shipped("pages.rego"));
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
