import { describe, expect, test } from "vitest";

import { conditionAction, problemsOf, rulesOf } from "./problems.ts";

describe("a rule (wire-api §26.2)", () => {
  test("has the defaults of the dialect", () => {
    expect(rulesOf(conditionAction({}))).toMatchObject([
      {
        name: "r",
        legacy: true,
        priority: 0,
        enabled: true,
        description: undefined,
        metadata: {},
        timezone: undefined,
        muteTimeIntervals: [],
        activeTimeIntervals: [],
        onError: "fail",
      },
    ]);
  });

  test("says all that it can say", () => {
    const more = `    priority: 7
    description: why
    enabled: false
    timezone: Europe/Berlin
    metadata: { llm_policy: strict }
    mute_time_intervals: [nights]
    active_time_intervals: [business-hours]
`;
    expect(rulesOf(conditionAction({ more }))).toMatchObject([
      {
        priority: 7,
        description: "why",
        enabled: false,
        timezone: "Europe/Berlin",
        metadata: { llm_policy: "strict" },
        muteTimeIntervals: ["nights"],
        activeTimeIntervals: ["business-hours"],
      },
    ]);
  });

  test("unknown keys are ignored, and warned of with what they were probably meant to be", () => {
    const text = `version: 2\n${conditionAction({
      condition: "{ field: action.id, eq: a, equals: b }",
      action: "{ type: deny, reason: no }",
      more: "    descripton: typo\n    on_error: skip\n",
    })}`;
    expect(rulesOf(text)).toHaveLength(1);
    expect(problemsOf(text)).toEqual([
      "1:1 warning ACT-R004 unknown field `version` | not a field of a file of rules, ignored | known here: rules",
      "4:43 warning ACT-R004 unknown field `equals` | not a field of a condition with `field`, ignored | the operator is called `eq` here",
      "5:27 warning ACT-R004 unknown field `reason` | not a field of the action `deny`, ignored | known here: type",
      "6:5 warning ACT-R004 unknown field `descripton` | not a field of a rule, ignored | did you mean `description`?",
      "7:5 warning ACT-R004 unknown field `on_error` | not a field of a rule, ignored | known here: name, condition, action, priority, description, enabled, metadata, timezone, mute_time_intervals, active_time_intervals",
    ]);
  });

  test("both dialects in one file are told apart by rule, and unknown keys of the file are then errors", () => {
    const text = `rules:
  - { name: a, when: { all: [] }, then: allow }
  - { name: b, condition: { all: [] }, action: { type: allow } }
version: 2
`;
    expect(problemsOf(text)).toEqual([
      "4:1 error ACT-R004 unknown field `version` | not a field of a file of rules | known here: rules",
    ]);
    expect(rulesOf(text.replace("version: 2\n", "")).map(({ legacy }) => legacy)).toEqual([false, true]);
  });
});

