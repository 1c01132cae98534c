import type { JsonValue } from "@acteon/core";
import { describe, expect, test } from "vitest";
import { action, environment, known, nowMs, readsOf, resumed, ruleSet, decided, refOf } from "../testing/evaluation.ts";
import {
  always,
  and,
  compare,
  counter,
  dedupKey,
  eq,
  json,
  not,
  or,
  path,
  rule,
  seen,
  verdicts,
} from "../testing/ir.ts";

const env = environment();
const minute = 60_000;
const onSlack = eq(path("provider"), "slack");
const onMail = eq(path("provider"), "mail");

describe("gates (design.md §5)", () => {
  test("state.seen as a conjunct of a deduplicate rule is the gate, and is not read", async () => {
    const { gates, end } = await decided(
      rule("d", and(onSlack, seen(dedupKey, 5 * minute)), verdicts.deduplicate()),
      rule("next", always, verdicts.reroute("mail")),
    );
    expect(gates).toEqual([{ kind: "deduplicate", rule: refOf("d"), key: "a-1", ttlMs: 5 * minute }]);
    // Passed, the rule does not match and evaluation goes on.
    expect(end).toMatchObject({ verdict: "reroute", rule: refOf("next") });
  });

  test("the verdict's own key and window come before those of the conjunct", async () => {
    const { gates, end } = await decided(rule("d", seen("theirs", minute), verdicts.deduplicate("mine", 2 * minute)));
    expect(gates).toMatchObject([{ key: "mine", ttlMs: 2 * minute }]);
    expect(end).toMatchObject({ verdict: "allow", rule: undefined });
  });

  test("a key is the text of whatever value it is, but null, which what is unrelated would share", async () => {
    const set = await ruleSet(rule("d", always, verdicts.deduplicate(path("payload.key"))));
    const keyed = (key: JsonValue) => known(set.plan(action({ payload: { key } }), env));
    expect(keyed("k").gates).toMatchObject([{ key: "k" }]);
    expect(keyed(7).gates).toMatchObject([{ key: "7" }]);
    expect(keyed(1.5).gates).toMatchObject([{ key: "1.5" }]);
    expect(keyed(true).gates).toMatchObject([{ key: "true" }]);
    expect(keyed(["a", 1]).gates).toMatchObject([{ key: '["a",1]' }]);
    expect(keyed(null).end).toMatchObject({ kind: "error", message: "a key that is null" });
  });

  test("elsewhere state.seen is read: negated, under any, and in other verdicts", async () => {
    for (const condition of [not(seen("k")), or(seen("k"), onMail)]) {
      const set = await ruleSet(rule("d", condition, verdicts.deduplicate()));
      expect(readsOf(set.plan(action(), env))).toEqual([{ kind: "seen", key: "k" }]);
    }
    const set = await ruleSet(rule("s", seen("k"), verdicts.suppress()));
    expect(readsOf(set.plan(action(), env))).toEqual([{ kind: "seen", key: "k" }]);
  });

  test("a second state.seen of a deduplicate rule is read", async () => {
    const set = await ruleSet(rule("d", and(seen("gate"), seen("read")), verdicts.deduplicate()));
    const first = set.plan(action(), env);
    expect(readsOf(first)).toEqual([{ kind: "seen", key: "read" }]);
    expect(known(resumed(first, nowMs)).gates).toMatchObject([{ key: "gate" }]);
    expect(known(resumed(first, undefined)).gates).toEqual([]);
  });

  test.each([
    ["> n", compare(counter("k", minute), "gt", 10), 3, 10],
    ["> n below the rate", compare(counter("k", minute), "gt", 2), 10, 10],
    [">= n", compare(counter("k", minute), "ge", 10), 3, 9],
    ["n <", compare(json(10), "lt", counter("k", minute)), 3, 10],
    ["n <=", compare(json(10), "le", counter("k", minute)), 3, 9],
    ["> n between whole numbers", compare(counter("k", minute), "gt", 4.5), 0, 4],
  ] as const)("a windowed counter %s of a throttle rule is the gate", async (_, condition, rate, limit) => {
    const { gates, end } = await decided(rule("t", and(onSlack, condition), verdicts.throttle(rate)));
    expect(gates).toEqual([
      { kind: "throttle", rule: refOf("t"), counter: { kind: "key", key: "k" }, limit, windowMs: minute },
    ]);
    expect(end).toMatchObject({ verdict: "allow", rule: undefined });
  });

  test("elsewhere a windowed counter counts by itself, and one without a window is read", async () => {
    const counts = await ruleSet(rule("s", compare(counter("k", minute), "gt", 10), verdicts.suppress()));
    const first = counts.plan(action(), env);
    expect(readsOf(first)).toEqual([{ kind: "count", key: "k", windowMs: minute }]);
    expect(known(resumed(first, 11)).end).toMatchObject({ verdict: "suppress" });
    expect(known(resumed(first, 10)).end).toMatchObject({ verdict: "allow" });
    const reads = await ruleSet(rule("t", compare(counter("k"), "gt", 10), verdicts.throttle(1, minute)));
    expect(readsOf(reads.plan(action(), env))).toEqual([{ kind: "counter", key: "k" }]);
  });

  test("the gates of several rules are asked in rule order", async () => {
    const { gates } = await decided(
      rule("d", seen("one"), verdicts.deduplicate()),
      rule("t", compare(counter("two", minute), "gt", 1), verdicts.throttle(1)),
      rule("bare", always, verdicts.deduplicate("three")),
      rule("behind", seen("four"), verdicts.deduplicate()),
    );
    expect(gates.map(({ rule: { name } }) => name)).toEqual(["d", "t", "bare"]);
  });
});

describe("suppress with a duration", () => {
  const mark = { kind: "suppression", rule: "s" };
  const condition = and(onSlack, compare(counter("errors"), "gt", 5));

  test("marks when it fires, and goes on suppressing what passes the stateless part", async () => {
    const set = await ruleSet(rule("s", condition, verdicts.suppress("storm", 10 * minute)));
    const first = set.plan(action(), env);
    expect(readsOf(first)).toEqual([{ kind: "counter", key: "errors" }, mark]);
    expect(known(resumed(first, 6, 0)).end).toMatchObject({ kind: "suppress", reason: "storm", markMs: 10 * minute });
    expect(known(resumed(first, 0, 1)).end).toMatchObject({ kind: "suppress", reason: "storm", markMs: undefined });
    expect(known(resumed(first, 6, 1)).end).toMatchObject({ markMs: undefined });
    expect(known(resumed(first, 0, 0)).end).toMatchObject({ verdict: "allow" });
    expect(set.plan(action({ provider: "mail" }), env).kind).toBe("known");
  });

  test("without a state-dependent part it needs no mark", async () => {
    expect((await decided(rule("s", onSlack, verdicts.suppress("x", minute)))).end).toMatchObject({
      markMs: undefined,
    });
  });
});
