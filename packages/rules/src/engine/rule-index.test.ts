import fc from "fast-check";
import { expect, test } from "vitest";
import type { Action, JsonValue } from "@acteon/core";
import type { CompiledRule } from "../compile/compile-rule.ts";
import { Frame } from "../compile/frame.ts";
import type { Decision } from "../decision.ts";
import { node } from "../ir/build.ts";
import type { Expr, Missing, Semantics } from "../ir/expr.ts";
import { EvalError, pending } from "../values/value.ts";
import { action, engineWith, environment, known, ruleSet } from "../testing/evaluation.ts";
import {
  absorbing,
  and,
  call,
  compare,
  counter,
  eq,
  json,
  not,
  or,
  path,
  rule,
  span,
  verdicts,
} from "../testing/ir.ts";
import type { CompiledRuleSet } from "./compiled-rule-set.ts";

const env = environment();

function candidatesOf(set: CompiledRuleSet, of: Action): readonly string[] {
  const numbers = new Uint32Array(set.size);
  const count = set.index.candidates(of, numbers);
  return Array.from(numbers.subarray(0, count), (number) => set.rules[number]!.ref.name);
}

test("equality, lists and prefixes on several fields leave the rules that may have a say, in order", async () => {
  const set = await ruleSet(
    rule("any", json(true), verdicts.allow),
    rule("mail", eq(path("provider"), "mail"), verdicts.allow),
    rule("slack or mail", or(eq(path("provider"), "slack"), eq(path("provider"), "mail")), verdicts.allow),
    rule("slack alerts", and(eq(path("provider"), "slack"), eq(path("action_type"), "alert")), verdicts.allow),
    rule("slack receipts", and(eq(path("provider"), "slack"), eq(path("action_type"), "receipt")), verdicts.allow),
    rule(
      "in a list",
      node({ kind: "in", item: path("tenant"), collection: json(["acme"]), semantics: "plain", span }),
      verdicts.allow,
    ),
    rule("service", eq(path("payload.service"), "db"), verdicts.allow),
    rule("number", eq(path("payload.level"), 3), verdicts.allow),
    rule("prefix", call("startsWith", [path("payload.channel"), "#alerts"]), verdicts.allow),
    rule("negated", not(eq(path("provider"), "slack")), verdicts.allow),
  );
  expect(candidatesOf(set, action({ payload: { service: "db", level: 3, channel: "#alerts-db" } }))).toEqual([
    "any",
    "slack or mail",
    "slack alerts",
    "in a list",
    "service",
    "number",
    "prefix",
    "negated",
  ]);
  expect(candidatesOf(set, action({ provider: "mail", tenant: "other" }))).toEqual([
    "any",
    "mail",
    "slack or mail",
    "negated",
  ]);
});

test("rules of many kinds are told apart: of each kind there are few, or one admits many values", async () => {
  const fields = ["provider", "action_type", "tenant", "payload.a", "payload.b", "payload.c"];
  const kinds = Array.from({ length: 2 ** fields.length - 1 }, (_, i) =>
    fields.filter((__, bit) => ((i + 1) >> bit) & 1),
  );
  const values = Array.from({ length: 20 }, (_, i) => `v${i}`);
  const rules = kinds.flatMap((kind, i) => [
    rule(`one ${i}`, and(...kind.map((field) => eq(path(field), "v1"))), verdicts.allow),
    rule(
      `many ${i}`,
      and(
        ...kind.map((field) =>
          node({ kind: "in", item: path(field), collection: json(values), semantics: "plain", span }),
        ),
      ),
      verdicts.allow,
    ),
  ]);
  const set = await ruleSet(...rules);
  const payload = { a: "v1", b: "v1", c: "v1" };
  const of = { provider: "v1", actionType: "v1", tenant: "v1", payload };
  expect(candidatesOf(set, action(of))).toHaveLength(rules.length);
  const elsewhere = { provider: "x", actionType: "x", tenant: "x", payload: { a: "x", b: "x", c: "x" } };
  expect(candidatesOf(set, action(elsewhere))).toEqual([]);
  const named = new Set(candidatesOf(set, action({ ...elsewhere, provider: "v1" })));
  expect(named).toContain(`one ${kinds.findIndex((kind) => kind.join(" ") === "provider")}`);
});

test("in DRL a text that says a number equals it, and so it leaves no rule out", async () => {
  const set = await ruleSet(
    rule("slack", compare(path("provider"), "eq", "slack", "drl"), verdicts.allow),
    rule("flag", compare(path("payload.on"), "eq", true, "drl"), verdicts.allow),
    rule("digits", compare(path("payload.level"), "eq", "3", "drl"), verdicts.allow),
    rule("number", compare(path("payload.level"), "eq", 3, "drl"), verdicts.allow),
    rule(
      "one of",
      node({ kind: "in", item: path("tenant"), collection: json(["other"]), semantics: "drl", span }),
      verdicts.allow,
    ),
  );
  expect(candidatesOf(set, action({ provider: "mail", payload: { on: false } }))).toEqual(["digits", "number"]);
  expect(candidatesOf(set, action({ payload: { on: true } }))).toEqual(["slack", "flag", "digits", "number"]);
});

