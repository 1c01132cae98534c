import { describe, expect, test } from "vitest";
import type { Diagnostic } from "@acteon/core";
import { ruleCodes } from "../diagnostics/rule-codes.ts";
import { node } from "../ir/build.ts";
import type { Expr } from "../ir/expr.ts";
import type { Rule } from "../ir/rule.ts";
import type { Verdict } from "../ir/verdict.ts";
import { compilerOptions } from "../testing/evaluation.ts";
import {
  always,
  and,
  call,
  compare,
  counter,
  duration,
  entry,
  eq,
  json,
  local,
  mutations,
  not,
  path,
  rule,
  seen,
  span,
  template,
  verdicts,
} from "../testing/ir.ts";
import { validateRule } from "./validate-rule.ts";

function found(condition: Expr, verdict: Verdict = verdicts.allow, fields: Partial<Rule> = {}): readonly Diagnostic[] {
  return validateRule(rule("r", condition, verdict, fields), compilerOptions);
}

function codes(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, severity }) => `${severity} ${code}`);
}

test("a rule that is fine has no findings", () => {
  const condition = and(
    eq(path("provider"), "slack"),
    compare(path("payload.n"), "gt", 3),
    call("matches", [path("payload.text"), "^[a-z]+$"]),
    seen("k", 1_000),
  );
  expect(found(condition, verdicts.deduplicate())).toEqual([]);
});

describe("conditions", () => {
  const time = (zone: string): Expr => node({ kind: "time", part: "hour", zone, span });
  const deep = Array.from({ length: 150 }).reduce<Expr>((inner) => not(inner), always);
  const wide = node({ kind: "list", items: Array.from({ length: 10_001 }, () => json(1)), span });

  const query = (steps: number): Expr =>
    node({
      kind: "query",
      body: Array.from({ length: steps }, () => node({ kind: "guard", condition: always, absorbs: "none", span })),
      collect: "exists",
      span,
    });

  test.each<readonly [string, Expr, string]>([
    ["a field that actions do not have", eq(path("provder"), "slack"), "error ACT-R020"],
    ["text with a number", compare(path("provider"), "ge", 3), "error ACT-R021"],
    ["text with a number, for equality", eq(path("metadata.team"), 3), "error ACT-R021"],
    ["the order of two lists", compare(json([1]), "lt", json([2])), "error ACT-R021"],
    ["a number with a duration", compare(counter("k"), "gt", duration(1)), "error ACT-R021"],
    ["text as a condition", path("provider"), "error ACT-R022"],
    ["a number under and", and(always, counter("k")), "error ACT-R022"],
    ["text under not", not(json("x")), "error ACT-R022"],
    ["a name that nothing binds", eq(local("x"), 1), "error ACT-R024"],
    ["a function that does not exist", call("startWith", ["a", "b"]), "error ACT-R013"],
    ["too few arguments", call("startsWith", ["a"]), "error ACT-R013"],
    ["a pattern with a back-reference", call("matches", [path("payload.x"), "(a)\\1"]), "error ACT-R016"],
    ["a pattern that is too long", call("matches", [path("payload.x"), "a".repeat(1_001)]), "error ACT-R016"],
    ["an unknown time zone", eq(time("Europe/Berlinn"), 1), "error ACT-R015"],
    ["too many levels", deep, "error ACT-R002"],
    ["too many parts", eq(wide, json([])), "error ACT-R002"],
    ["too many steps", query(201), "error ACT-R002"],
    ["keys that depend on keys that depend on keys", eq(entry(entry(entry(entry("a")))), "x"), "error ACT-R023"],
  ])("%s", (_, condition, code) => {
    expect(codes(found(condition))).toEqual([code]);
  });

  test("help names what was probably meant", () => {
    expect(found(eq(path("provder.x"), "slack"))[0]?.help).toBe("did you mean `action.provider.x`?");
    expect(found(eq(path("type"), "alert"))[0]?.help).toBe("did you mean `action.action_type`?");
    expect(found(eq(path("service"), "db"))[0]?.help).toMatch(/`action\.payload\.service`/);
    expect(found(call("startWith", ["a", "b"]))[0]?.help).toBe("did you mean `startsWith`?");
  });

  test("a comparison says what each side is", () => {
    expect(found(compare(path("provider"), "ge", 3))).toMatchObject([
      { summary: "comparing text with a number", label: "action.provider is text, 3 is a number" },
    ]);
  });

  test("what can only go wrong at run time is a warning in the existing dialect", () => {
    const legacy = { legacy: true };
    expect(codes(found(eq(path("provder"), "x", "legacy"), verdicts.allow, legacy))).toEqual(["warning ACT-R020"]);
    expect(codes(found(eq(path("provider"), 3, "legacy"), verdicts.allow, legacy))).toEqual(["warning ACT-R021"]);
    expect(codes(found(always, verdicts.allow, { ...legacy, timezone: "Mars" }))).toEqual(["warning ACT-R015"]);
  });

  test("rego and drl compare what they like", () => {
    expect(found(eq(path("provider"), 3, "rego"))).toEqual([]);
    expect(found(compare(path("provider"), "lt", 3, "drl"))).toEqual([]);
  });

  test("quantifiers and queries bind names for what stands in them", () => {
    const over = path("payload.list");
    const inner = eq(local("item"), 1);
    const quantified = node({
      kind: "quantifier",
      quantifier: "any",
      over,
      key: undefined,
      value: "item",
      condition: inner,
      absorbs: "none",
      semantics: "plain",
      span,
    });
    expect(found(quantified)).toEqual([]);
    expect(codes(found(and(quantified, inner)))).toEqual(["error ACT-R024"]);
    const body = [
      node({ kind: "scan", over, key: "i", value: "v", semantics: "plain", span }),
      node({ kind: "bind", name: "w", value: local("v"), span }),
      node({ kind: "guard", condition: compare(local("w"), "gt", local("i")), absorbs: "none", span }),
    ] as const;
    expect(found(node({ kind: "query", body, collect: "exists", span }))).toEqual([]);
    expect(codes(found(node({ kind: "query", body: body.toReversed(), collect: "exists", span })))).toEqual([
      "error ACT-R024",
      "error ACT-R024",
      "error ACT-R024",
    ]);
  });
});

