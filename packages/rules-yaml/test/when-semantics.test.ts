import { TinyStore, actionOf } from "@acteon/rules/conformance";
import type { JsonValue } from "@acteon/core";
import { describe, expect, test } from "vitest";

import { decide, ruleSetOf } from "./decide.ts";
import { whenThen } from "./problems.ts";

/** Does a condition hold of a payload? `error` where the rule is one. */
async function holds(when: string, payload: JsonValue, store = new TinyStore()): Promise<boolean | "error"> {
  const rules = await ruleSetOf(whenThen({ when, verdict: "deny" }));
  const { verdict } = await decide(rules, actionOf({ payload }), store);
  return verdict === "error" ? "error" : verdict === "deny";
}

describe("what is absent", () => {
  test.each([
    ["equals: a", false],
    ["not_equals: a", true],
    ["greater_than: 1", false],
    ["at_least: 1", false],
    ["less_than: 1", false],
    ["at_most: 1", false],
    ["contains: a", false],
    ["starts_with: a", false],
    ["ends_with: a", false],
    ["matches: a", false],
    ["in: [a]", false],
    ["not_in: [a]", true],
    ["exists: true", false],
    ["exists: false", true],
  ])("is %s: %s, also below what is absent", async (operator, expected) => {
    expect(await holds(`{ field: action.payload.x, ${operator} }`, {})).toBe(expected);
    expect(await holds(`{ field: action.payload.x.y.z, ${operator} }`, {})).toBe(expected);
    expect(await holds(`{ field: action.payload.x, ${operator} }`, { x: null })).toBe(expected);
    expect(await holds(`{ field: action.payload.x.y, ${operator} }`, { x: "text" })).toBe(expected);
  });
});

describe("what is there", () => {
  test.each<[JsonValue, string, boolean | "error"]>([
    ["a", "equals: a", true],
    ["a", "equals: b", false],
    [5, "equals: 5.0", true],
    [5, "equals: '5'", false],
    [[1, { a: 2 }], "equals: [1, { a: 2 }]", true],
    [{ a: 1 }, "equals: { a: 1 }", true],
    [true, "equals: true", true],
    ["a", "not_equals: b", true],
    [5, "greater_than: 4.5", true],
    [5, "greater_than: 5", false],
    [5, "at_least: 5", true],
    [5, "less_than: 6", true],
    [5, "at_most: 5", true],
    ["b", "greater_than: a", true],
    ["5", "greater_than: 4", "error"],
    [true, "greater_than: 4", "error"],
    ["abc", "contains: b", true],
    [["a", "b"], "contains: b", true],
    [[1, 2], "contains: 2", true],
    [5, "contains: 5", "error"],
    ["abc", "starts_with: ab", true],
    [5, "starts_with: a", "error"],
    ["abc", "ends_with: bc", true],
    ["abc", "matches: '^a.c$'", true],
    ["xabcx", "matches: 'b'", true],
    ["ABC", "matches: '(?i)b'", true],
    [5, "matches: '5'", "error"],
    ["a", "in: [a, b]", true],
    [1, "in: [1.0]", true],
    ["c", "in: [a, b]", false],
    ["c", "not_in: [a, b]", true],
    ["a", "exists: true", true],
    [false, "exists: true", true],
    ["", "exists: false", false],
  ])("%j, %s: %s", async (x, operator, expected) => {
    expect(await holds(`{ field: action.payload.x, ${operator} }`, { x })).toBe(expected);
  });

  test("one field with another, elements of lists, and keys that are no names", async () => {
    expect(await holds("{ field: action.payload.a, equals: '{{ action.payload.b }}' }", { a: 5, b: 5 })).toBe(true);
    expect(await holds("{ field: 'action.payload.list[1].id', equals: x }", { list: [{}, { id: "x" }] })).toBe(true);
    expect(await holds("{ field: 'action.payload.list[9]', exists: true }", { list: [] })).toBe(false);
    expect(await holds(`{ field: 'action.payload["a.b"]', equals: x }`, { "a.b": "x" })).toBe(true);
  });
});

describe("all, any and not", () => {
  const yes = "{ field: action.payload.n, equals: 5 }";
  const no = "{ field: action.payload.n, equals: 6 }";
  const broken = "{ field: action.payload.n, starts_with: a }";

  test.each([
    ["{ all: [] }", true],
    ["{ any: [] }", false],
    [`{ all: [${yes}, ${no}] }`, false],
    [`{ any: [${no}, ${yes}] }`, true],
    [`{ not: ${no} }`, true],
    [`{ all: [${no}, ${broken}] }`, false],
    [`{ any: [${yes}, ${broken}] }`, true],
    [`{ all: [${broken}, ${no}] }`, "error"],
    [`{ any: [${broken}, ${yes}] }`, "error"],
  ])("%s: %s; the first that decides ends it", async (when, expected) => {
    expect(await holds(when, { n: 5 })).toBe(expected);
  });
});

describe("errors", () => {
  const rules = `rules:
  - { name: broken, when: { field: action.payload.n, starts_with: a }, then: deny, on_error: skip }
  - { name: next, when: { all: [] }, then: suppress }
`;

  test("a rule with `on_error: skip` counts as not matched where it is an error", async () => {
    const action = actionOf({ payload: { n: 5 } });
    expect(await decide(await ruleSetOf(rules), action)).toMatchObject({ verdict: "suppress", rule: { name: "next" } });
    const failing = await ruleSetOf(rules.replace(", on_error: skip", ""));
    expect(await decide(failing, action)).toMatchObject({ verdict: "error", rule: { name: "broken" } });
  });
});

describe("state and time", () => {
  test("state.seen outside of a deduplicate rule reads, and does not claim", async () => {
    const store = new TinyStore();
    expect(await holds("{ state.seen: { key: k } }", {}, store)).toBe(false);
    expect(await holds("{ state.seen: { key: k } }", {}, store)).toBe(false);
    const claiming = await ruleSetOf(whenThen({ verdict: "{ deduplicate: { key: k } }" }));
    await decide(claiming, actionOf(), store);
    expect(await holds("{ state.seen: { key: k } }", {}, store)).toBe(true);
    store.nowMs += 60_000;
    expect(await holds("{ state.seen: { key: k, window: 60s } }", {}, store)).toBe(false);
    expect(await holds("{ state.seen: { key: k, window: 61s } }", {}, store)).toBe(true);
  });

  test("a counter with a window counts by itself and includes the action; without one it is read", async () => {
    const store = new TinyStore();
    const counting = "{ state.counter: { key: k, window: 1m, at_least: 2 } }";
    expect(await holds(counting, {}, store)).toBe(false);
    expect(await holds(counting, {}, store)).toBe(true);
    store.counters.set("orders", 7);
    expect(await holds("{ state.counter: { key: orders, equals: 7 } }", {}, store)).toBe(true);
    expect(await holds("{ state.counter: { key: nothing, equals: 0 } }", {}, store)).toBe(true);
  });

  test("the hour is that of the rule's time zone", async () => {
    const more = "    timezone: America/New_York\n";
    const rules = await ruleSetOf(whenThen({ when: "{ field: time.hour, equals: 7 }", verdict: "deny", more }));
    expect(await decide(rules, actionOf())).toMatchObject({ verdict: "deny" });
    expect(await holds("{ field: time.hour, equals: 12 }", {})).toBe(true);
    expect(await holds("{ field: now, equals: 1772366400 }", {})).toBe(true);
  });
});