describe("a condition lowers to (wire-api §26.3, §26.5)", () => {
  const id = { kind: "action", path: ["id"], missing: "nullKey" };

  test.each([
    [
      "{ field: action.id, eq: a }",
      { kind: "compare", op: "eq", left: id, right: { value: "a" }, semantics: "legacy" },
    ],
    ["{ field: action.id, ne: [1, { a: 2 }] }", { op: "ne", right: { kind: "list" } }],
    ["{ field: action.id, gt: 1 }", { op: "gt", semantics: "legacy" }],
    ["{ field: action.id, gte: a }", { op: "ge" }],
    ["{ field: action.id, lt: 1 }", { op: "lt" }],
    ["{ field: action.id, lte: 1 }", { op: "le" }],
    [
      "{ field: action.id, contains: a }",
      { kind: "call", name: "contains", args: [id, { value: "a" }], semantics: "legacy" },
    ],
    ["{ field: action.id, starts_with: a }", { name: "startsWith" }],
    ["{ field: action.id, ends_with: a }", { name: "endsWith" }],
    ["{ field: action.id, matches: '(?i)a' }", { name: "matches", args: [id, { value: "(?i)a" }] }],
    ["{ field: action.id, in_list: [1, a] }", { kind: "in", item: id, semantics: "legacy" }],
    ["{ field: action.id, gt: 1, lt: 5 }", { kind: "and", operands: [{ op: "gt" }, { op: "lt" }] }],
    ["{ field: action.id, eq: null, ne: a }", { op: "ne" }],
    ["{ field: action.id, eq: '{{ x }}' }", { right: { kind: "literal", value: "{{ x }}" } }],
    ["{ all: [{ field: action.id, eq: a }] }", { kind: "and", operands: [{ op: "eq" }], absorbs: "none" }],
    ["{ any: [] }", { kind: "literal", value: false }],
    ["{ all: [], any: [{ field: action.id, eq: a }] }", { kind: "literal", value: true }],
    ["{ not: { field: action.id, eq: a } }", { kind: "not", operand: { op: "eq" } }],
    ["{ field: action, eq: a }", { left: { kind: "action", path: [] } }],
    ["{ field: action.payload.a.0, eq: a }", { left: { path: ["payload", "a", "0"] } }],
    ["{ field: action.payload.my-key, eq: a }", { left: { path: ["payload", "my-key"] } }],
    ["{ field: time.weekday_num, eq: 1 }", { left: { kind: "time", part: "weekday_num" } }],
    ["{ field: now, gt: 5 }", { left: { kind: "now", as: "seconds" } }],
    ["{ field: env.REGION, eq: eu }", { left: { kind: "env", name: "REGION", missing: "nullKey" } }],
    ["{ field: environment.REGION, eq: eu }", { left: { kind: "env", name: "REGION" } }],
    [
      "{ state_counter: k, gte: 3 }",
      { op: "ge", left: { kind: "stateCounter", key: { value: "k" }, window: undefined } },
    ],
    [
      "{ state_seen: k }",
      { kind: "compare", op: "ne", left: { kind: "stateTimeSince", key: { value: "k" } }, right: { type: "null" } },
    ],
    ["{ state_seen: k, within_seconds: 60 }", { op: "lt", right: { type: "duration", value: 60_000_000_000n } }],
  ])("%s", (condition, expr) => {
    expect(rulesOf(conditionAction({ condition }))[0]?.condition).toMatchObject(expr);
  });

  test.each([
    [
      "{ all: [], any: [] }",
      "3:27 warning ACT-R004 unknown field `any` | not a field of a condition with `all`, ignored | known here: all",
    ],
    [
      "{ field: time.hours, eq: a }",
      "3:25 warning ACT-R024 unknown name `hours` | `hours` is not a part of the time | did you mean `hour`?",
    ],
    [
      "{ field: acton.id, eq: a }",
      "3:25 warning ACT-R024 unknown name `acton` | `acton` is not a root of a path: it is read as an environment variable | did you mean `action`?",
    ],
  ])("%s, with a warning", (condition, warning) => {
    expect(problemsOf(conditionAction({ condition }))).toEqual([warning]);
  });

  test("sixteen levels, and not seventeen", () => {
    const nested = (levels: number) => `${"{ all: [".repeat(levels)}${"] }".repeat(levels)}`;
    expect(problemsOf(conditionAction({ condition: nested(16) }))).toEqual([]);
    expect(problemsOf(conditionAction({ condition: nested(17) }))).toEqual([
      "3:146 error ACT-R002 more than 16 conditions inside each other",
    ]);
  });
});

