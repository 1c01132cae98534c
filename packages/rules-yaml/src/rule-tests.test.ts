import { expect, test } from "vitest";

import { parseRuleTests } from "./rule-tests.ts";

const action = "{ namespace: ops, tenant: acme, provider: console, action_type: alert }";

function problemsOf(text: string): string[] {
  const parsed = parseRuleTests(text, "rules/a.test.yaml");
  const diagnostics = parsed.kind === "rejected" ? parsed.diagnostics : [];
  return diagnostics.map(({ code, summary, help, span }) => {
    const said = [summary, help].filter((part) => part !== undefined).join(" | ");
    return `${span.start.line}:${span.start.column} ${code} ${said}`;
  });
}

test("a test says an action, a clock, what is in the store, and the verdict", () => {
  const text = `tests:
  - name: everything
    action:
      id: a-1
      namespace: ops
      tenant: acme
      provider: console
      action_type: alert
      payload: { n: 9007199254740993, list: [1, null] }
      metadata: { team: payments }
      dedup_key: k
    clock: 2026-03-01T09:30:00+01:00
    state:
      entries: { "last:disk": "2026-03-01T08:00:00Z" }
      counters: { "db:alerts": 10 }
      seen: { k: 2026-03-01T08:29:00Z }
    expect:
      verdict: throttle
      matched_rule: each-service
      reason: too many
`;
  const nowMs = Date.UTC(2026, 2, 1, 8, 30);
  expect(parseRuleTests(text, "rules/a.test.yaml")).toMatchObject({
    kind: "parsed",
    tests: [
      {
        name: "everything",
        span: { file: "rules/a.test.yaml", start: { line: 2, column: 11 } },
        action: { id: "a-1", tenant: "acme", actionType: "alert", metadata: { team: "payments" }, dedupKey: "k" },
        nowMs,
        state: {
          entries: new Map([["last:disk", "2026-03-01T08:00:00Z"]]),
          counters: new Map([["db:alerts", 10]]),
          seen: new Map([["k", nowMs - 60_000]]),
        },
        expect: { verdict: "throttle", matchedRule: "each-service", reason: "too many", span: { start: { line: 18 } } },
      },
    ],
  });
});

test("what a test does not say has a default, and `null` as a rule means that none matched", () => {
  const text = `tests:\n  - { name: t, action: ${action}, expect: { verdict: allow, matched_rule: null } }\n`;
  expect(parseRuleTests(text, "a.test.yaml")).toMatchObject({
    tests: [
      {
        action: { id: "rule-test", payload: {}, metadata: {} },
        nowMs: undefined,
        state: { entries: new Map(), counters: new Map(), seen: new Map() },
        expect: { verdict: "allow", matchedRule: null, reason: undefined },
      },
    ],
  });
});

test("a list of dedup keys is of those that are seen at the time of the test", () => {
  const text = `tests:\n  - { name: t, action: ${action}, clock: "1970-01-01T00:00:05Z", state: { seen: [a, b] }, expect: { verdict: allow } }\n`;
  expect(parseRuleTests(text, "a.test.yaml")).toMatchObject({
    tests: [
      {
        state: {
          seen: new Map([
            ["a", 5_000],
            ["b", 5_000],
          ]),
        },
      },
    ],
  });
});

test.each([
  ["", ["1:1 ACT-R006 `the file` must be a mapping with a list under `tests`"]],
  [
    "test: []",
    ["1:1 ACT-R004 unknown field `test` | did you mean `tests`?", "1:1 ACT-R005 a file of rule tests needs `tests`"],
  ],
  ["tests: [5]", ["1:9 ACT-R006 `an item of tests` must be a mapping"]],
  [
    "tests: [{}]",
    [
      "1:9 ACT-R005 a rule test needs `name`",
      "1:9 ACT-R005 a rule test needs `action`",
      "1:9 ACT-R005 a rule test needs `expect`",
    ],
  ],
  [
    `tests:\n  - name: t\n    action: ${action}\n    clock: yesterday\n    state: { counters: { k: -1 }, seen: 5, mock: {} }\n    expect: { verdict: supress, matched_rule: 5 }\n`,
    [
      "4:12 ACT-R007 `clock` must be an instant with its offset | for example 2026-03-01T09:30:00Z",
      "5:29 ACT-R007 out_of_range: `k` must be 0 or more",
      "5:41 ACT-R006 `seen` must be a list | write `seen: [5]`",
      "5:44 ACT-R004 unknown field `mock` | known here: entries, counters, seen",
      "6:24 ACT-R008 unknown verdict `supress` | did you mean `suppress`?",
      "6:47 ACT-R006 `matched_rule` must be text",
    ],
  ],
])("%j says every problem", (text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

test("what is wrong with an action is said where it is written", () => {
  const text = `tests:
  - name: t
    action:
      namespace: a:b
      provider: 5
      action_type: alert
      metadata: { n: 1 }
    expect: { verdict: allow }
`;
  expect(problemsOf(text).map((problem) => problem.split(" ")[0])).toEqual(["3:5", "4:18", "5:17", "7:22"]);
  expect(problemsOf(text)).toContainEqual(expect.stringContaining("ACT-T001 no action: `namespace`"));
});