describe("verdicts", () => {
  test.each<readonly [string, Verdict, string]>([
    ["a window of no length", verdicts.deduplicate("k", 0), "error ACT-R007"],
    [
      "a window that is no duration",
      node({ kind: "deduplicate", key: undefined, ttl: json(5), span }),
      "error ACT-R006",
    ],
    ["a negative limit", verdicts.throttle(-1, 1_000), "error ACT-R007"],
    ["a limit that is not whole", verdicts.throttle(1.5, 1_000), "error ACT-R007"],
    ["a throttle without a window", verdicts.throttle(1), "error ACT-R005"],
    ["a provider without a name", verdicts.reroute(""), "error ACT-R006"],
    ["a path through __proto__", verdicts.modify(mutations.set("__proto__.x", 1)), "error ACT-R017"],
    ["a path through constructor", verdicts.modify(mutations.remove("a.constructor.prototype")), "error ACT-R017"],
    ["a new name that is forbidden", verdicts.modify(mutations.rename("a", "b.prototype")), "error ACT-R017"],
    ["an empty path", verdicts.modify(node({ op: "remove", path: [], span })), "error ACT-R017"],
    [
      "a patch with a forbidden key",
      verdicts.modify(mutations.merge(JSON.parse('{"a":[{"__proto__":1}]}'))),
      "error ACT-R017",
    ],
    ["a chain", node({ kind: "chain", params: { chain: "c" }, span }), "error ACT-R012"],
    ["a group", node({ kind: "group", params: {}, span }), "error ACT-R012"],
    ["an error in a reason", verdicts.deny(template("x", path("provder"))), "error ACT-R020"],
  ])("%s is refused (rows 31, 56)", (_, verdict, code) => {
    expect(codes(found(always, verdict))).toEqual([code]);
  });

  test("a throttle takes its window from the counter that is its gate", () => {
    expect(found(compare(counter("k", 1_000), "gt", 3), verdicts.throttle(3))).toEqual([]);
  });

  test("time intervals are refused by name", () => {
    expect(codes(found(always, verdicts.allow, { muteTimeIntervals: ["night"] }))).toEqual(["error ACT-R012"]);
  });

  test("a rule has a name, and a priority of 32 bits", () => {
    expect(codes(validateRule(rule("", always, verdicts.allow, { priority: 2 ** 40 }), compilerOptions))).toEqual([
      "error ACT-R005",
      "error ACT-R007",
    ]);
  });
});

test("every problem of a rule is reported at once", () => {
  const condition = and(eq(path("provder"), "x"), call("nope", []), compare(path("provider"), "lt", 3));
  expect(codes(found(condition, verdicts.throttle(-1)))).toEqual([
    "error ACT-R020",
    "error ACT-R013",
    "error ACT-R021",
    "error ACT-R007",
    "error ACT-R005",
  ]);
});

test("every code has a text to explain it", () => {
  for (const [code, { title, text }] of Object.entries(ruleCodes)) {
    expect(code).toMatch(/^ACT-[A-Z]\d{3}$/);
    expect(title).not.toMatch(/\.$/);
    expect(text).toMatch(/\.$/);
  }
});
