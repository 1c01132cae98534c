import type { JsonValue } from "@acteon/core";
import { describe, expect, test } from "vitest";
import { node } from "../ir/build.ts";
import type { Expr, Quantifier, QueryExpr, Semantics } from "../ir/expr.ts";
import type { Query } from "../ir/query.ts";
import { action, evaluate } from "../testing/evaluation.ts";
import { compare, eq, failure, json, local, path, span } from "../testing/ir.ts";
import { toJson } from "../values/text.ts";
import { EvalError, undefinedResult } from "../values/value.ts";
import type { Result, Value } from "../values/value.ts";

const sent = action({
  payload: {
    users: [
      { name: "ann", age: 31, tags: ["a", "b"] },
      { name: "bob", age: 17, tags: ["b"] },
    ],
    owner: "bob",
    limits: { cpu: 4, disk: 9 },
  },
});

function quantifier(
  which: Quantifier["quantifier"],
  over: Expr,
  condition: Expr,
  absorbs: Quantifier["absorbs"] = "none",
  semantics: Semantics = "plain",
): Expr {
  return node({
    kind: "quantifier",
    quantifier: which,
    over,
    key: "k",
    value: "v",
    condition,
    absorbs,
    semantics,
    span,
  });
}

function query(body: readonly Query[], collect: QueryExpr["collect"]): Expr {
  return node({ kind: "query", body, collect, span });
}

function scan(over: Expr, value: string, key?: string, semantics: Semantics = "plain"): Query {
  return node({ kind: "scan", over, key, value, semantics, span });
}

function guard(condition: Expr, absorbs: "none" | "errors" = "none"): Query {
  return node({ kind: "guard", condition, absorbs, span });
}

function emit(value: Expr, key?: Expr): Query {
  return node({ kind: "emit", key, value, span });
}

function of(name: string, field: string): Expr {
  return node({ kind: "field", of: local(name), name: field, missing: "error", span });
}

