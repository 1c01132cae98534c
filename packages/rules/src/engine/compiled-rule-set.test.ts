import { describe, expect, test } from "vitest";
import type { JsonValue, RuleRef } from "@acteon/core";
import type { Decision, Plan } from "../decision.ts";
import { node } from "../ir/build.ts";
import type { Rule } from "../ir/rule.ts";
import type { NativeRule } from "../native-rule.ts";
import { action, engineWith, environment, known, nowMs, readsOf, resumed, ruleSet } from "../testing/evaluation.ts";
import {
  always,
  and,
  compare,
  counter,
  dedupKey,
  duration,
  entry,
  eq,
  failure,
  json,
  mutations,
  not,
  or,
  path,
  rule,
  seen,
  span,
  template,
  timeSince,
  verdicts,
} from "../testing/ir.ts";

const env = environment();
const minute = 60_000;

function refOf(name: string): RuleRef {
  return { name, file: span.file, line: span.start.line };
}

async function decided(...rules: readonly (Rule | NativeRule)[]): Promise<Decision> {
  return known((await ruleSet(...rules)).plan(action(), env));
}

const onSlack = eq(path("provider"), "slack");
const onMail = eq(path("provider"), "mail");

describe("verdicts", () => {
  test("without a rule that has a say the action is executed as it is, and nothing is allocated", async () => {
    const set = await ruleSet(rule("mail only", onMail, verdicts.suppress()));
    const plan = set.plan(action(), env);
    expect(known(plan)).toEqual({
      gates: [],
      end: { kind: "execute", verdict: "allow", rule: undefined, rerouteTo: undefined, payload: undefined },
      facts: [],
    });
    expect(set.plan(action({ id: "other" }), env)).toBe(plan);
  });

  test("allow, deny, suppress and reroute end the evaluation", async () => {
    const last = rule("last", always, verdicts.suppress());
    expect((await decided(rule("a", onSlack, verdicts.allow), last)).end).toMatchObject({
      kind: "execute",
      verdict: "allow",
      rule: refOf("a"),
    });
    expect((await decided(rule("d", onSlack, verdicts.deny("no")), last)).end).toMatchObject({
      kind: "suppress",
      verdict: "deny",
      reason: "no",
      rule: refOf("d"),
    });
    expect(
      (await decided(rule("s", onSlack, verdicts.suppress(template("on ", path("provider")))), last)).end,
    ).toMatchObject({ kind: "suppress", verdict: "suppress", reason: "on slack", markMs: undefined });
    expect((await decided(rule("r", onSlack, verdicts.reroute("mail")), last)).end).toMatchObject({
      kind: "execute",
      verdict: "reroute",
      rerouteTo: "mail",
    });
  });

  test("a verdict that is always the same is one plan for all actions", async () => {
    const set = await ruleSet(rule("s", onSlack, verdicts.suppress("quiet")));
    expect(set.plan(action(), env)).toBe(set.plan(action({ id: "b" }), env));
  });

  test("a bare deduplicate asks its gate, and executes when it passes", async () => {
    const byField = await decided(rule("d", onSlack, verdicts.deduplicate(undefined, 5 * minute)));
    expect(byField.gates).toEqual([{ kind: "deduplicate", rule: refOf("d"), key: "a-1", ttlMs: 5 * minute }]);
    expect(byField.end).toMatchObject({ kind: "execute", verdict: "deduplicate" });
    const set = await ruleSet(rule("d", onSlack, verdicts.deduplicate(template("k:", path("payload.n")))));
    expect(known(set.plan(action({ payload: { n: 4 }, dedupKey: "x" }), env)).gates).toMatchObject([
      { key: "k:4", ttlMs: undefined },
    ]);
    const plain = await ruleSet(rule("d", onSlack, verdicts.deduplicate()));
    expect(known(plain.plan(action({ dedupKey: "x" }), env)).gates).toMatchObject([{ key: "x" }]);
  });

  test("a bare throttle counts by its rule", async () => {
    const { gates, end } = await decided(rule("t", onSlack, verdicts.throttle(10, minute)));
    expect(gates).toEqual([
      { kind: "throttle", rule: refOf("t"), counter: { kind: "rule" }, limit: 10, windowMs: minute },
    ]);
    expect(end).toMatchObject({ kind: "execute", verdict: "throttle" });
  });

  test("custom hands its parameters over", async () => {
    const verdict = verdicts.custom("page", { who: path("provider"), n: json(2) });
    expect((await decided(rule("c", always, verdict))).end).toEqual({
      kind: "custom",
      rule: refOf("c"),
      handler: "page",
      params: { who: "slack", n: 2 },
    });
  });
});

