import { TinyStore, actionOf } from "@acteon/rules/conformance";
import type { JsonValue } from "@acteon/core";
import { describe, expect, test } from "vitest";

import { decide, ruleSetOf } from "./decide.ts";
import { conditionAction } from "./problems.ts";

/** Does a condition hold of a payload? `error` where the evaluation is one. */
async function holds(condition: string, payload: JsonValue = {}, store = new TinyStore()): Promise<boolean | "error"> {
  const rules = await ruleSetOf(conditionAction({ condition, action: "{ type: deny }" }));
  const { verdict } = await decide(rules, actionOf({ payload }), store);
  return verdict === "error" ? "error" : verdict === "deny";
}

describe("operators (wire-api §26.4)", () => {
  test.each<[JsonValue, string, boolean | "error"]>([
    ["a", "eq: a", true],
    ["a", "eq: A", false],
    [1, "eq: 1.0", true],
    [1, "eq: '1'", false],
    [true, "eq: true", true],
    [true, "eq: 1", false],
    [[1, [2]], "eq: [1.0, [2]]", true],
    [[1, 2], "eq: [2, 1]", false],
    [{ a: 1 }, "eq: { a: 1 }", false],
    [{ a: 1 }, "ne: { a: 1 }", true],
    [[{ a: 1 }], "eq: [{ a: 1 }]", false],
    [null, "eq: a", false],
    [null, "ne: a", true],
    ["a", "ne: a", false],
    [5, "gt: 4", true],
    [5, "gt: 5", false],
    [5, "gte: 5.0", true],
    [5, "lt: 5.5", true],
    [5, "lte: 4", false],
    ["b", "gt: a", true],
    ["B", "gt: a", false],
    ["é", "gt: z", true],
    ["5", "gt: 4", "error"],
    [5, "gt: a", "error"],
    [null, "gt: 4", "error"],
    [null, "lte: 4", "error"],
    [[5], "lt: 6", "error"],
    [true, "gte: 1", "error"],
    ["abc", "contains: b", true],
    ["abc", "contains: B", false],
    [["a", "b"], "contains: b", true],
    [["ab"], "contains: b", false],
    [[], "contains: b", false],
    [null, "contains: b", "error"],
    [5, "contains: b", "error"],
    [{ b: 1 }, "contains: b", "error"],
    ["abc", "starts_with: ab", true],
    ["abc", "starts_with: b", false],
    [null, "starts_with: a", "error"],
    ["abc", "ends_with: bc", true],
    [["c"], "ends_with: c", "error"],
    ["abc", "matches: b", true],
    ["abc", "matches: '^b'", false],
    ["ABC", "matches: '(?i)b'", true],
    ["order 42!", "matches: '\\border\\s\\d+'", true],
    [null, "matches: a", "error"],
    ["b", "in_list: [a, b]", true],
    [1, "in_list: [1.0]", true],
    ["1", "in_list: [1]", false],
    [null, "in_list: [a]", false],
    [{ a: 1 }, "in_list: [{ a: 1 }]", false],
    [[1], "in_list: [[1]]", true],
    [5, "gt: 1, lt: 9", true],
    [5, "gt: 1, lt: 4", false],
    [5, "eq: null, gt: 1", true],
  ])("%j %s: %s", async (x, operator, expected) => {
    expect(await holds(`{ field: action.payload.x, ${operator} }`, { x })).toBe(expected);
  });
});

describe("field paths (wire-api §26.5)", () => {
  test.each<[string, boolean | "error"]>([
    ["action.provider, eq: slack", true],
    ["action.action_type, eq: message", true],
    ["action.tenant, eq: acme", true],
    ["action.metadata.team, eq: ops", true],
    ["action.metadata.none, ne: ops", true],
    ["action.dedup_key, ne: a", true],
    ["action.status, eq: a", false],
    ["action.created_at, eq: '2026-03-01T00:00:00Z'", true],
    ["action.payload.a.b, eq: 1", true],
    ["action.payload.a.none, ne: 1", true],
    ["action.payload.none.b, ne: 1", "error"],
    ["action.payload.text.b, ne: 1", "error"],
    ["action.payload.list.0, ne: 1", "error"],
    ["action.payload.nothing.b, ne: 1", "error"],
    ["action.nothing, ne: a", true],
    ["action.nothing.deep, ne: a", "error"],
    ["action.payload, ne: a", true],
    ["now, eq: 1772366400", true],
    ["now.x, ne: 1", "error"],
    ["time.hour, eq: 12", true],
    ["time.minute, eq: 0", true],
    ["time.second, eq: 0", true],
    ["time.day, eq: 1", true],
    ["time.month, eq: 3", true],
    ["time.year, eq: 2026", true],
    ["time.weekday, eq: Sunday", true],
    ["time.weekday_num, eq: 7", true],
    ["time.timestamp, eq: 1772366400", true],
    ["time.none, ne: 1", true],
    ["time, ne: 1", true],
    ["env.REGION, eq: eu", true],
    ["environment.REGION, eq: eu", true],
    ["env.NONE, ne: a", true],
    ["REGION, eq: eu", true],
    ["NONE, ne: a", "error"],
  ])("%s: %s", async (field, expected) => {
    const rules = await ruleSetOf(conditionAction({ condition: `{ field: ${field} }`, action: "{ type: deny }" }));
    const payload = { a: { b: 1 }, text: "t", list: [1], nothing: null };
    const { verdict } = await decide(rules, actionOf({ payload, metadata: { team: "ops" } }));
    expect(verdict === "error" ? "error" : verdict === "deny").toBe(expected);
  });
});

