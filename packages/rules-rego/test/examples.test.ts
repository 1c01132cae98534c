import { readFileSync } from "node:fs";
import path from "node:path";
import { TinyStore, actionOf } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import { decide, ruleSetOf } from "./decide.ts";

/** What every language's examples have in common, `tools/languages` tests. */
const example = readFileSync(path.resolve(import.meta.dirname, "../../../rules/rego/alert_policies.rego"), "utf8");

describe("the Rego example of the design document", () => {
  const alert = (alert_key: string) =>
    actionOf({ provider: "pagerduty", action_type: "trigger", payload: { service: "db", alert_key } });

  test("of two equal alerts within five minutes the second is deduplicated, and cites file and line", async () => {
    const rules = await ruleSetOf(example);
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
    const rules = await ruleSetOf(example, { maintenance_windows });
    const message = (service: string, provider = "slack") => actionOf({ provider, payload: { service } });
    expect(await decide(rules, message("cache"))).toMatchObject({
      verdict: "suppress",
      rule: { name: "suppress_maintenance" },
    });
    expect(await decide(rules, message("web"))).toMatchObject({ verdict: "allow" });
    expect(await decide(rules, message("cache", "mail"))).toMatchObject({ verdict: "allow" });
  });

  test("without configured windows nothing is suppressed, and an alert without a key is no duplicate", async () => {
    const rules = await ruleSetOf(example);
    const store = new TinyStore();
    const keyless = actionOf({ provider: "pagerduty", action_type: "trigger", payload: { service: "db" } });
    expect(await decide(rules, keyless, store)).toMatchObject({ verdict: "allow" });
    expect(await decide(rules, keyless, store)).toMatchObject({ verdict: "allow" });
  });
});