describe("modify", () => {
  const payload = { text: "hi", nested: { a: 1, b: 2 }, secret: "s" };

  test("accumulates, and the payload it leaves goes with whatever executes", async () => {
    const set = await ruleSet(
      rule("one", always, verdicts.modify(mutations.set("nested.a", 9), mutations.remove("secret"))),
      rule("two", always, verdicts.modify(mutations.merge({ nested: { b: null } }))),
      rule("three", always, verdicts.modify(mutations.rename("text", "message"))),
      rule("end", always, verdicts.reroute("mail")),
    );
    expect(known(set.plan(action({ payload }), env)).end).toMatchObject({
      verdict: "reroute",
      rule: refOf("end"),
      payload: { nested: { a: 9 }, message: "hi" },
    });
  });

  test("alone it executes, in the name of the last rule that modified", async () => {
    const set = await ruleSet(
      rule("one", always, verdicts.modify(mutations.merge({ a: 1 }))),
      rule("two", always, verdicts.modify(mutations.merge({ b: 2 }))),
    );
    expect(known(set.plan(action(), env)).end).toMatchObject({ verdict: "modify", rule: refOf("two") });
  });

  test("conditions see the action as it arrived", async () => {
    const set = await ruleSet(
      rule("one", always, verdicts.modify(mutations.merge({ quiet: true }))),
      rule("two", eq(path("payload.quiet"), true), verdicts.suppress()),
    );
    expect(known(set.plan(action(), env)).end).toMatchObject({ verdict: "modify" });
  });

  test("where the rule is terminal the rules behind it are not asked", async () => {
    const modify = node({ kind: "modify", mutations: [mutations.merge({ a: 1 })], terminal: true, span });
    const set = await ruleSet(rule("one", always, modify), rule("two", always, verdicts.suppress()));
    expect(known(set.plan(action(), env)).end).toMatchObject({
      kind: "execute",
      verdict: "modify",
      rule: refOf("one"),
      payload: { a: 1 },
    });
  });

  test("what does not execute has no payload", async () => {
    const set = await ruleSet(
      rule("one", always, verdicts.modify(mutations.merge({ a: 1 }))),
      rule("two", always, verdicts.suppress()),
    );
    expect(known(set.plan(action(), env)).end).toMatchObject({ kind: "suppress", rule: refOf("two") });
  });

  test("into something that is no map it is a rule error (row 56)", async () => {
    const set = await ruleSet(rule("one", always, verdicts.modify(mutations.set("text.deeper", 1))));
    expect(known(set.plan(action({ payload }), env)).end).toMatchObject({ kind: "error", rule: refOf("one") });
    expect(known(set.plan(action({ payload: {} }), env)).end).toMatchObject({ payload: { text: { deeper: 1 } } });
  });
});

describe("order", () => {
  test("is by priority, then by place, then as registered", async () => {
    const engine = await engineWith(
      rule("third", always, verdicts.allow, { priority: 5 }),
      rule("first", always, verdicts.allow, { priority: -5 }),
      rule("fourth", always, verdicts.allow, { priority: 5 }),
      rule("second", always, verdicts.allow),
    );
    expect(engine.listRules().map(({ name }) => name)).toEqual(["first", "second", "third", "fourth"]);
  });
});

