import { expect, test } from "vitest";
import { node } from "../ir/build.ts";
import { action, nowMs, ruleSet } from "../testing/evaluation.ts";
import { always, and, compare, counter, entry, eq, failure, path, rule, seen, span, verdicts } from "../testing/ir.ts";
import { runRuleTest } from "./rule-test.ts";
import type { RuleTest } from "./rule-test.ts";

const minute = 60_000;

function ruleTest(
  fields: Partial<Omit<RuleTest, "expect">> & { readonly expect: Partial<RuleTest["expect"]> },
): RuleTest {
  return {
    name: "a test",
    span,
    action: action(),
    nowMs,
    state: { entries: new Map(), counters: new Map(), seen: new Map() },
    ...fields,
    expect: { span, verdict: "allow", matchedRule: undefined, reason: undefined, ...fields.expect },
  };
}

test("a test passes when verdict, rule and reason are as expected", async () => {
  const rules = await ruleSet(rule("quiet", eq(path("provider"), "slack"), verdicts.suppress("shh")));
  const expected = { verdict: "suppress", matchedRule: "quiet", reason: "shh" };
  expect((await runRuleTest(rules, ruleTest({ expect: expected }))).mismatches).toEqual([]);
  const other = await runRuleTest(rules, ruleTest({ expect: { verdict: "deny", matchedRule: null, reason: "other" } }));
  expect(other.mismatches).toEqual([
    { what: "verdict", expected: "deny", actual: "suppress" },
    { what: "matched_rule", expected: null, actual: "quiet" },
    { what: "reason", expected: "other", actual: "shh" },
  ]);
});

test("its state answers reads and gates, as it was before the action", async () => {
  const rules = await ruleSet(
    rule("dedup", seen("k", 5 * minute), verdicts.deduplicate()),
    rule("throttle", and(eq(entry("mode"), "on"), compare(counter("c", minute), "gt", 3)), verdicts.throttle(3)),
    rule("bare", eq(path("provider"), "mail"), verdicts.throttle(2, minute)),
  );
  const verdictWith = async (state: Partial<RuleTest["state"]>, of = action()): Promise<string> => {
    const base = ruleTest({ expect: {}, action: of });
    return (await runRuleTest(rules, { ...base, state: { ...base.state, ...state } })).actual.verdict;
  };
  const on = new Map([["mode", "on"]]);
  const mail = action({ provider: "mail" });
  expect(await verdictWith({})).toBe("allow");
  expect(await verdictWith({ seen: new Map([["k", nowMs - 5 * minute + 1]]) })).toBe("deduplicate");
  expect(await verdictWith({ seen: new Map([["k", nowMs - 5 * minute]]) })).toBe("allow");
  expect(await verdictWith({ entries: on, counters: new Map([["c", 3]]) })).toBe("throttle");
  expect(await verdictWith({ entries: on, counters: new Map([["c", 2]]) })).toBe("allow");
  expect(await verdictWith({ counters: new Map([["bare", 2]]) }, mail)).toBe("throttle");
  // It passes its gate, and its verdict is what executes it.
  expect(await verdictWith({ counters: new Map([["bare", 1]]) }, mail)).toBe("throttle");
});

test("its clock is the clock of the evaluation", async () => {
  const night = compare(node({ kind: "time", part: "hour", zone: undefined, span }), "lt", 6);
  const rules = await ruleSet(rule("night", night, verdicts.deny()));
  expect((await runRuleTest(rules, ruleTest({ nowMs: Date.UTC(2026, 0, 1, 5), expect: {} }))).actual.verdict).toBe(
    "deny",
  );
  expect((await runRuleTest(rules, ruleTest({ nowMs: Date.UTC(2026, 0, 1, 6), expect: {} }))).actual.verdict).toBe(
    "allow",
  );
});

test("an error is a verdict, and no rule is none", async () => {
  const bad = await ruleSet(rule("bad", failure, verdicts.deny()));
  expect((await runRuleTest(bad, ruleTest({ expect: { verdict: "error", matchedRule: "bad" } }))).mismatches).toEqual(
    [],
  );
  const none = await ruleSet(rule("off", always, verdicts.deny(), { enabled: false }));
  expect((await runRuleTest(none, ruleTest({ expect: { matchedRule: null } }))).mismatches).toEqual([]);
});
