import { describe, expect, test } from "vitest";
import type { Plan } from "../decision.ts";
import { node } from "../ir/build.ts";
import type { Rule } from "../ir/rule.ts";
import type { NativeRule } from "../native-rule.ts";
import {
  action,
  engineWith,
  environment,
  known,
  nowMs,
  readsOf,
  resumed,
  ruleSet,
  decided,
  refOf,
} from "../testing/evaluation.ts";
import {
  always,
  and,
  compare,
  counter,
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