test("an action whose field would make a rule an error is asked of that rule", async () => {
  const set = await ruleSet(
    rule("strict", eq(path("payload.a.b", "nullKey"), 1), verdicts.allow),
    rule("cel", eq(path("payload.c", "error"), 1), verdicts.allow),
    rule("prefix", call("startsWith", [path("payload.d"), "x"]), verdicts.allow),
  );
  expect(candidatesOf(set, action({ payload: { a: {}, c: 2, d: "y" } }))).toEqual([]);
  expect(candidatesOf(set, action({ payload: { c: 2, d: 5 } }))).toEqual(["strict", "prefix"]);
  expect(candidatesOf(set, action({ payload: { a: {}, d: "y" } }))).toEqual(["cel"]);
});

test("a clause behind one that may fail does not hide that failure", async () => {
  const set = await ruleSet(
    rule("guarded late", and(eq(path("payload.a.b", "nullKey"), 1), eq(path("provider"), "mail")), verdicts.allow),
  );
  expect(known(set.plan(action(), env)).end).toMatchObject({ kind: "error" });
});

const literals = fc.constantFrom<JsonValue>("slack", "mail", "alert", "x", "", "1", "2.5", 1, 2.5, true, null);
const missings = fc.constantFrom<Missing>("error", "undefined", "null", "nullKey");
const semantics = fc.constantFrom<Semantics>("legacy", "plain", "cel", "rego", "drl");
const paths = fc.constantFrom(
  "provider",
  "action_type",
  "tenant",
  "status",
  "signature",
  "payload.a",
  "payload.a.b",
  "metadata.m",
  "payload.constructor",
);

const tests: fc.Arbitrary<Expr> = fc.oneof(
  fc
    .tuple(paths, missings, literals, semantics, fc.constantFrom("eq", "ne", "lt"))
    .map(([dotted, missing, value, of, op]) => compare(path(dotted, missing), op as "eq", value, of)),
  fc
    .tuple(paths, missings, fc.array(literals, { maxLength: 3 }), semantics)
    .map(([dotted, missing, values, of]) =>
      node({ kind: "in", item: path(dotted, missing), collection: json(values), semantics: of, span }),
    ),
  fc
    .tuple(paths, missings, fc.constantFrom("", "s", "al"), semantics)
    .map(([dotted, missing, prefix, of]) => call("startsWith", [path(dotted, missing), prefix], of)),
  fc.constant(compare(counter("c"), "gt", 1)),
);

const conditions: fc.Arbitrary<Expr> = fc.letrec<{ condition: Expr }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tests,
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((operands) => and(...operands)),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((operands) => or(...operands)),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((operands) => absorbing("and", ...operands)),
  ),
})).condition;

const payloads = fc.oneof(
  fc
    .oneof(
      literals,
      literals.map((b): JsonValue => ({ b })),
      fc.constantFrom<JsonValue>([1], {}),
    )
    .map((a): JsonValue => ({ a })),
  fc.constantFrom<JsonValue>(null, "text", [], {}, { constructor: "x" }),
);

const actions = fc
  .record({
    provider: fc.constantFrom("slack", "mail", "alert"),
    actionType: fc.constantFrom("alert", "x"),
    payload: payloads,
    metadata: fc.constantFrom<Record<string, string>>({}, { m: "x" }),
  })
  .map((fields) => action(fields));

/** What the rule says when it is asked alone, or that it says nothing. */
function says({ decide }: CompiledRule, of: Action): boolean {
  return decide(new Frame(of, env)) !== false;
}

test("every rule that has a say, is pending, or is an error, is a candidate", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(conditions, { minLength: 1, maxLength: 40 }), actions, async (all, of) => {
      const rules = all.map((condition, i) => rule(`r${i}`, condition, verdicts.allow, { legacy: true }));
      const engine = await engineWith(...rules);
      const set = engine.current();
      const candidates = new Set(candidatesOf(set, of));
      for (const ranked of set.rules) {
        if (ranked.kind === "compiled" && says(ranked.compiled, of)) expect(candidates).toContain(ranked.ref.name);
      }
    }),
    { numRuns: 150 },
  );
});

test("with the index and without it a set decides the same", async () => {
  const answers = (decision: Decision): unknown => decision.end;
  await fc.assert(
    fc.asyncProperty(fc.array(conditions, { minLength: 1, maxLength: 12 }), actions, async (all, of) => {
      const rules = all.map((condition, i) => rule(`r${i}`, condition, verdicts.suppress(), { legacy: true }));
      const plan = (await ruleSet(...rules)).plan(of, env);
      const alone = await Promise.all(rules.map((each) => ruleSet(each)));
      const first = alone
        .flatMap((set) => set.rules)
        .find((ranked) => ranked.kind === "compiled" && says(ranked.compiled, of));
      const answer = first?.kind === "compiled" ? first.compiled.decide(new Frame(of, env)) : false;
      if (answer === pending) expect(plan.kind).toBe("reads");
      else if (answer === false) expect(answers(known(plan))).toMatchObject({ verdict: "allow", rule: undefined });
      else
        expect(answers(known(plan))).toMatchObject({
          kind: answer instanceof EvalError ? "error" : "suppress",
          rule: first?.ref,
        });
    }),
    { numRuns: 150 },
  );
});
