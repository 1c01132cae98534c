import { displayExpr, verdictExpressions } from "@acteon/rules";
import { TinyStore, actionOf } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import { decide, environmentAt, problemsOf, ruleSetOf, rulesOf } from "./decide.ts";

/** Each rule as its name, verdict, condition, and what the verdict takes. */
function shown(rules: string, pkg = "acteon.rules"): readonly (readonly string[])[] {
  return rulesOf(`package ${pkg}\n${rules}`).map(({ name, verdict, condition }) => [
    name,
    verdict.kind,
    displayExpr(condition),
    ...verdictExpressions(verdict).map(displayExpr),
  ]);
}

describe("a rule decides by its name, and what it takes is its value", () => {
  test.each<readonly [string, readonly string[]]>([
    ["allow if input.action.payload.n == 1", ["allow", "allow", "(action.payload.n == 1)"]],
    ["deny_x if input.action.payload.n == 1", ["deny_x", "deny", "(action.payload.n == 1)"]],
    ['deny_x := "no"', ["deny_x", "deny", "true", '"no"']],
    ["deny_x := true if input.action.payload.a", ["deny_x", "deny", "(action.payload.a != false)"]],
    ['suppress_x := "quiet"', ["suppress_x", "suppress", "true", '"quiet"']],
    ['suppress_x := {"reason": "quiet", "duration": "1h"}', ["suppress_x", "suppress", "true", '"quiet"', "1h"]],
    [
      "reroute_x := input.action.payload.backup",
      ["reroute_x", "reroute", "(action.payload.backup != false)", "action.payload.backup"],
    ],
    ["deduplicate if true", ["deduplicate", "deduplicate", "true"]],
    ['deduplicate_x := "k"', ["deduplicate_x", "deduplicate", "true", '"k"']],
    ['deduplicate_x := {"key": "k", "window": 60000000000}', ["deduplicate_x", "deduplicate", "true", '"k"', "1m"]],
    ['throttle_x := {"rate": 3, "window": "1m"}', ["throttle_x", "throttle", "true", "3", "1m"]],
    [
      'modify_x := {"set": {"a.b": input.action.payload.n + 1}}',
      ["modify_x", "modify", "true", "(action.payload.n + 1)"],
    ],
    [
      'custom_x := {"handler": "h", "params": {"who": input.action.tenant}}',
      ["custom_x", "custom", "true", "action.tenant"],
    ],
    ['anything := {"verdict": "deny", "reason": "no"}', ["anything", "deny", "true", '"no"']],
    ['allow_x := {"verdict": "deny"}', ["allow_x", "deny", "true"]],
  ])("%s", (rule, expected) => {
    expect(shown(rule)).toEqual([expected]);
  });

  test("in the package `acteon` and those below it, and nowhere else", async () => {
    expect(shown("deny_x if true", "acteon")).toHaveLength(1);
    expect(shown("deny_x if true", "acteon.teams.db")).toHaveLength(1);
    expect(shown("deny_x if true", "other")).toEqual([]);
    expect(await problemsOf("package other\ndeny_x if true")).toMatchObject([
      { code: "ACT-R031", severity: "warning", span: { start: { line: 2 } } },
    ]);
  });

  test("helpers decide nothing, whatever they are", () => {
    expect(shown("helper if true\ndeny_f(x) if x\ndeny.tree := 1\ndenied if true\ndeny_never := false")).toEqual([
      ["deny_never", "deny", "false"],
    ]);
  });
});

describe("METADATA", () => {
  test("gives a rule its name, its verdict, what that takes, and its settings", () => {
    const [rule] = rulesOf(`package lib
# METADATA
# title: Not so loud
# custom:
#   name: quiet-hours
#   verdict: throttle
#   rate: 5
#   window: 10m
#   priority: -3
#   enabled: false
#   timezone: Europe/Berlin
#   on_error: skip
#   metadata: { team: ops }
p if input.action.payload.n
`);
    expect(rule).toMatchObject({
      name: "quiet-hours",
      priority: -3,
      enabled: false,
      description: "Not so loud",
      timezone: "Europe/Berlin",
      onError: "skip",
      metadata: { team: "ops" },
      verdict: { kind: "throttle", limit: { value: 5 }, window: { type: "duration", value: 600_000_000_000n } },
    });
  });

  test("of the document counts where no rule has its own; what the rule says of its verdict goes before it", () => {
    const [rule] = rulesOf(`package acteon.rules
# METADATA
# scope: document
# custom: { name: all, reason: in general, priority: 7 }
deny_x := "in particular" if input.action.payload.n == 1
`);
    expect(rule).toMatchObject({ name: "all", priority: 7, verdict: { reason: { value: "in particular" } } });
  });

  test("of scope `package` says nothing of rules", () => {
    expect(rulesOf("# METADATA\n# custom: { priority: 7 }\npackage acteon.rules\ndeny if true")).toMatchObject([
      { name: "deny", priority: 0 },
    ]);
  });
});

