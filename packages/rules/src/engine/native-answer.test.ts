import { describe, expect, test } from "vitest";
import type { JsonValue } from "@acteon/core";
import type { NativeRule } from "../native-rule.ts";
import { action, environment, known, resumed, ruleSet, decided, refOf } from "../testing/evaluation.ts";
import { always, entry, eq, path, rule, span, verdicts } from "../testing/ir.ts";

const env = environment();
const minute = 60_000;

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
    const unlike = native("unlike", () => {
      // oxlint-disable-next-line typescript/only-throw-error -- whoever wrote the rule
      throw Object.create(null);
    });
    expect((await decided(unlike)).end).toMatchObject({ kind: "error", message: "it threw what is no error" });
  });

  test("a verdict out of range is its error", async () => {
    for (const verdict of [
      { kind: "throttle", limit: -1, windowMs: minute },
      { kind: "throttle", limit: 1, windowMs: 0.5 },
      { kind: "deduplicate", ttlMs: 0 },
      { kind: "deduplicate", key: 5 },
      { kind: "reroute", to: "" },
      { kind: "modify" },
      { kind: "modify", merge: JSON.parse('{ "a": [{ "__proto__": 1 }] }') as JsonValue },
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
