import { describe, expect, test } from "vitest";
import { fixedStatePort } from "../engine/fixed-state.ts";
import { node } from "../ir/build.ts";
import type { Expr } from "../ir/expr.ts";
import type { Rule } from "../ir/rule.ts";
import type { NativeRule } from "../native-rule.ts";
import { action, engineWith, environment, nowMs } from "../testing/evaluation.ts";
import {
  always,
  and,
  call,
  compare,
  counter,
  dedupKey,
  entry,
  eq,
  failure,
  json,
  local,
  mutations,
  not,
  or,
  path,
  rule,
  seen,
  span,
  verdicts,
} from "../testing/ir.ts";
import type { ExplainOptions } from "./explain.ts";
import type { Explanation, RuleTrace } from "./explanation.ts";

interface Given {
  readonly entries?: Readonly<Record<string, string>>;
  readonly counters?: Readonly<Record<string, number>>;
  readonly seen?: readonly string[];
  readonly of?: Parameters<typeof action>[0];
  readonly options?: ExplainOptions;
}

async function explained(rules: readonly (Rule | NativeRule)[], given: Given = {}): Promise<Explanation> {
  const engine = await engineWith(...rules);
  const state = fixedStatePort(
    {
      entries: new Map(Object.entries(given.entries ?? {})),
      counters: new Map(Object.entries(given.counters ?? {})),
      seen: new Map((given.seen ?? []).map((key) => [key, nowMs - 1])),
    },
    nowMs,
  );
  return engine.explain(action(given.of), state, environment(), given.options);
}

function traceOf({ rules }: Explanation, name: string): RuleTrace {
  const trace = rules.find(({ rule: { name: of } }) => of === name);
  if (trace === undefined) throw new Error(`no trace of ${name}`);
  return trace;
}

/** Of one of the elements, `each`, the condition holds. */
function anyOf(dotted: string, condition: Expr): Expr {
  return node({
    kind: "quantifier",
    quantifier: "any",
    over: path(dotted),
    key: undefined,
    value: "each",
    condition,
    absorbs: "none",
    semantics: "plain",
    span,
  });
}