describe("quantifiers", () => {
  const adult = compare(of("v", "age"), "ge", 18);

  test("all, any and exactly one of the elements of a list", () => {
    expect(evaluate(quantifier("any", path("payload.users"), adult), sent)).toBe(true);
    expect(evaluate(quantifier("all", path("payload.users"), adult), sent)).toBe(false);
    expect(evaluate(quantifier("one", path("payload.users"), adult), sent)).toBe(true);
    expect(evaluate(quantifier("one", path("payload.users"), json(true)), sent)).toBe(false);
    expect(evaluate(quantifier("all", json([]), failure), sent)).toBe(true);
  });

  test("of a map they go through keys and values", () => {
    expect(evaluate(quantifier("any", path("payload.limits"), eq(local("k"), "disk")), sent)).toBe(true);
    expect(evaluate(quantifier("all", path("payload.limits"), compare(local("v"), "lt", 5)), sent)).toBe(false);
  });

  test("over what is neither, the semantics say", () => {
    const over = (semantics: Semantics, what: Expr): unknown =>
      evaluate(quantifier("any", what, json(true), "none", semantics));
    expect(over("plain", json(null))).toBe(false);
    expect(over("plain", json("text"))).toBeInstanceOf(EvalError);
    expect(over("cel", json(null))).toBeInstanceOf(EvalError);
    expect(over("rego", json("text"))).toBe(false);
  });

  test("of what is undefined nothing holds, and not all of it does", () => {
    const undefinedOver = (which: Quantifier["quantifier"]): unknown =>
      evaluate(quantifier(which, path("payload.absent", "undefined"), json(true), "none", "rego"), sent);
    expect(undefinedOver("any")).toBe(false);
    expect(undefinedOver("all")).toBe(undefinedResult);
    expect(evaluate(quantifier("all", json("text"), json(true), "none", "rego"))).toBe(undefinedResult);
    expect(evaluate(quantifier("all", path("payload.users", "undefined"), json(true), "none", "rego"), sent)).toBe(
      true,
    );
  });

  test("in Rego maps and sets are gone through in the order that all values have there", () => {
    const keysOf = (semantics: Semantics, over: Expr): unknown => {
      const scan = node({ kind: "scan", over, key: "k", value: undefined, semantics, span });
      const emit = node({ kind: "emit", key: undefined, value: local("k"), span });
      return evaluate(node({ kind: "query", body: [scan, emit], collect: "list", span }));
    };
    expect(keysOf("rego", json({ b: 1, a: 2, "\u{1F600}": 3, "\uFFFD": 4 }))).toEqual([
      "a",
      "b",
      "\uFFFD",
      "\u{1F600}",
    ]);
    expect(keysOf("cel", json({ b: 1, a: 2 }))).toEqual(["b", "a"]);
    const mixed = json([[2], "b", 10, 9, null]);
    const through = node({ kind: "scan", over: mixed, key: undefined, value: "v", semantics: "rego", span });
    const member = node({ kind: "emit", key: undefined, value: local("v"), span });
    expect(keysOf("rego", node({ kind: "query", body: [through, member], collect: "set", span }))).toEqual([
      null,
      9,
      10,
      "b",
      [2],
    ]);
  });

  test("an error is absorbed by an element that decides, where the node says so", () => {
    const odd = json([{}, { age: 40 }]);
    expect(evaluate(quantifier("any", odd, adult, "errors", "cel"))).toBe(true);
    expect(evaluate(quantifier("any", odd, adult, "none", "cel"))).toBeInstanceOf(EvalError);
    expect(evaluate(quantifier("all", json([{}, { age: 4 }]), adult, "errors", "cel"))).toBe(false);
    expect(evaluate(quantifier("all", odd, adult, "errors", "cel"))).toBeInstanceOf(EvalError);
  });

  test("one inside another sees the names of both", () => {
    const inner = node({
      kind: "quantifier",
      quantifier: "any",
      over: of("v", "tags"),
      key: undefined,
      value: "tag",
      condition: eq(local("tag"), "a"),
      absorbs: "none",
      semantics: "plain",
      span,
    });
    expect(evaluate(quantifier("one", path("payload.users"), inner), sent)).toBe(true);
  });

  test("an evaluation that goes on and on runs out of steps", () => {
    const numbers = json(Array.from({ length: 1_000 }, (_, i) => i));
    const nested = quantifier("any", numbers, quantifier("any", numbers, json(false)));
    expect(evaluate(nested)).toMatchObject({ message: "the evaluation took more steps than are allowed" });
  });
});