describe("errors", () => {
  test("a condition that is an error fails the dispatch, and names the rule", async () => {
    const { end } = await decided(rule("bad", failure, verdicts.suppress()), rule("next", always, verdicts.allow));
    expect(end).toEqual({ kind: "error", rule: refOf("bad"), message: "`action.payload.absent` does not exist" });
  });

  test("behind a rule that has decided it is not reached", async () => {
    const { end } = await decided(rule("first", always, verdicts.allow), rule("bad", failure, verdicts.suppress()));
    expect(end).toMatchObject({ kind: "execute", rule: refOf("first") });
  });

  test("with onError skip it counts as not matched, and is counted", async () => {
    const engine = await engineWith(
      rule("bad", failure, verdicts.suppress(), { onError: "skip" }),
      rule("next", always, verdicts.deny()),
    );
    expect(known(engine.current().plan(action(), env)).end).toMatchObject({ verdict: "deny" });
    expect(engine.skippedErrors).toBe(1);
  });

  test("so is a verdict whose value is one, and a condition that is no bool", async () => {
    expect((await decided(rule("key", always, verdicts.deduplicate(failure)))).end).toMatchObject({ kind: "error" });
    expect((await decided(rule("bool", path("payload.x"), verdicts.allow))).end).toMatchObject({
      kind: "error",
      message: "a condition that is neither true nor false",
    });
  });

  test("a condition that is undefined does not hold", async () => {
    expect(
      (await decided(rule("u", eq(path("payload.x", "undefined"), 1, "rego"), verdicts.deny()))).end,
    ).toMatchObject({
      verdict: "allow",
      rule: undefined,
    });
  });
});