describe("each rule's part", () => {
  test("the rule that decided, those behind it, and a disabled one", async () => {
    const explanation = await explained([
      rule("off", always, verdicts.deny(), { enabled: false }),
      rule("first", eq(path("provider"), "slack"), verdicts.suppress("quiet")),
      rule("behind", always, verdicts.allow),
    ]);
    expect(explanation).toMatchObject({ verdict: "suppress", rule: { name: "first" }, reason: "quiet" });
    expect(explanation.rules.map(({ result }) => result)).toEqual([
      { kind: "skipped", reason: "disabled" },
      { kind: "matched" },
      { kind: "skipped", reason: "earlier_rule_matched", by: explanation.rule },
    ]);
  });

  test("evaluateAll goes on behind the rule that decided", async () => {
    const explanation = await explained(
      [rule("first", always, verdicts.suppress()), rule("behind", eq(path("id"), "x"), verdicts.allow)],
      { options: { evaluateAll: true } },
    );
    expect(traceOf(explanation, "behind").result).toMatchObject({ kind: "notMatched" });
  });

  test("not in the index for: what the rule wants, and what the action has", async () => {
    const explanation = await explained([
      rule("mail", and(eq(path("provider"), "mail"), eq(path("payload.level"), 3)), verdicts.deny()),
    ]);
    expect(traceOf(explanation, "mail").result).toEqual({
      kind: "notMatched",
      why: "index",
      wanted: [
        { display: "action.provider", value: "slack", wanted: ["mail"] },
        { display: "action.payload.level", value: null, wanted: [3] },
      ],
    });
  });

  test("which clause was false, with the values on both sides", async () => {
    const explanation = await explained(
      [
        rule(
          "busy",
          and(eq(path("provider"), "slack"), compare(path("payload.count"), "gt", path("payload.limit")), always),
          verdicts.deny(),
        ),
      ],
      { of: { payload: { count: 3, limit: 10 } } },
    );
    const { clauses, result, condition } = traceOf(explanation, "busy");
    expect(result).toEqual({ kind: "notMatched", why: "condition", wanted: [] });
    expect(condition).toBe(
      'all((action.provider == "slack") && (action.payload.count > action.payload.limit) && true)',
    );
    expect(clauses.map(({ outcome }) => outcome)).toEqual(["true", "false", "true"]);
    expect(clauses[1]).toMatchObject({
      display: "(action.payload.count > action.payload.limit)",
      values: [
        { display: "action.payload.count", value: 3 },
        { display: "action.payload.limit", value: 10 },
      ],
    });
  });

  test("clauses inside any and not, as far as they were evaluated", async () => {
    const explanation = await explained([
      rule(
        "r",
        and(or(eq(path("id"), "x"), eq(path("id"), "a-1"), failure), not(eq(path("id"), "a-1"))),
        verdicts.deny(),
      ),
    ]);
    const { clauses } = traceOf(explanation, "r");
    expect(clauses[0]).toMatchObject({
      outcome: "true",
      clauses: [{ outcome: "false" }, { outcome: "true" }, { outcome: "notEvaluated" }],
    });
    expect(clauses[1]).toMatchObject({ outcome: "false", clauses: [{ outcome: "true" }] });
  });

  test("an error, and one that was skipped", async () => {
    const explanation = await explained([
      rule("skipped", failure, verdicts.deny(), { onError: "skip" }),
      rule("bad", failure, verdicts.deny()),
    ]);
    expect(explanation.verdict).toBe("error");
    const message = "`action.payload.absent` does not exist";
    expect(explanation.rules.map(({ result }) => result)).toEqual([
      { kind: "error", message, skipped: true },
      { kind: "error", message, skipped: false },
    ]);
  });

  test("an error that an earlier clause prevented is none", async () => {
    const explanation = await explained([
      rule("guarded", and(eq(path("id"), "other", "plain"), failure), verdicts.deny()),
      rule("late", and(compare(path("payload.n"), "gt", 1), failure), verdicts.deny()),
    ]);
    expect(traceOf(explanation, "late").clauses.map(({ outcome }) => outcome)).toEqual(["false", "notEvaluated"]);
  });

  test("what was read from the store, with its value", async () => {
    const explanation = await explained(
      [rule("mode", and(eq(entry("mode"), "quiet"), compare(counter("hits", 60_000), "gt", 5)), verdicts.suppress())],
      { entries: { mode: "quiet" }, counters: { hits: 5 } },
    );
    expect(explanation.verdict).toBe("suppress");
    expect(explanation.decision.facts).toHaveLength(2);
    expect(traceOf(explanation, "mode").clauses).toMatchObject([
      { outcome: "true", values: [{ display: 'StateGet("mode")', value: "quiet" }] },
      { outcome: "true", values: [{ display: 'StateCounter("hits", 1m)', value: 6 }] },
    ]);
  });

  test("a quantifier shows its witness", async () => {
    const condition = anyOf("payload.users", eq(local("each"), "bob"));
    const explanation = await explained([rule("r", condition, verdicts.deny())], {
      of: { payload: { users: ["ann", "bob", "eve"] } },
    });
    expect(traceOf(explanation, "r").clauses[0]?.values).toEqual([{ display: "each", value: "bob" }]);
  });

  test("a native rule", async () => {
    const native: NativeRule = {
      ...rule("native", always, verdicts.allow),
      kind: "native",
      evaluate: ({ action: { id } }) => (id === "a-1" ? undefined : { kind: "deny" }),
    };
    const explanation = await explained([native]);
    expect(traceOf(explanation, "native")).toMatchObject({
      language: "native",
      condition: "native(context)",
      result: { kind: "notMatched", why: "function" },
    });
  });
});