describe("a condition is a load error (wire-api §26.3, §26.4)", () => {
  test.each([
    [
      "true",
      "3:16 error ACT-R006 `condition` must be a mapping such as `{ field: action.provider, eq: slack }` | this is true or false",
    ],
    [
      "action.id == 'a'",
      "3:16 error ACT-R006 `condition` must be a mapping such as `{ field: action.provider, eq: slack }` | this is text",
    ],
    [
      "{ call: f, args: [] }",
      "3:16 error ACT-R010 a condition needs one of `all`, `any`, `not`, `field`, `state_seen`, `state_counter`, `semantic_match`, `wasm_plugin`",
    ],
    [
      "{ eq: a }",
      "3:16 error ACT-R010 a condition needs one of `all`, `any`, `not`, `field`, `state_seen`, `state_counter`, `semantic_match`, `wasm_plugin`",
    ],
    [
      "{ field: action.id }",
      "3:18 error ACT-R010 `field` without an operator | what is asked of it? | known here: eq, ne, gt, gte, lt, lte, contains, starts_with, ends_with, matches, in_list",
    ],
    [
      "{ field: action.id, eq: null }",
      "3:18 error ACT-R010 `field` without an operator | what is asked of it? | known here: eq, ne, gt, gte, lt, lte, contains, starts_with, ends_with, matches, in_list; `eq: null` counts as none",
    ],
    [
      "{ field: action.id, exists: true }",
      "3:18 error ACT-R010 `field` without an operator | what is asked of it? | known here: eq, ne, gt, gte, lt, lte, contains, starts_with, ends_with, matches, in_list",
    ],
    [
      "{ field: action.id, regex: a }",
      "3:36 warning ACT-R004 unknown field `regex` | not a field of a condition with `field`, ignored | the operator is called `matches` here",
    ],
    ["{ field: 5, eq: a }", "3:25 error ACT-R006 `field` must be text | this is a whole number"],
    ["{ field: action.id, gt: true }", "3:40 error ACT-R006 `gt` must be a number or text | this is true or false"],
    ["{ field: action.id, contains: 5 }", "3:46 error ACT-R006 `contains` must be text | this is a whole number"],
    ["{ field: action.id, starts_with: [a] }", "3:49 error ACT-R006 `starts_with` must be text | this is a list"],
    ["{ field: action.id, ends_with: 5 }", "3:47 error ACT-R006 `ends_with` must be text | this is a whole number"],
    ["{ field: action.id, matches: 5 }", "3:45 error ACT-R006 `matches` must be text | this is a whole number"],
    [
      "{ field: action.id, in_list: a }",
      "3:45 error ACT-R006 `in_list` must be a list | this is text | write `in_list: [a]`",
    ],
    ["{ all: { field: action.id, eq: a } }", "3:23 error ACT-R006 `all` must be a list | this is a mapping"],
    [
      "{ state_counter: k }",
      "3:18 error ACT-R010 `state_counter` without an operator | what is asked of it? | known here: eq, ne, gt, gte, lt, lte, contains, starts_with, ends_with, matches, in_list",
    ],
    [
      "{ state_seen: k, within_seconds: -1 }",
      "3:49 error ACT-R007 out_of_range: `within_seconds` must be from 0 to 9007199254740",
    ],
    ["{ semantic_match: outage, threshold: 0.7 }", "3:18 error ACT-R012 `semantic_match` is not built yet"],
    ["{ semantic_match: outage, threshold: high }", "3:53 error ACT-R006 `threshold` must be a number | this is text"],
    ["{ wasm_plugin: p, wasm_function: f }", "3:18 error ACT-R012 `wasm_plugin` is not built yet"],
  ])("%s", (condition, problem) => {
    expect(problemsOf(conditionAction({ condition }))).toContain(problem);
  });
});

