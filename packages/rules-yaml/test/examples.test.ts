import { TinyStore, actionOf } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";

import { decide, ruleSetOf } from "./decide.ts";
import { designDocumentExample } from "./design-document-example.ts";
import { rulesOf } from "./problems.ts";

describe("the YAML example of the design document", () => {
  const alert = (dedup_key: string) => actionOf({ provider: "slack", payload: { channel: "#alerts-db" }, dedup_key });
  const page = (service: string) => actionOf({ provider: "pagerduty", payload: { service } });

  test("loads as written", () => {
    expect(rulesOf(designDocumentExample).map(({ name, priority }) => [name, priority])).toEqual([
      ["deduplicate-slack-alerts", 100],
      ["throttle-pagerduty", 90],
    ]);
  });

  test("of two equal alerts within five minutes the second is deduplicated, and cites file and line", async () => {
    const rules = await ruleSetOf(designDocumentExample);
    const store = new TinyStore();
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({ verdict: "allow" });
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({
      verdict: "deduplicate",
      rule: { name: "deduplicate-slack-alerts", file: "rules/a.yaml", line: 4 },
    });
    expect(await decide(rules, alert("cpu-hot"), store)).toMatchObject({ verdict: "allow" });
    store.nowMs += 5 * 60_000;
    expect(await decide(rules, alert("disk-full"), store)).toMatchObject({ verdict: "allow" });
  });

  test("without a dedup key the id tells alerts apart, and other channels are not asked", async () => {
    const rules = await ruleSetOf(designDocumentExample);
    const store = new TinyStore();
    const action = actionOf({ payload: { channel: "#alerts" } });
    await decide(rules, action, store);
    expect(await decide(rules, action, store)).toMatchObject({ verdict: "deduplicate" });
    expect(await decide(rules, actionOf({ payload: { channel: "#random" } }), store)).toMatchObject({
      verdict: "allow",
    });
  });

  test("the eleventh page of a service in a minute is throttled, and those of another are not", async () => {
    const rules = await ruleSetOf(designDocumentExample);
    const store = new TinyStore();
    for (let i = 0; i < 10; i++) expect(await decide(rules, page("db"), store)).toMatchObject({ verdict: "allow" });
    expect(await decide(rules, page("db"), store)).toMatchObject({
      verdict: "throttle",
      rule: { name: "throttle-pagerduty" },
    });
    expect(await decide(rules, page("web"), store)).toMatchObject({ verdict: "allow" });
    store.nowMs += 60_000;
    expect(await decide(rules, page("db"), store)).toMatchObject({ verdict: "allow" });
  });

  test("a page that names no service is an error, not a page of all services without one", async () => {
    const rules = await ruleSetOf(designDocumentExample);
    expect(await decide(rules, actionOf({ provider: "pagerduty" }))).toMatchObject({
      verdict: "error",
      rule: { name: "throttle-pagerduty" },
    });
  });
});

describe("the verdicts of the when / then dialect", () => {
  const one = (verdict: string, more = "") =>
    ruleSetOf(`rules:\n  - name: r\n    when: { all: [] }\n    then: ${verdict}\n${more}`);

  test.each([
    ["allow", { verdict: "allow", rule: { name: "r" } }],
    ["{ deny: { reason: 'no {{ action.provider }}' } }", { verdict: "deny", reason: "no slack" }],
    ["{ suppress: { reason: 'quiet: {{ action.payload.missing }}!' } }", { verdict: "suppress", reason: "quiet: !" }],
    ["{ reroute: { to: '{{ action.payload.backup }}' } }", { verdict: "reroute" }],
    ["{ throttle: { rate: 0, window: 1m } }", { verdict: "throttle" }],
    ["{ deduplicate: {} }", { verdict: "deduplicate", rule: { name: "r" } }],
    ["{ custom: { handler: h, params: { who: '{{ action.tenant }}' } } }", { verdict: "custom" }],
  ])("%s", async (verdict, settled) => {
    expect(await decide(await one(verdict), actionOf({ payload: { backup: "sms" } }))).toMatchObject(settled);
  });

  test("modify: merge, set, remove and rename, in the order in which they are written, and later rules still decide", async () => {
    const rules = await one(
      "{ modify: { merge: { a: null, b: { c: 1 } }, set: { d.e: '{{ action.payload.n }}', t: 'n={{ action.payload.n }}' }, remove: [x.y], rename: { old: new } } }",
      "  - { name: last, when: { field: action.payload.a, equals: 1 }, then: { reroute: { to: sms } } }\n",
    );
    const action = actionOf({ payload: { a: 1, n: 5, x: { y: 1, z: 2 }, old: [1] } });
    const plan = rules.plan(action, { nowMs: 0, health: neverAsked, variables: {} });
    expect(plan).toMatchObject({
      kind: "known",
      decision: {
        end: {
          kind: "execute",
          verdict: "reroute",
          rerouteTo: "sms",
          payload: { b: { c: 1 }, d: { e: 5 }, t: "n=5", n: 5, x: { z: 2 }, new: [1] },
        },
      },
    });
  });

  test("custom: the handler gets the parameters with their types", async () => {
    const rules = await one(
      "{ custom: { handler: h, params: { n: '{{ action.payload.n }}', text: 'n={{ action.payload.n }}' } } }",
    );
    const plan = rules.plan(actionOf({ payload: { n: 5 } }), { nowMs: 0, health: neverAsked, variables: {} });
    expect(plan).toMatchObject({ decision: { end: { kind: "custom", handler: "h", params: { n: 5, text: "n=5" } } } });
  });

  test("templates: functions, the hour, variables and numbers", async () => {
    const rules = await one(
      '{ deny: { reason: \'{{ upper(action.provider) }} {{ lower("ÄB") }} {{ default(action.payload.x, "none") }} {{ time.hour }} {{ env.REGION }} {{ action.payload.list }}\' } }',
    );
    expect(await decide(rules, actionOf({ payload: { list: [1, { a: null }] } }))).toMatchObject({
      reason: 'SLACK äb none 12 eu [1,{"a":null}]',
    });
  });
});

const neverAsked = { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 } as const;