describe("gates", () => {
  const dedup = rule("dedup", and(eq(path("provider"), "slack"), seen(dedupKey, 60_000)), verdicts.deduplicate());
  const next = rule("next", always, verdicts.allow);

  test("one that refuses decides", async () => {
    const explanation = await explained([dedup, next], { seen: ["a-1"] });
    expect(explanation).toMatchObject({ verdict: "deduplicate", refusedBy: { key: "a-1" } });
    expect(explanation.rules.map(({ result: { kind } }) => kind)).toEqual(["matched", "skipped"]);
    expect(traceOf(explanation, "dedup").clauses[1]).toMatchObject({
      display: "StateSeen(action.dedup_key(), 1m)",
      outcome: "true",
      values: [{ display: "action.dedup_key()", value: "a-1" }],
    });
  });

  test("one that lets pass does not match, and is the nearest miss", async () => {
    const explanation = await explained([dedup, next]);
    expect(explanation.verdict).toBe("allow");
    expect(traceOf(explanation, "dedup").result).toMatchObject({ kind: "notMatched", why: "gate" });
    expect(explanation.nearestMiss?.rule.name).toBe("dedup");
  });

  test("one before an end that does not execute is not asked", async () => {
    const explanation = await explained([dedup, rule("quiet", always, verdicts.suppress())], { seen: ["a-1"] });
    expect(explanation.verdict).toBe("suppress");
    expect(traceOf(explanation, "dedup").result.kind).toBe("notMatched");
  });
});

test("modifications show the payload that they leave", async () => {
  const explanation = await explained([
    rule("one", always, verdicts.modify(mutations.merge({ a: 1 }))),
    rule("two", always, verdicts.modify(mutations.set("b", 2))),
    rule("end", eq(path("id"), "x"), verdicts.deny()),
  ]);
  expect(explanation.verdict).toBe("modify");
  expect(traceOf(explanation, "one")).toMatchObject({ result: { kind: "matched" }, modifiedPayload: { a: 1 } });
  expect(traceOf(explanation, "two").modifiedPayload).toEqual({ a: 1, b: 2 });
  expect(traceOf(explanation, "end").result.kind).toBe("notMatched");
});

test("the nearest miss lacks the fewest clauses", async () => {
  const is = (dotted: string): Expr => compare(path(dotted), "gt", 1);
  const explanation = await explained(
    [
      rule("far", and(is("payload.a"), is("payload.b")), verdicts.deny()),
      rule("near", and(is("payload.b"), is("payload.c")), verdicts.deny()),
      rule("elsewhere", and(eq(path("provider"), "x"), eq(path("tenant"), "y")), verdicts.deny()),
    ],
    { of: { payload: { a: 0, b: 0, c: 2 } } },
  );
  expect(explanation.nearestMiss?.rule.name).toBe("near");
});

test("a secret that a rule gives another name is not shown, nor a text that has it in it", async () => {
  const oneOf = anyOf("payload.tokens", eq(local("each"), "guess"));
  const explanation = await explained(
    [rule("r", and(not(oneOf), not(eq(path("payload.url"), "x")), eq(path("payload.pin"), 12)), verdicts.deny())],
    { of: { payload: { tokens: ["t-123"], url: "https://u:t-123@host", password: 12, pin: 12 } } },
  );
  const shown = JSON.stringify(traceOf(explanation, "r").clauses);
  expect(shown).not.toContain("t-123");
  expect(shown.match(/\[redacted\]/g)).toHaveLength(3);
});

test("that a secret is not there is shown", async () => {
  const explanation = await explained([rule("r", not(eq(path("payload.password"), null)), verdicts.deny())], {
    of: { payload: { user: { token: null } } },
  });
  const [clause] = traceOf(explanation, "r").clauses;
  expect(JSON.stringify(clause)).toContain('"value":null');
  expect(JSON.stringify(clause)).not.toContain("[redacted]");
});

test("secrets are not shown, and long values are cut", async () => {
  const explanation = await explained(
    [
      rule(
        "r",
        and(
          not(eq(path("payload.api_key"), "guess")),
          not(eq(call("lower", [path("payload.auth.password")]), "guess")),
          not(eq(path("payload.user"), json({ name: "x" }))),
          not(eq(path("payload.text"), "x")),
        ),
        verdicts.deny(),
      ),
    ],
    {
      of: {
        payload: {
          api_key: "k-123",
          auth: { password: "Hunter2" },
          user: { name: "ann", token: "t-1" },
          text: "y".repeat(500),
        },
      },
    },
  );
  const shown = JSON.stringify(explanation.rules);
  for (const secret of ["k-123", "Hunter2", "hunter2", "t-1", "y".repeat(201)]) expect(shown).not.toContain(secret);
  expect(shown).toContain("[redacted]");
  expect(shown).toContain("ann");
});