describe("bodies become conditions that are taken apart", () => {
  test.each<readonly [string, string]>([
    [
      'deny_x if { input.action.provider == "slack"; not input.action.payload.ok; input.action.type == "alert" }',
      'all((action.provider == "slack") && !(action.payload.ok != false) && (action.action_type == "alert"))',
    ],
    ["deny_x if { n := input.action.payload.n; n > 3 }", "(action.payload.n > 3)"],
    ["deny_x if { some x in input.action.payload.xs; x > 3 }", "any(x in action.payload.xs: (x > 3))"],
    [
      'deny_x if { input.action.provider == "slack"; x := input.action.payload.xs[_]; x > 3; x < 5 }',
      'all((action.provider == "slack") && any(x in action.payload.xs: all((x > 3) && (x < 5))))',
    ],
    ["deny_x if every x in input.action.payload.xs { x > 3 }", "all(x in action.payload.xs: (x > 3))"],
    ["deny_x if helper\nhelper if true", "(data.acteon.rules.helper != false)"],
    ["deny_x if big(input.action.payload.n)\nbig(n) if n > 3", "(data.acteon.rules.big(action.payload.n) != false)"],
  ])("%s", (rule, condition) => {
    expect(shown(rule)).toEqual([["deny_x", "deny", condition]]);
  });

  test("what is asked of the store is a conjunct of its own, so that it is the gate of its rule", () => {
    expect(
      shown(`deduplicate_x if {
  input.action.provider == "slack"
  key := sprintf("%s:%v", [input.action.payload.a, input.action.payload.b])
  state.seen(key, "5m")
}`),
    ).toEqual([
      [
        "deduplicate_x",
        "deduplicate",
        'all((action.provider == "slack") && StateSeen("{{ action.payload.a }}:{{ action.payload.b }}", 5m))',
      ],
    ]);
    expect(
      shown('throttle_x := {"rate": 1} if state.counter(concat(":", ["a", input.action.tenant]), "1m") > 10'),
    ).toEqual([["throttle_x", "throttle", '(StateCounter("a:{{ action.tenant }}", 1m) > 10)', "1"]]);
  });
});

test("a `with` of another rule, such as a test of this one, leaves the condition as it is", async () => {
  const rules = `deny_x if { input.action.provider == "slack"; count(input.action.payload.xs) > limit }
limit := 1
test_x if deny_x with input as {"action": {}} with count as 5 with data.acteon.rules.limit as 2
`;
  expect(shown(rules)).toEqual([
    ["deny_x", "deny", 'all((action.provider == "slack") && (size(action.payload.xs) > data.acteon.rules.limit))'],
  ]);
  const asking = await ruleSetOf(
    `package acteon.rules\nsuppress_x if { deny_x with input.action.provider as "slack" }\n${rules}`,
  );
  const sent = (provider: string) => decide(asking, actionOf({ provider, payload: { xs: [1, 2] } }));
  expect(await sent("mail")).toMatchObject({ verdict: "suppress" });
  expect(await sent("slack")).toMatchObject({ verdict: "suppress" });
});