describe("all, any and their order (wire-api §26.3, §26.5)", () => {
  const isMessage = "{ field: action.action_type, eq: message }";
  const isPage = "{ field: action.action_type, eq: page }";
  const broken = "{ field: action.payload.none.deep, eq: 1 }";

  test.each<[string, boolean | "error"]>([
    ["{ all: [] }", true],
    ["{ any: [] }", false],
    [`{ all: [${isMessage}], any: [] }`, true],
    [`{ any: [], all: [${isMessage}] }`, true],
    [`{ all: [${isPage}, ${broken}] }`, false],
    [`{ all: [${isMessage}, ${broken}] }`, "error"],
    [`{ all: [${broken}, ${isPage}] }`, "error"],
    [`{ any: [${isMessage}, ${broken}] }`, true],
    [`{ any: [${broken}, ${isMessage}] }`, "error"],
    [`{ all: [{ any: [${isPage}, ${isMessage}] }] }`, true],
    [`{ not: ${isPage} }`, true],
  ])("%s: %s", async (condition, expected) => {
    expect(await holds(condition)).toBe(expected);
  });
});

describe("state (wire-api §26.3)", () => {
  test("state_seen: an RFC 3339 time in an entry, less than so many seconds ago", async () => {
    const store = new TinyStore();
    expect(await holds("{ state_seen: k }", {}, store)).toBe(false);
    expect(await holds("{ state_seen: k, within_seconds: 60 }", {}, store)).toBe(false);
    store.entries.set("k", new Date(store.nowMs - 60_000).toISOString());
    expect(await holds("{ state_seen: k }", {}, store)).toBe(true);
    expect(await holds("{ state_seen: k, within_seconds: 60 }", {}, store)).toBe(false);
    expect(await holds("{ state_seen: k, within_seconds: 61 }", {}, store)).toBe(true);
    store.entries.set("k", "not a time");
    expect(await holds("{ state_seen: k, within_seconds: 61 }", {}, store)).toBe("error");
  });

  test("state_counter: a counter that others increment, 0 when missing", async () => {
    const store = new TinyStore();
    expect(await holds("{ state_counter: k, eq: 0 }", {}, store)).toBe(true);
    store.counters.set("k", 3);
    expect(await holds("{ state_counter: k, gte: 3, lt: 4 }", {}, store)).toBe(true);
  });
});

describe("verdicts (wire-api §5.4)", () => {
  const two = (action: string) => `rules:
  - { name: first, priority: 1, condition: { all: [] }, action: ${action} }
  - { name: second, priority: 2, condition: { all: [] }, action: { type: deny } }
`;

  test.each([
    ["{ type: allow }", { verdict: "allow", rule: { name: "first" } }],
    ["{ type: suppress }", { verdict: "suppress", rule: { name: "first" } }],
    ["{ type: reroute, target_provider: sms }", { verdict: "reroute", rule: { name: "first" } }],
    ["{ type: deduplicate, ttl_seconds: 300 }", { verdict: "deduplicate", rule: { name: "first" } }],
    ["{ type: throttle, max_count: 1, window_seconds: 60 }", { verdict: "throttle", rule: { name: "first" } }],
    ["{ type: modify, changes: { a: 1 } }", { verdict: "modify", rule: { name: "first" } }],
  ])("%s ends the evaluation", async (action, settled) => {
    expect(await decide(await ruleSetOf(two(action)), actionOf())).toMatchObject(settled);
  });

  test("lower priority runs first, and ties in the order of the file", async () => {
    const text = `rules:
  - { name: later, priority: 5, condition: { all: [] }, action: { type: deny } }
  - { name: first, condition: { all: [] }, action: { type: suppress } }
  - { name: second, condition: { all: [] }, action: { type: deny } }
`;
    expect(await decide(await ruleSetOf(text), actionOf())).toMatchObject({ rule: { name: "first" } });
  });

  test("a rule that is not enabled is not asked", async () => {
    const text = two("{ type: allow }, enabled: false");
    expect(await decide(await ruleSetOf(text), actionOf())).toMatchObject({ rule: { name: "second" } });
  });

  test("the hour is that of the rule's time zone", async () => {
    const more = "    timezone: Asia/Kolkata\n";
    const condition = "{ field: time.hour, eq: 17 }";
    const rules = await ruleSetOf(conditionAction({ condition, action: "{ type: deny }", more }));
    expect(await decide(rules, actionOf())).toMatchObject({ verdict: "deny" });
  });
});