describe("state reads", () => {
  const plan = async (...rules: readonly (Rule | NativeRule)[]): Promise<Plan> =>
    (await ruleSet(...rules)).plan(action(), env);

  test("the reads of all survivors go out in one round, each once", async () => {
    const first = await plan(
      rule("one", and(onSlack, eq(entry("mode"), "quiet")), verdicts.suppress()),
      rule("none", and(onMail, eq(entry("mail"), "x")), verdicts.suppress()),
      rule("two", and(eq(entry("mode"), "loud"), compare(counter("hits"), "gt", 3)), verdicts.deny()),
    );
    expect(readsOf(first)).toEqual([
      { kind: "entry", key: "mode" },
      { kind: "counter", key: "hits" },
    ]);
    const decision = known(resumed(first, "loud", 4));
    expect(decision.end).toMatchObject({ verdict: "deny", rule: refOf("two") });
    expect(decision.facts).toEqual([
      { read: { kind: "entry", key: "mode" }, answer: "loud" },
      { read: { kind: "counter", key: "hits" }, answer: 4 },
    ]);
    expect(known(resumed(first, "quiet", 0)).end).toMatchObject({ verdict: "suppress", rule: refOf("one") });
    expect(known(resumed(first, undefined, 0)).end).toMatchObject({ verdict: "allow", rule: undefined });
  });

  test("rules behind the first certain end are not read for", async () => {
    const first = await plan(
      rule("asks", eq(entry("mode"), "quiet"), verdicts.suppress()),
      rule("certain", always, verdicts.reroute("mail")),
      rule("behind", eq(entry("other"), "x"), verdicts.deny()),
    );
    expect(readsOf(first)).toEqual([{ kind: "entry", key: "mode" }]);
    expect(known(resumed(first, "loud")).end).toMatchObject({ verdict: "reroute" });
  });

  test("an error behind a rule that asks counts only when that rule does not decide", async () => {
    const first = await plan(
      rule("asks", eq(entry("mode"), "quiet"), verdicts.suppress()),
      rule("bad", failure, verdicts.suppress()),
    );
    expect(known(resumed(first, "quiet")).end).toMatchObject({ verdict: "suppress" });
    expect(known(resumed(first, "loud")).end).toMatchObject({ kind: "error", rule: refOf("bad") });
  });

  test("what the stateless part decides is not asked for, whichever side it stands on", async () => {
    const counts = compare(counter("c", minute), "gt", 1);
    expect((await plan(rule("a", and(counts, onMail), verdicts.deny()))).kind).toBe("known");
    expect((await plan(rule("b", or(counts, onSlack), verdicts.deny()))).kind).toBe("known");
    // An error that a clause before it may prevent waits for that clause.
    const guarded = await plan(rule("c", and(eq(entry("mode"), "on"), failure), verdicts.deny()));
    expect(known(resumed(guarded, "off")).end).toMatchObject({ verdict: "allow" });
    expect(known(resumed(guarded, "on")).end).toMatchObject({ kind: "error" });
  });

  test("a key that depends on a value costs one more round, and there are at most three", async () => {
    const keyed = (depth: number): ReturnType<typeof entry> =>
      depth === 0 ? entry("start") : entry(template("at:", keyed(depth - 1)));
    const set = await ruleSet(rule("deep", eq(keyed(2), "found"), verdicts.deny()));
    let current = set.plan(action(), env);
    expect(readsOf(current)).toEqual([{ kind: "entry", key: "start" }]);
    current = resumed(current, "a");
    expect(readsOf(current)).toEqual([{ kind: "entry", key: "at:a" }]);
    current = resumed(current, "b");
    expect(readsOf(current)).toEqual([{ kind: "entry", key: "at:b" }]);
    expect(known(resumed(current, "found")).end).toMatchObject({ verdict: "deny" });
  });

  test("a plan can be resumed again with other answers", async () => {
    const first = await plan(rule("one", eq(entry("mode"), "quiet"), verdicts.suppress()));
    expect(known(resumed(first, "quiet")).end).toMatchObject({ verdict: "suppress" });
    expect(known(resumed(first, "loud")).end).toMatchObject({ verdict: "allow" });
  });

  test("plans that wait do not disturb each other", async () => {
    const set = await ruleSet(rule("one", eq(entry(path("provider")), path("payload.want")), verdicts.suppress()));
    const a = set.plan(action({ provider: "a", payload: { want: "x" } }), env);
    const b = set.plan(action({ provider: "b", payload: { want: "y" } }), env);
    expect(readsOf(a)).toEqual([{ kind: "entry", key: "a" }]);
    expect(readsOf(b)).toEqual([{ kind: "entry", key: "b" }]);
    expect(known(resumed(b, "x")).end).toMatchObject({ verdict: "allow" });
    expect(known(resumed(a, "x")).end).toMatchObject({ verdict: "suppress" });
  });

  test("seen and timeSince are judged by the clock of the evaluation", async () => {
    const first = await plan(rule("s", and(seen("k", minute), not(seen("other"))), verdicts.deny()));
    expect(readsOf(first)).toEqual([
      { kind: "seen", key: "k" },
      { kind: "seen", key: "other" },
    ]);
    expect(known(resumed(first, nowMs - minute + 1, undefined)).end).toMatchObject({ verdict: "deny" });
    expect(known(resumed(first, nowMs - minute, undefined)).end).toMatchObject({ verdict: "allow" });
    const since = await plan(rule("t", compare(timeSince("at"), "lt", duration(minute)), verdicts.deny()));
    expect(readsOf(since)).toEqual([{ kind: "entry", key: "at" }]);
    expect(known(resumed(since, "2026-03-02T09:30:00Z")).end).toMatchObject({ verdict: "deny" });
    expect(known(resumed(since, "2026-03-02T09:00:00Z")).end).toMatchObject({ verdict: "allow" });
    expect(known(resumed(since, undefined)).end).toMatchObject({ verdict: "allow" });
    expect(known(resumed(since, "yesterday")).end).toMatchObject({ kind: "error" });
  });

  test("a wrong number of answers is a bug of the caller", async () => {
    const first = await plan(rule("one", eq(entry("mode"), "quiet"), verdicts.suppress()));
    expect(() => resumed(first)).toThrow(RangeError);
  });
});

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