describe("rules of several clauses", () => {
  const clauses = `deny_x := "small" if input.action.payload.n < 3
deny_x := sprintf("%d is large", [input.action.payload.n]) if input.action.payload.n > 5
`;

  test("decide where one of them holds, and that one gives the reason", async () => {
    const rules = await ruleSetOf(`package acteon.rules\n${clauses}`);
    const settled = (n: number) => decide(rules, actionOf({ payload: { n } }));
    expect(await settled(1)).toMatchObject({ verdict: "deny", reason: "small" });
    expect(await settled(6)).toMatchObject({ verdict: "deny", reason: "6 is large" });
    expect(await settled(4)).toMatchObject({ verdict: "allow" });
  });

  test("must agree; of a set any member will do", async () => {
    const document = await ruleSetOf('package acteon.rules\ndeny_x := "a"\ndeny_x := "b" if input.action.payload.n');
    expect(await decide(document, actionOf({ payload: { n: 1 } }))).toMatchObject({ verdict: "error" });
    expect(await decide(document, actionOf())).toMatchObject({ verdict: "deny", reason: "a" });
    const set = await ruleSetOf(`package acteon.rules
deny contains "a" if input.action.payload.a
deny contains msg if { some x in input.action.payload.xs; msg := x.reason }
`);
    expect(await decide(set, actionOf({ payload: { a: 1, xs: [{}, { reason: "x" }] } }))).toMatchObject({
      reason: "a",
    });
    expect(await decide(set, actionOf({ payload: { xs: [{}, { reason: "x" }] } }))).toMatchObject({ reason: "x" });
    expect(await decide(set, actionOf({ payload: { xs: [{}] } }))).toMatchObject({ verdict: "allow" });
  });

  test("with `else` the first that holds decides", async () => {
    const rules = await ruleSetOf(`package acteon.rules
reroute_x := "sms" if input.action.payload.n == 1
else := "mail" if input.action.payload.n == 2

deduplicate_x := {"key": "one"} if input.action.payload.m == 1
else := {"key": concat("-", ["two", input.action.tenant]), "window": "1m"} if input.action.payload.m == 2
`);
    const planned = (payload: { n?: number; m?: number }) => rules.plan(actionOf({ payload }), environmentAt(0));
    expect(planned({ n: 1 })).toMatchObject({ decision: { end: { verdict: "reroute", rerouteTo: "sms" } } });
    expect(planned({ n: 2 })).toMatchObject({ decision: { end: { verdict: "reroute", rerouteTo: "mail" } } });
    expect(planned({ n: 3 })).toMatchObject({ decision: { end: { verdict: "allow" } } });
    expect(planned({ m: 2 })).toMatchObject({
      decision: { gates: [{ key: `two-${actionOf().tenant}`, ttlMs: 60_000 }] },
    });
  });

  test("with a default other than false always decide", async () => {
    const rules = await ruleSetOf(
      'package acteon.rules\ndefault deny := "shut"\ndeny := "open" if input.action.payload.n',
    );
    expect(await decide(rules, actionOf())).toMatchObject({ verdict: "deny", reason: "shut" });
    expect(await decide(rules, actionOf({ payload: { n: 1 } }))).toMatchObject({ verdict: "deny", reason: "open" });
    expect(shown("default deny := false\ndeny if input.action.payload.n")).toEqual([
      ["deny", "deny", "(action.payload.n != false)"],
    ]);
  });
});

describe("a value that is undefined or false decides nothing", () => {
  const decided = async (rule: string, payload = {}) =>
    (await decide(await ruleSetOf(`package acteon.rules\n${rule}`), actionOf({ payload }))).verdict;

  test.each([
    ["deny_x := input.action.payload.why", "allow"],
    ['deny_x := sprintf("because of %s", [input.action.payload.why])', "allow"],
    ['deny_x := {"reason": input.action.payload.why}', "allow"],
    ["deny_x := input.action.payload.off", "allow"],
    ["deny_x := input.action.payload.on", "deny"],
    ["deny_x if input.action.payload.off", "allow"],
    ['deduplicate_x := {"key": input.action.payload.why}', "allow"],
  ])("%s", async (rule, verdict) => {
    expect(await decided(rule, { on: "yes", off: false })).toBe(verdict);
  });
});

describe("the names that rules have", () => {
  test.each([
    ["input.action.payload.who in data.vips", true],
    ['data.limits.slack["max-size"] == input.action.payload.n', true],
    ["not data.limits.sms", true],
    ['env.circuit_open("broken")', true],
    ['env.latency_p99("slack") == 250000000', true],
    ['env.failure_rate("slack") > 0.4', true],
    ["time.clock(time.now_ns())[0] == 12", true],
    ['input.action.type == "message"; action.dedup_key() == input.action.id', true],
    ["input.action.payload.missing", false],
    ['state.seen("k")', false],
    ['state.get("since") == "2026-03-01T11:00:00Z"', true],
    ['state.time_since("since") == 3600000000000', true],
    ['state.counter("c", "1m") > 0', true],
    ['state.counter("c", input.action.payload.window) > 0', true],
    ['state.counter("c", 60 * 1000 * 1000 * 1000) > 0', true],
  ])("%s", async (body, expected) => {
    const store = new TinyStore();
    store.entries.set("since", "2026-03-01T11:00:00Z");
    const data = { vips: ["ann"], limits: { slack: { "max-size": 3 } } };
    const rules = await ruleSetOf(`package acteon.rules\ndeny if { ${body} }`, data);
    const action = actionOf({ payload: { who: "ann", n: 3, window: "1m" } });
    expect((await decide(rules, action, store)).verdict).toBe(expected ? "deny" : "allow");
  });
});