describe("queries", () => {
  test("a list of what each solution emits", () => {
    const names = query([scan(path("payload.users"), "u"), emit(of("u", "name"))], "list");
    expect(evaluate(names, sent)).toEqual(["ann", "bob"]);
  });

  test("a join, with a binding and a guard", () => {
    const owners = query(
      [
        scan(path("payload.users"), "u"),
        node({ kind: "bind", name: "name", value: of("u", "name"), span }),
        guard(eq(local("name"), path("payload.owner"))),
        scan(of("u", "tags"), "tag"),
        emit(local("tag"), local("name")),
      ],
      "map",
    );
    expect(evaluate(owners, sent)).toEqual({ bob: "b" });
  });

  test("two values under one key are an error", () => {
    const clash = query([scan(json([1, 2]), "n"), emit(local("n"), json("same"))], "map");
    expect(evaluate(clash)).toMatchObject({ message: "two values under one key" });
  });

  test("the first solution, or undefined", () => {
    const first = (limit: number): Expr =>
      query([scan(json([1, 2, 3]), "n"), guard(compare(local("n"), "gt", limit)), emit(local("n"))], "first");
    expect(evaluate(first(1))).toBe(2);
    expect(evaluate(first(3))).toBe(undefinedResult);
    expect(evaluate(query([emit(json(null))], "first"))).toBe(null);
  });

  test("not holds where its body has no solution", () => {
    const young = node({ kind: "not", body: [guard(compare(of("u", "age"), "ge", 18))], span }) as Query;
    const names = query([scan(path("payload.users"), "u"), young, emit(of("u", "name"))], "list");
    expect(evaluate(names, sent)).toEqual(["bob"]);
  });

  test("or goes on once per solution of each branch", () => {
    const either = node({
      kind: "or",
      branches: [[guard(compare(local("n"), "lt", 2))], [guard(compare(local("n"), "gt", 0))]],
      span,
    }) as Query;
    expect(evaluate(query([scan(json([0, 1, 2]), "n"), either, emit(local("n"))], "list"))).toEqual([0, 1, 1, 2]);
  });

  test("the only value, where all solutions agree", () => {
    const only = (of: JsonValue): Expr => query([scan(json(of), "n"), emit(local("n"))], "only");
    expect(evaluate(only([2, 2]))).toBe(2);
    expect(evaluate(only([]))).toBe(undefinedResult);
    expect(evaluate(only([1, 2]))).toBeInstanceOf(EvalError);
  });

  test("a tree puts values and members of sets below paths of keys", () => {
    const tree = (...entries: readonly Query[]): Result =>
      evaluate(query([node({ kind: "or", branches: entries.map((entry) => [entry]), span })], "tree"));
    const member = (value: number): Query => node({ ...emit(json(value), json(["s"])), member: true }) as Query;
    expect(
      tree(emit(json(1), json(["a", "b"])), emit(json(2), json(["a", "c"])), emit(json(1), json(["a", "b"]))),
    ).toEqual({ a: { b: 1, c: 2 } });
    expect(toJson(tree(member(2), member(1), member(2)) as Value)).toEqual({ s: [1, 2] });
    expect(tree(emit(json(1), json(["a"])), emit(json(2), json(["a"])))).toBeInstanceOf(EvalError);
    expect(tree(emit(json(1), json(["a"])), emit(json(2), json(["a", "b"])))).toBeInstanceOf(EvalError);
    expect(tree(member(1), emit(json(1), json(["s"])))).toBeInstanceOf(EvalError);
  });

  test("what with replaces is there for its body and not behind it, where its names still are", () => {
    const owner = node({ kind: "replaceable", path: ["input", "owner"], value: path("payload.owner"), span });
    const inside: Query = node({ kind: "bind", name: "inside", value: owner, span });
    const within = (at: readonly string[], by: JsonValue): Query =>
      node({ kind: "with", replaced: { kind: "document", path: at, by: json(by) }, body: [inside], span });
    const pair = emit(node({ kind: "list", items: [local("inside"), owner], span }));
    const seen = (...steps: readonly Query[]): Result => evaluate(query([...steps, pair], "list"), sent);
    expect(seen(within(["input", "owner"], "eve"))).toEqual([["eve", "bob"]]);
    expect(seen(within(["input"], { owner: "eve" }))).toEqual([["eve", "bob"]]);
    expect(seen(within(["input", "owner", "name"], "eve"))).toEqual([[{ name: "eve" }, "bob"]]);
    expect(seen(within(["input", "other"], "eve"))).toEqual([["bob", "bob"]]);
    expect(seen(within(["input"], {}))).toEqual([]);
    const nested = node({ ...within(["input"], { owner: "eve" }), body: [within(["input", "owner"], "ann")] }) as Query;
    expect(seen(nested)).toEqual([["ann", "bob"]]);
  });

  test("undefined ends a way through the body, an error all of them", () => {
    const tags = (name: "undefined" | "error"): Expr =>
      query(
        [
          scan(json([{ t: 1 }, {}]), "m"),
          node({
            kind: "bind",
            name: "t",
            value: node({ kind: "field", of: local("m"), name: "t", missing: name, span }),
            span,
          }),
          emit(local("t")),
        ],
        "list",
      );
    expect(evaluate(tags("undefined"))).toEqual([1]);
    expect(evaluate(tags("error"))).toBeInstanceOf(EvalError);
  });
});