describe("native rules", () => {
  const native = (name: string, evaluate: NativeRule["evaluate"], fields: Partial<NativeRule> = {}): NativeRule => ({
    kind: "native",
    name,
    priority: 0,
    enabled: true,
    description: undefined,
    metadata: {},
    span,
    onError: "fail",
    evaluate,
    ...fields,
  });

  test("decide as other rules do", async () => {
    const set = await ruleSet(
      native("skip", () => undefined),
      native("dedup", ({ dedupKey: key }) => ({ kind: "deduplicate", key: `n:${key}`, ttlMs: minute })),
    );
    const { gates, end } = known(set.plan(action(), env));
    expect(gates).toMatchObject([{ key: "n:a-1", ttlMs: minute }]);
    expect(end).toMatchObject({ verdict: "deduplicate", rule: refOf("dedup") });
  });

  test("their modifications accumulate", async () => {
    const set = await ruleSet(
      native("m", ({ action: { provider } }) => ({ kind: "modify", merge: { via: provider } })),
      rule("end", always, verdicts.reroute("mail")),
    );
    expect(known(set.plan(action({ payload: { a: 1 } }), env)).end).toMatchObject({ payload: { a: 1, via: "slack" } });
  });

  test("an async one suspends its own action only, and its answer is a fact", async () => {
    const set = await ruleSet(
      native("slow", async ({ action: { provider } }) =>
        provider === "slack" ? ({ kind: "reroute", to: "mail" } as const) : undefined,
      ),
      rule("rest", always, verdicts.deny()),
    );
    const plan = set.plan(action(), env);
    if (plan.kind !== "waits") throw new Error(plan.kind);
    const decision = known(await plan.plan);
    expect(decision.end).toMatchObject({ verdict: "reroute", rerouteTo: "mail" });
    expect(decision.facts).toEqual([
      { read: { kind: "native", rule: "slow" }, answer: '{"kind":"reroute","to":"mail"}' },
    ]);
    const other = set.plan(action({ provider: "x" }), env);
    if (other.kind !== "waits") throw new Error(other.kind);
    expect(known(await other.plan).end).toMatchObject({ verdict: "deny" });
  });

  test("one behind a rule that asks the store is asked once that rule is known", async () => {
    const asked: string[] = [];
    const set = await ruleSet(
      rule("asks", eq(entry("mode"), "quiet"), verdicts.suppress(), { priority: -1 }),
      native("native", () => void asked.push("native")),
    );
    const plan = set.plan(action(), env);
    expect(asked).toEqual([]);
    expect(known(resumed(plan, "quiet")).end).toMatchObject({ verdict: "suppress" });
    expect(asked).toEqual([]);
    expect(known(resumed(plan, "loud")).end).toMatchObject({ verdict: "allow" });
    expect(asked).toEqual(["native"]);
  });

  test("what one throws, now or later, is its error", async () => {
    const thrown = native("bad", () => {
      throw new Error("no luck");
    });
    expect((await decided(thrown)).end).toMatchObject({ kind: "error", message: "no luck" });
    const set = await ruleSet(native("later", () => Promise.reject(new Error("no luck"))));
    const plan = set.plan(action(), env);
    if (plan.kind !== "waits") throw new Error(plan.kind);
    expect(known(await plan.plan).end).toMatchObject({ kind: "error", rule: refOf("later") });
    expect((await decided({ ...thrown, onError: "skip" })).end).toMatchObject({ verdict: "allow" });
  });

  test("a verdict out of range is its error", async () => {
    for (const verdict of [
      { kind: "throttle", limit: -1, windowMs: minute },
      { kind: "throttle", limit: 1, windowMs: 0.5 },
      { kind: "deduplicate", ttlMs: 0 },
      { kind: "deduplicate", key: 5 },
      { kind: "reroute", to: "" },
      { kind: "modify" },
      { kind: "custom" },
      { kind: "deny", reason: 1 },
      { kind: "no such verdict" },
    ]) {
      expect((await decided(native("n", () => verdict as never))).end, JSON.stringify(verdict)).toMatchObject({
        kind: "error",
      });
    }
  });

  test("one that plans another action in the middle of its own does not disturb it", async () => {
    const inner: JsonValue[] = [];
    const set = await ruleSet(
      native("recursive", ({ action: { id } }) => {
        if (id === "outer") inner.push(known(set.plan(action({ id: "inner" }), env)).end.kind);
        return undefined;
      }),
      rule("end", eq(path("id"), "outer"), verdicts.suppress()),
    );
    expect(known(set.plan(action({ id: "outer" }), env)).end).toMatchObject({ kind: "suppress" });
    expect(inner).toEqual(["execute"]);
  });
});
