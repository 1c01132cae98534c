import { describe, expect, test } from "vitest";

import { problemsOf, rulesOf, whenThen } from "./problems.ts";

describe("a rule", () => {
  test("has defaults for all but name, when and then", () => {
    expect(rulesOf(whenThen({}))).toMatchObject([
      {
        name: "r",
        priority: 0,
        enabled: true,
        description: undefined,
        metadata: {},
        timezone: undefined,
        onError: "fail",
        legacy: false,
        language: "yaml",
        order: 0,
        condition: { kind: "literal", value: true },
        verdict: { kind: "allow" },
      },
    ]);
  });

  test("says all that it can say", () => {
    const more = `    priority: -5
    description: why
    enabled: false
    timezone: Europe/Berlin
    on_error: skip
    metadata: { team: ops }
`;
    expect(rulesOf(whenThen({ more }))).toMatchObject([
      {
        priority: -5,
        description: "why",
        enabled: false,
        timezone: "Europe/Berlin",
        onError: "skip",
        metadata: { team: "ops" },
      },
    ]);
  });

  test("spans the lines from its name to its last value, and the name has a span of its own", () => {
    const [rule] = rulesOf(whenThen({}));
    expect(rule?.span).toMatchObject({
      file: "rules/a.yaml",
      start: { line: 2, column: 5 },
      end: { line: 4, column: 16 },
    });
    expect(rule?.nameSpan).toMatchObject({ start: { line: 2, column: 11 }, end: { line: 2, column: 12 } });
  });

  test.each([
    ["", ["1:1 error ACT-R005 the file is empty | a file without rules reads `rules: []`"]],
    ["- a", ["1:1 error ACT-R006 `the file` must be a mapping with a list under `rules` | this is a list"]],
    [
      "rule: []",
      [
        "1:1 error ACT-R004 unknown field `rule` | not a field of a file of rules | did you mean `rules`?",
        "1:1 error ACT-R005 a file of rules needs `rules` | `rules` is missing here",
      ],
    ],
    ["rules:", ["1:7 error ACT-R006 `rules` must be a list | this is nothing"]],
    [
      "rules: [5]",
      ["1:9 error ACT-R006 `an item of rules` must be a rule, with `name`, `when` and `then` | this is a whole number"],
    ],
    [
      "rules: [{}]",
      [
        "1:9 error ACT-R005 a rule needs `name` | `name` is missing here | verdicts and audit records cite it",
        "1:9 error ACT-R005 a rule needs `when` | `when` is missing here | what holds for every action is `when: { all: [] }`",
        "1:9 error ACT-R005 a rule needs `then` | `then` is missing here | a verdict stands under it: allow, deny, suppress, deduplicate, throttle, reroute, modify, custom",
      ],
    ],
    [
      whenThen({ more: "    priority: high\n    enabled: 1\n    on_error: ignore\n    metadata: { a: 1 }\n" }),
      [
        "5:15 error ACT-R006 `priority` must be a whole number | this is text",
        "6:14 error ACT-R006 `enabled` must be true or false | this is a whole number",
        "7:15 error ACT-R007 `on_error` must be `fail` or `skip` | `fail`, the default, fails the dispatch; `skip` takes the rule as not matched",
        "8:20 error ACT-R006 `a` must be text | this is a whole number",
      ],
    ],
    [
      whenThen({ more: "    priority: 2147483648\n" }),
      ["5:15 error ACT-R007 out_of_range: `priority` must be from -2147483648 to 2147483647"],
    ],
    [
      whenThen({ more: "    priority: 99999999999999999999\n" }),
      ["5:15 error ACT-R007 out_of_range: `priority` must be from -2147483648 to 2147483647"],
    ],
    [
      whenThen({ more: "    condition: {}\n" }),
      [
        "5:5 error ACT-R004 unknown field `condition` | not a field of a rule | known here: name, description, priority, enabled, metadata, timezone, on_error, when, then",
      ],
    ],
  ])("%j says every problem", (text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});

describe("a condition lowers to", () => {
  const provider = { kind: "action", path: ["provider"], missing: "null" };

  test.each([
    [
      "{ field: action.provider, equals: slack }",
      { kind: "compare", op: "eq", left: provider, right: { value: "slack" }, semantics: "plain" },
    ],
    ["{ field: action.provider, not_equals: 5 }", { kind: "compare", op: "ne", right: { type: "int", value: 5 } }],
    [
      "{ field: action.provider, greater_than: 1.5 }",
      { kind: "compare", op: "gt", right: { type: "double", value: 1.5 } },
    ],
    ["{ field: action.provider, at_least: a }", { kind: "compare", op: "ge" }],
    ["{ field: action.provider, less_than: 5 }", { kind: "compare", op: "lt" }],
    ["{ field: action.provider, at_most: 5 }", { kind: "compare", op: "le" }],
    ["{ field: action.provider, equals: 9007199254740993 }", { right: { type: "int", value: 9007199254740993n } }],
    [
      "{ field: action.provider, contains: a }",
      { kind: "call", name: "contains", args: [provider, { value: "a" }], semantics: "plain" },
    ],
    ["{ field: action.provider, contains: 5 }", { kind: "call", name: "contains", args: [provider, { value: 5 }] }],
    ["{ field: action.provider, starts_with: a }", { kind: "call", name: "startsWith" }],
    ["{ field: action.provider, ends_with: a }", { kind: "call", name: "endsWith" }],
    [
      "{ field: action.provider, matches: '{{a' }",
      { kind: "call", name: "matches", args: [provider, { value: "{{a" }] },
    ],
    [
      "{ field: action.provider, in: [a, 5] }",
      { kind: "in", item: provider, collection: { kind: "list", items: [{ value: "a" }, { value: 5 }] } },
    ],
    ["{ field: action.provider, not_in: [a] }", { kind: "not", operand: { kind: "in" } }],
    ["{ field: action.provider, exists: true }", { kind: "compare", op: "ne", right: { type: "null" } }],
    ["{ field: action.provider, exists: false }", { kind: "compare", op: "eq", right: { type: "null" } }],
    [
      "{ field: action.provider, starts_with: a, ends_with: b }",
      { kind: "and", operands: [{ name: "startsWith" }, { name: "endsWith" }] },
    ],
    ["{ not: { field: action.provider, equals: a } }", { kind: "not", operand: { kind: "compare" } }],
    [
      "{ any: [{ all: [] }, { not: { any: [] } }] }",
      {
        kind: "or",
        operands: [
          { kind: "literal", value: true },
          { kind: "not", operand: { kind: "literal", value: false } },
        ],
        absorbs: "none",
      },
    ],
    ["{ field: action.type, equals: a }", { left: { path: ["action_type"] } }],
    ["{ field: action.dedup_key, equals: a }", { left: { kind: "action", path: ["dedup_key"] } }],
    [
      "{ field: 'action.payload.items[0].id', equals: a }",
      {
        left: {
          kind: "field",
          name: "id",
          of: { kind: "index", at: { value: 0 }, of: { path: ["payload", "items"] } },
        },
      },
    ],
    [`{ field: 'action.payload["a.b"]', equals: a }`, { left: { path: ["payload", "a.b"] } }],
    ["{ field: time.weekday, equals: Monday }", { left: { kind: "time", part: "weekday", zone: undefined } }],
    ["{ field: now, greater_than: 5 }", { left: { kind: "now", as: "seconds" } }],
    ["{ field: env.REGION, equals: eu }", { left: { kind: "env", name: "REGION", missing: "null" } }],
    [
      "{ field: action.provider, equals: '{{ action.payload.to }}' }",
      { right: { kind: "action", path: ["payload", "to"] } },
    ],
    [
      "{ state.seen: { key: k, window: 5m } }",
      { kind: "stateSeen", key: { value: "k" }, window: { type: "duration", value: 300_000_000_000n } },
    ],
    ["{ state.seen: { key: k } }", { kind: "stateSeen", window: undefined }],
    [
      "{ state.counter: { key: k, at_least: 3 } }",
      { kind: "compare", op: "ge", left: { kind: "stateCounter", window: undefined }, right: { value: 3 } },
    ],
    [
      "{ state.counter: { key: k, window: 1m, greater_than: 3, less_than: 9 } }",
      { kind: "and", operands: [{ op: "gt" }, { op: "lt" }] },
    ],
  ])("%s", (when, condition) => {
    expect(rulesOf(whenThen({ when }))[0]?.condition).toMatchObject(condition);
  });

  test("operators in the order in which they are written", () => {
    const [rule] = rulesOf(whenThen({ when: "{ at_most: 9, field: action.payload.n, at_least: 1 }" }));
    expect(rule?.condition).toMatchObject({ operands: [{ op: "le" }, { op: "ge" }] });
  });
});

describe("a condition is refused", () => {
  test.each([
    [
      "[]",
      "3:11 error ACT-R006 `when` must be a mapping | this is a list | write `all:` above the list if every item must hold, `any:` if one is enough",
    ],
    [
      "always",
      "3:11 error ACT-R006 `when` must be a mapping such as `{ field: action.provider, equals: slack }` | this is text",
    ],
    [
      "{}",
      "3:11 error ACT-R010 a condition needs one of `all`, `any`, `not`, `field`, `expr`, `state.seen`, `state.counter` | what holds for every action is `all: []`",
    ],
    [
      "{ equals: slack }",
      "3:13 error ACT-R004 unknown field `equals` | not a field of a condition | an operator needs `field: action.…` beside it",
    ],
    [
      "{ feild: action.id, equals: a }",
      "3:13 error ACT-R004 unknown field `feild` | not a field of a condition | did you mean `field`?",
    ],
    [
      "{ all: [], any: [] }",
      "3:22 error ACT-R006 `all` and `any` in one condition | a second question | make them two items of a list under `all:` or `any:`",
    ],
    ["{ all: {} }", "3:18 error ACT-R006 `all` must be a list | this is a mapping"],
    [
      "{ all: [5] }",
      "3:19 error ACT-R006 `an item of all` must be a mapping such as `{ field: action.provider, equals: slack }` | this is a whole number",
    ],
    [
      "{ field: action.id }",
      "3:13 error ACT-R010 `field` without an operator | what is asked of it? | known here: equals, not_equals, greater_than, at_least, less_than, at_most, contains, starts_with, ends_with, matches, in, not_in, exists",
    ],
    [
      "{ field: action.id, eq: a }",
      "3:31 error ACT-R004 unknown field `eq` | not a field of a condition with `field` | the operator is called `equals` here",
    ],
    [
      "{ field: action.id, equals: }",
      "3:31 error ACT-R010 `equals` needs a value | to ask whether something is there at all, write `exists: true` or `exists: false`",
    ],
    [
      "{ field: action.id, greater_than: true }",
      "3:45 error ACT-R006 `greater_than` must be a number or text | this is true or false",
    ],
    ["{ field: action.id, starts_with: 5 }", "3:44 error ACT-R006 `starts_with` must be text | this is a whole number"],
    ["{ field: action.id, matches: 5 }", "3:40 error ACT-R006 `matches` must be text | this is a whole number"],
    ["{ field: action.id, in: a }", "3:35 error ACT-R006 `in` must be a list | this is text | write `in: [a]`"],
    ["{ field: action.id, exists: maybe }", "3:39 error ACT-R006 `exists` must be true or false | this is text"],
    ["{ field: 5, equals: a }", "3:20 error ACT-R006 `field` must be text | this is a whole number"],
    [
      "{ field: action.paylod.x, equals: a }",
      "3:27 error ACT-R020 unknown name `paylod` | not a field of an action | did you mean `payload`?",
    ],
    [
      "{ field: action, equals: a }",
      "3:20 error ACT-R020 `action` needs a field | for example `action.provider` or `action.payload.service`",
    ],
    [
      "{ field: payload.x, equals: a }",
      "3:20 error ACT-R024 unknown name `payload` | not a root of a path | did you mean `action.payload`?",
    ],
    [
      "{ field: acton.id, equals: a }",
      "3:20 error ACT-R024 unknown name `acton` | not a root of a path | did you mean `action`?",
    ],
    [
      "{ field: time.hours, equals: 5 }",
      "3:25 error ACT-R024 unknown name `hours` | not a part of the time | did you mean `hour`?",
    ],
    [
      "{ field: now.x, equals: 5 }",
      "3:24 error ACT-R024 `now` has no fields | `now` is the time in seconds since 1970; a part of the date is `time.hour`, `time.weekday` …",
    ],
    [
      "{ field: env, equals: 5 }",
      "3:20 error ACT-R024 `env` needs the name of a variable, and nothing below it | write `env.NAME`",
    ],
    [
      "{ field: action.payload.0, equals: 5 }",
      '3:35 error ACT-R024 a number as the name of a field | an element of a list is `[0]`, a key of digits is `["0"]`',
    ],
    [
      "{ field: action..id, equals: 5 }",
      '3:27 error ACT-R001 `action..id` is no path | expected a name after the dot | names with dots between them are one, as `action.payload.service`; any other key stands in brackets: `action.payload["a b"]`',
    ],
    [
      "{ state.seen: {} }",
      '3:25 error ACT-R005 `state.seen` needs `key` | `key` is missing here | for example `key: "{{ action.dedup_key }}"`',
    ],
    [
      "{ state.seen: { key: a, windw: 5m } }",
      "3:35 error ACT-R004 unknown field `windw` | not a field of `state.seen` | did you mean `window`?",
    ],
    [
      "{ state.seen: { key: a, window: 300 } }",
      "3:43 error ACT-R019 `window` needs a unit | how long is this? | for seconds write `300s`",
    ],
    ["{ state.seen: { key: a, window: 0s } }", "3:43 error ACT-R019 `window` must be longer than nothing"],
    [
      "{ state.counter: { key: a } }",
      "3:13 error ACT-R010 `state.counter` without an operator | what is asked of it? | known here: equals, not_equals, greater_than, at_least, less_than, at_most",
    ],
    [
      "{ state.counter: { key: a, contains: 5 } }",
      "3:38 error ACT-R004 unknown field `contains` | not a field of `state.counter` | known here: key, window, equals, not_equals, greater_than, at_least, less_than, at_most",
    ],
  ])("%s", (when, problem) => {
    expect(problemsOf(whenThen({ when }))).toContain(problem);
  });
});

describe("a template", () => {
  const reason = (text: string) =>
    rulesOf(whenThen({ verdict: `{ suppress: { reason: ${JSON.stringify(text)} } }` }))[0]?.verdict;

  test.each([
    ["as it is", { kind: "literal", value: "as it is" }],
    ["{{ action.id }}", { kind: "action", path: ["id"] }],
    [
      "{{action.payload.service}}:alerts",
      { kind: "template", parts: [{ path: ["payload", "service"] }, { value: ":alerts" }] },
    ],
    ["a {{ action.dedup_key }} b", { parts: [{ value: "a " }, { kind: "dedupKey" }, { value: " b" }] }],
    ["{{ action.dedup_key() }}", { kind: "dedupKey" }],
    ['{{ "{{" }}', { kind: "literal", value: "{{" }],
    ["{{ 5 }}", { kind: "literal", value: 5 }],
    ["{{ lower(action.id) }}", { kind: "call", name: "lower", args: [{ path: ["id"] }], semantics: "plain" }],
    ["{{ upper(trim(action.id)) }}", { name: "upper", args: [{ name: "trim" }] }],
    [
      "{{ default(action.payload.team, 'ops') }}",
      { kind: "conditional", condition: { op: "eq" }, otherwise: { path: ["payload", "team"] } },
    ],
  ])("%s is read", (text, expr) => {
    expect(reason(text)).toMatchObject({ kind: "suppress", reason: expr });
  });

  test("in a key an absent hole is an error, elsewhere it is empty", () => {
    const [rule] = rulesOf(whenThen({ verdict: "{ deduplicate: { key: 'k:{{ action.payload.k }}' } }" }));
    expect(rule?.verdict).toMatchObject({ key: { kind: "template", ofNull: "error" } });
    expect(reason("k:{{ action.payload.k }}")).toMatchObject({ reason: { kind: "template", ofNull: "empty" } });
  });

  test("that is one hole and nothing else keeps its type", () => {
    const [rule] = rulesOf(
      whenThen({ verdict: "{ modify: { set: { n: '{{ action.payload.m }}', t: 'x{{ action.payload.m }}' } } }" }),
    );
    expect(rule?.verdict).toMatchObject({
      mutations: [{ value: { kind: "action" } }, { value: { kind: "template" } }],
    });
  });

  test.each([
    ["{{ action.id", "4:34 error ACT-R014 a template has `{{` without `}}`"],
    ["a {{ }}", "4:39 error ACT-R014 a template that cannot be read | expected a name such as `action`"],
    ["{{ action.id action }}", "4:47 error ACT-R014 a template that cannot be read | expected `}}`"],
    [
      "{{ action.provder }}",
      "4:44 error ACT-R020 unknown name `provder` | not a field of an action | did you mean `provider`?",
    ],
    [
      "é {{ nope(action.id) }}",
      "4:39 error ACT-R013 unknown function `nope` | known here: lower, upper, trim, default",
    ],
    ["{{ lowr(action.id) }}", "4:37 error ACT-R013 unknown function `lowr` | did you mean `lower`?"],
    ["{{ lower(action.id, 2) }}", "4:37 error ACT-R013 `lower` takes 1 argument, and here are 2"],
    ["{{ default(action.id) }}", "4:37 error ACT-R013 `default` takes 2 arguments, and here are 1"],
    ["{{ lower(action.id }}", "4:53 error ACT-R014 a template that cannot be read | expected `,` or `)`"],
    [
      `{{ ${"lower(".repeat(17)}action.id${")".repeat(17)} }}`,
      "4:139 error ACT-R014 a template that cannot be read | expected no more than 16 calls inside each other",
    ],
  ])("%s is refused at the character that is wrong", (text, problem) => {
    expect(problemsOf(whenThen({ verdict: `{ suppress: { reason: '${text}' } }` }))).toEqual([problem]);
  });
});

describe("a verdict lowers to", () => {
  const minute = { type: "duration", value: 60_000_000_000n };

  test.each([
    ["allow", { kind: "allow" }],
    ["{ allow: }", { kind: "allow" }],
    ["{ deny: {} }", { kind: "deny", reason: undefined }],
    ["{ deny: { reason: no } }", { kind: "deny", reason: { value: "no" } }],
    ["suppress", { kind: "suppress", reason: undefined, duration: undefined }],
    [
      "{ suppress: { reason: quiet, duration: 1m } }",
      { kind: "suppress", reason: { value: "quiet" }, duration: minute },
    ],
    ["deduplicate", { kind: "deduplicate", key: undefined, ttl: undefined }],
    ["{ deduplicate: { key: k, window: 1m } }", { kind: "deduplicate", key: { value: "k" }, ttl: minute }],
    ["{ throttle: { rate: 0, window: 1m } }", { kind: "throttle", limit: { value: 0 }, window: minute }],
    ["{ reroute: { to: slack-backup } }", { kind: "reroute", to: { value: "slack-backup" } }],
    [
      "{ reroute: { to: '{{ action.metadata.backup }}' } }",
      { kind: "reroute", to: { kind: "action", path: ["metadata", "backup"] } },
    ],
    [
      "{ reroute: { to: '{{ action.provider }}-backup' } }",
      { kind: "reroute", to: { kind: "template", ofNull: "error" } },
    ],
    [
      "{ modify: { merge: { a: null, b: '{{ action.id }}' } } }",
      { kind: "modify", terminal: false, mutations: [{ op: "merge", patch: { kind: "map" } }] },
    ],
    [
      "{ modify: { set: { a.b: 1 }, remove: [c.d], rename: { e: f.g } } }",
      {
        mutations: [
          { op: "set", path: ["a", "b"], value: { value: 1 } },
          { op: "remove", path: ["c", "d"] },
          { op: "rename", path: ["e"], to: ["f", "g"] },
        ],
      },
    ],
    ["{ custom: { handler: h, params: { a: 1 } } }", { kind: "custom", handler: "h", params: [["a", { value: 1 }]] }],
    ["{ custom: { handler: h } }", { kind: "custom", params: [] }],
    ["{ group: { group_by: [a] } }", { kind: "group", params: { group_by: ["a"] } }],
  ])("%s", (verdict, lowered) => {
    expect(rulesOf(whenThen({ verdict }))[0]?.verdict).toMatchObject(lowered);
  });
});

describe("a verdict is refused", () => {
  test.each([
    ["supress", "4:11 error ACT-R008 unknown verdict `supress` | not a verdict | a verdict named `suppress` exists"],
    [
      "{ page: {} }",
      "4:13 error ACT-R008 unknown verdict `page` | not a verdict | a verdict is one of allow, deny, suppress, deduplicate, throttle, reroute, modify, custom",
    ],
    [
      "{ allow: {}, deny: {} }",
      "4:24 error ACT-R008 two verdicts in one rule | the second | a rule has one verdict: parameters stand one level deeper, another verdict is another rule",
    ],
    ["{ suppress: now }", "4:23 error ACT-R006 `suppress` must be a mapping | this is text"],
    ["[]", "4:11 error ACT-R006 `then` must be a verdict such as `suppress: { reason: … }` | this is a list"],
    [
      "{}",
      "4:11 error ACT-R006 `then` must be one of allow, deny, suppress, deduplicate, throttle, reroute, modify, custom | this is a mapping",
    ],
    [
      "{ throttle: { window: 1m } }",
      "4:25 error ACT-R005 `throttle` needs `rate` | `rate` is missing here | so many actions pass in a window, as in `rate: 10`",
    ],
    ["{ throttle: { rate: -1 } }", "4:31 error ACT-R007 out_of_range: `rate` must be 0 or more"],
    [
      "{ throttle: { max_count: 5 } }",
      "4:25 error ACT-R004 unknown field `max_count` | not a field of `throttle` | the parameter is called `rate` here",
    ],
    [
      "{ deduplicate: { window: five } }",
      "4:36 error ACT-R019 `window` must be whole numbers with the units d, h, m, s, ms, such as 5m or 1h30m",
    ],
    [
      "{ deduplicate: { ttl_seconds: 5 } }",
      "4:28 error ACT-R004 unknown field `ttl_seconds` | not a field of `deduplicate` | write `window: 5m`",
    ],
    [
      "{ reroute: }",
      "4:13 error ACT-R005 `reroute` needs `to` | `to` is missing here | name the provider to use instead, as in `to: slack-backup`",
    ],
    [
      "{ custom: {} }",
      "4:13 error ACT-R005 `custom` needs `handler` | `handler` is missing here | name a handler that the gateway was given",
    ],
    [
      "{ modify: {} }",
      "4:13 error ACT-R005 `modify` needs `set` | `set` is missing here | what changes stands under merge, set, remove, rename",
    ],
    [
      "{ modify: { set: { action.payload.a: 1 } } }",
      "4:30 error ACT-R017 `action.payload.a` begins outside the payload | paths of `modify` begin inside it: write `a`",
    ],
    ["{ modify: { remove: a } }", "4:31 error ACT-R006 `remove` must be a list | this is text | write `remove: [a]`"],
    ["{ modify: { rename: { a: 1 } } }", "4:36 error ACT-R006 `a` must be text | this is a whole number"],
  ])("%s", (verdict, problem) => {
    expect(problemsOf(whenThen({ verdict }))).toContain(problem);
  });
});

describe("a fix", () => {
  test.each([
    ["rules:\n  - name: r\n    when: { all: [] }\n    supress: true\n", "then: suppress"],
    ["rules:\n  - name: r\n    when: { all: [] }\n    thn: allow\n", "then"],
    [whenThen({ when: "{ field: action.id, eq: a }" }), "equals"],
    [whenThen({ when: "{ field: payload.a, equals: a }" }), "action.payload"],
    [whenThen({ verdict: "{ deduplicate: { window: 300 } }" }), "300s"],
    [whenThen({ verdict: "supress" }), "suppress"],
  ])("mends %j", async (text, replacement) => {
    const { yamlFrontEnd } = await import("../src/index.ts");
    const { diagnostics } = yamlFrontEnd.parse(text, "a.yaml");
    const fix = diagnostics.find(({ fix }) => fix !== undefined)?.fix;
    expect(fix?.text).toBe(replacement);
    const mended = text.slice(0, fix!.span.start.offset) + fix!.text + text.slice(fix!.span.end.offset);
    expect(problemsOf(mended)).toEqual([]);
  });
});