describe("an action lowers to (wire-api §26.6)", () => {
  test.each([
    ["{ type: allow }", { kind: "allow" }],
    ["{ type: deny }", { kind: "deny", reason: undefined }],
    ["{ type: suppress }", { kind: "suppress", reason: undefined, duration: undefined }],
    ["{ type: deduplicate }", { kind: "deduplicate", key: undefined, ttl: undefined }],
    ["{ type: deduplicate, ttl_seconds: null }", { kind: "deduplicate", ttl: undefined }],
    [
      "{ type: deduplicate, ttl_seconds: 300 }",
      { kind: "deduplicate", ttl: { type: "duration", value: 300_000_000_000n } },
    ],
    ["{ type: reroute, target_provider: sms }", { kind: "reroute", to: { value: "sms" } }],
    [
      "{ type: throttle, max_count: 5, window_seconds: 60 }",
      { kind: "throttle", limit: { value: 5 }, window: { value: 60_000_000_000n } },
    ],
    [
      "{ type: modify, changes: { a: { b: null }, c: [1] } }",
      { kind: "modify", terminal: true, mutations: [{ op: "merge", patch: { kind: "map" } }] },
    ],
    ["{ type: modify, changes: 5 }", { mutations: [{ op: "merge", patch: { value: 5 } }] }],
    [
      "{ type: state_machine, state_machine: s }",
      { kind: "state_machine", params: { state_machine: "s", fingerprint_fields: [] } },
    ],
    [
      "{ type: group, group_by: [tenant] }",
      {
        kind: "group",
        params: { group_by: ["tenant"], group_wait_seconds: 30, group_interval_seconds: 300, max_group_size: 100 },
      },
    ],
    [
      "{ type: request_approval, notify_provider: p, message: m }",
      { kind: "request_approval", params: { notify_provider: "p", timeout_seconds: 3600, message: "m" } },
    ],
    ["{ type: chain, chain: c }", { kind: "chain", params: { chain: "c" } }],
    ["{ type: schedule, delay_seconds: 5 }", { kind: "schedule", params: { delay_seconds: 5 } }],
  ])("%s", (action, verdict) => {
    const [rule] = rulesOf(conditionAction({ action }));
    expect(rule?.verdict).toMatchObject(verdict);
    expect(problemsOf(conditionAction({ action }))).toEqual([]);
  });
});

describe("an action is a load error (wire-api §26.6)", () => {
  test.each([
    ["suppress", "4:13 error ACT-R006 `action` must be a mapping with a `type` | this is text"],
    [
      "{}",
      "4:13 error ACT-R005 an action needs `type` | `type` is missing here | a type is one of allow, deny, suppress, deduplicate, reroute, throttle, modify, state_machine, group, request_approval, chain, schedule",
    ],
    [
      "{ type: supress }",
      "4:21 error ACT-R008 unknown action type `supress` | not an action type | did you mean `suppress`?",
    ],
    [
      "{ type: toString }",
      "4:21 error ACT-R008 unknown action type `toString` | not an action type | a type is one of allow, deny, suppress, deduplicate, reroute, throttle, modify, state_machine, group, request_approval, chain, schedule",
    ],
    [
      "{ type: reroute }",
      "4:15 error ACT-R005 the action `reroute` needs `target_provider` | `target_provider` is missing here",
    ],
    [
      "{ type: throttle, max_count: 5 }",
      "4:15 error ACT-R005 the action `throttle` needs `window_seconds` | `window_seconds` is missing here",
    ],
    [
      "{ type: throttle, max_count: 1.5, window_seconds: 60 }",
      "4:42 error ACT-R006 `max_count` must be a whole number | this is a number",
    ],
    [
      "{ type: deduplicate, ttl_seconds: 5m }",
      "4:47 error ACT-R006 `ttl_seconds` must be a whole number | this is text",
    ],
    ["{ type: modify }", "4:15 error ACT-R005 the action `modify` needs `changes` | `changes` is missing here"],
    [
      "{ type: state_machine }",
      "4:15 error ACT-R005 the action `state_machine` needs `state_machine` | `state_machine` is missing here",
    ],
    ["{ type: group }", "4:15 error ACT-R005 the action `group` needs `group_by` | `group_by` is missing here"],
    [
      "{ type: request_approval }",
      "4:15 error ACT-R005 the action `request_approval` needs `notify_provider` | `notify_provider` is missing here",
    ],
    ["{ type: chain }", "4:15 error ACT-R005 the action `chain` needs `chain` | `chain` is missing here"],
    [
      "{ type: schedule }",
      "4:15 error ACT-R005 the action `schedule` needs `delay_seconds` | `delay_seconds` is missing here",
    ],
  ])("%s", (action, problem) => {
    expect(problemsOf(conditionAction({ action }))).toContain(problem);
  });
});
