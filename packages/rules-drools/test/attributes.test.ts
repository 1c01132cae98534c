import { actionOf, TinyStore } from "@acteon/rules/conformance";
import type { Rule } from "@acteon/rules";
import { describe, expect, test } from "vitest";
import { decide, environmentAt, frontEnd, ruleSetOf } from "./decide.ts";

function ruleOf(text: string): Rule {
  const parsed = frontEnd.parse(text, "rules/a.drl");
  if (parsed.kind === "rejected") throw new Error(JSON.stringify(parsed.diagnostics, undefined, 1));
  return parsed.rules[0]!;
}

const rule = (attributes: string) => `rule "r" ${attributes} when then deny(); end`;

describe("salience", () => {
  test.each([
    ["", 0],
    ["salience 0", 0],
    ["salience 10", -10],
    ["salience -10", 10],
    ["salience ( 2 * 3 + 1 )", -7],
    ["salience ( Integer.MIN_VALUE )", 2_147_483_647],
    ["salience ( Integer.MAX_VALUE )", -2_147_483_647],
  ])("%s", (attributes, priority) => {
    expect(ruleOf(rule(attributes)).priority).toBe(priority);
  });

  test("the higher runs first, and of equals the one that is written first", async () => {
    const rules = await ruleSetOf(`
rule "third" when then deny("third"); end
rule "first" salience 2 when then modify(["a": 1]); end
rule "second" salience 1 when Action( payload.skip != true ) then deny("second"); end
`);
    expect(await decide(rules, actionOf())).toMatchObject({ reason: "second" });
    expect(await decide(rules, actionOf({ payload: { skip: true } }))).toMatchObject({ reason: "third" });
  });
});

describe("enabled", () => {
  test.each([
    ["enabled true", true],
    ["enabled false", false],
    ["enabled ( Boolean.TRUE )", true],
  ])("%s", (attributes, enabled) => {
    expect(ruleOf(rule(attributes)).enabled).toBe(enabled);
  });

  test("by what rules know is a condition", async () => {
    const verdictIn = async (attributes: string) =>
      (await decide(await ruleSetOf(rule(attributes)), actionOf())).verdict;
    expect(await verdictIn('enabled ( env.REGION == "eu" )')).toBe("deny");
    expect(await verdictIn('enabled ( env.REGION == "us" )')).toBe("allow");
    expect(await verdictIn("enabled ( 1 + 1 == 2 )")).toBe("deny");
  });
});

test.each([
  ["2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z", "deny"],
  ["2026-03-01T12:00:01Z", "2026-03-02", "allow"],
  ["2026-02-28", "2026-03-01T12:00:00Z", "allow"],
  ["01-Mar-2026", "02-MAR-2026", "deny"],
  ["01-Mar-2026 13:00", "02-Mar-2026", "allow"],
  ["2026-03-01T13:00+01:00", "2026-03-01T12:30", "deny"],
])("from %s to %s", async (effective, expires, verdict) => {
  const rules = await ruleSetOf(rule(`date-effective "${effective}" date-expires "${expires}"`));
  expect(await decide(rules, actionOf())).toMatchObject({ verdict });
});

describe("activation-group", () => {
  const text = `
rule "first" activation-group "g" salience 3 when Action( payload.a == 1 ) then modify(["first": true]); end
rule "second" activation-group "g" salience 2 when then modify(["second": true]); end
rule "third" activation-group "g" salience 1 when then deny(); end
rule "of another" activation-group "h" when then modify(["other": true]); end
`;

  test("of a group only the first that fires decides", async () => {
    const rules = await ruleSetOf(text);
    const endOf = (payload: { a: number }) => rules.plan(actionOf({ payload }), environmentAt(0));
    expect(endOf({ a: 1 })).toMatchObject({
      decision: { end: { kind: "execute", payload: { a: 1, first: true, other: true } } },
    });
    expect(endOf({ a: 2 })).toMatchObject({
      decision: { end: { kind: "execute", payload: { a: 2, second: true, other: true } } },
    });
  });
});

test("attributes in front of the rules are those of each that does not say otherwise", () => {
  const parsed = frontEnd.parse(
    `dialect "mvel"\nsalience 5;\nenabled false;\nrule "a" when then deny(); end\nrule "b" salience 1 when then deny(); end`,
    "rules/a.drl",
  );
  expect(parsed).toMatchObject({
    rules: [
      { name: "a", priority: -5, enabled: false },
      { name: "b", priority: -1 },
    ],
  });
});

test("what means nothing for one action at a time is accepted, and groups are kept as metadata", async () => {
  const text = `rule "r"
    no-loop
    lock-on-active true
    auto-focus
    dialect "java"
    agenda-group "pages"
    ruleflow-group "night"
    @team( "ops" ) @ticket( OPS-1 )
    @description( "Nobody is paged" )
    @timezone( "Europe/Berlin" )
    @onError( skip )
when
    Action( payload.n > "x" )
then
    deny();
end`;
  expect(ruleOf(text)).toMatchObject({
    metadata: { "agenda-group": "pages", "ruleflow-group": "night", team: "ops", ticket: "OPS-1" },
    description: "Nobody is paged",
    timezone: "Europe/Berlin",
    onError: "skip",
  });
  expect(await decide(await ruleSetOf(text), actionOf({ payload: { n: true } }), new TinyStore())).toMatchObject({
    verdict: "allow",
  });
});
