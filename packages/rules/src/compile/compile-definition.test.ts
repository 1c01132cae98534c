import { describe, expect, test } from "vitest";
import { node } from "../ir/build.ts";
import type { Definition, Definitions } from "../ir/definition.ts";
import type { Expr } from "../ir/expr.ts";
import type { Query } from "../ir/query.ts";
import { action, compilerOptions, environment, evaluate } from "../testing/evaluation.ts";
import { entry, eq, failure, json, local, path, span } from "../testing/ir.ts";
import { EvalError, pending, undefinedResult } from "../values/value.ts";
import type { Result } from "../values/value.ts";
import { createCompiler } from "./compile-expr.ts";
import { Frame } from "./frame.ts";

function define(value: Expr, params?: readonly string[]): Definition {
  return { kind: "definition", params, value, span };
}

function document(name: string): Expr {
  return node({ kind: "document", name, span });
}

function invoke(name: string, ...args: readonly Expr[]): Expr {
  return node({ kind: "invoke", name, args, span });
}

function list(...items: readonly Expr[]): Expr {
  return node({ kind: "list", items, span });
}

const missing = path("payload.absent", "undefined");

function evaluated(expr: Expr, definitions: Definitions): Result {
  const compiler = createCompiler({ ...compilerOptions, definitions });
  return compiler.compile(expr)(new Frame(action({ payload: { n: 1 } }), environment()));
}

describe("definitions", () => {
  const definitions: Definitions = {
    one: define(path("payload.n")),
    both: define(list(document("one"), document("one"))),
    pair: define(list(local("a"), local("b")), ["a", "b"]),
    other: define(list(local("x"), json("other"), invoke("pair", local("x"), local("y"))), ["x", "y"]),
    loop: define(document("loop")),
  };

  test("a document is its value, whoever asks", () => {
    expect(evaluated(document("both"), definitions)).toEqual([1, 1]);
  });

  test("a function is applied to its arguments, also within an argument of itself", () => {
    expect(evaluated(invoke("pair", json(1), invoke("pair", json(2), json(3))), definitions)).toEqual([1, [2, 3]]);
    expect(evaluated(invoke("pair", json(1), missing), definitions)).toBe(undefinedResult);
  });

  test("each time that one is computed takes from the step budget: a chain that asks twice asks without end", () => {
    const twice = (i: number): Expr => list(invoke(`f${i}`, local("x")), invoke(`f${i}`, local("x")));
    const functions = Array.from({ length: 40 }, (_, i) => [`f${i + 1}`, define(twice(i), ["x"])] as const);
    const chain = { f0: define(missing, ["x"]), ...Object.fromEntries(functions) };
    expect(evaluated(invoke("f3", json(1)), chain)).toBe(undefinedResult);
    expect(evaluated(invoke("f40", json(1)), chain)).toBeInstanceOf(EvalError);
  });

  test("names around a definition are not known in it", () => {
    const body = define(local("outside"));
    const expr = node({ kind: "let", name: "outside", value: json(1), body: document("d"), span });
    expect(evaluated(expr, { d: body })).toBeInstanceOf(EvalError);
  });

  test("one that is unknown, or leads back to itself, is an error", () => {
    expect(evaluated(document("absent"), definitions)).toBeInstanceOf(EvalError);
    expect(evaluated(document("loop"), definitions)).toBeInstanceOf(EvalError);
    expect(evaluated(document("constructor"), definitions)).toBeInstanceOf(EvalError);
  });

  test("a value is computed once, until the store has answered", () => {
    const compiler = createCompiler({ ...compilerOptions, definitions: { d: define(eq(entry("k"), "v")) } });
    const run = compiler.compile(document("d"));
    const frame = new Frame(action(), environment());
    expect(run(frame)).toBe(pending);
    frame.answer(["v"]);
    expect(run(frame)).toBe(true);
    frame.begin(action(), environment());
    expect(run(frame)).toBe(pending);
  });

  test("a replaced function is another one, which sees the first as it was, or a value", () => {
    const as = (by: string | Expr): Query =>
      node({
        kind: "with",
        replaced: { kind: "function", name: "pair", by },
        body: [node({ kind: "emit", key: undefined, value: invoke("pair", json(1), json(2)), span })],
        span,
      });
    const listed = (step: Query): Expr => node({ kind: "query", body: [step], collect: "list", span });
    expect(evaluated(listed(as("other")), definitions)).toEqual([[1, "other", [1, 2]]]);
    expect(evaluated(listed(as(json("always"))), definitions)).toEqual(["always"]);
  });
});

describe("choices", () => {
  const first = (...options: readonly Expr[]): Expr => node({ kind: "firstDefined", options, span });
  const agreement = (...options: readonly Expr[]): Expr => node({ kind: "agreement", options, span });

  test("the first that is defined", () => {
    expect(evaluate(first(missing, json(null), failure))).toBe(null);
    expect(evaluate(first(missing))).toBe(undefinedResult);
    expect(evaluate(first(missing, failure, json(1)))).toBeInstanceOf(EvalError);
  });

  test("what all agree on", () => {
    expect(evaluate(agreement(missing, json([1]), json([1])))).toEqual([1]);
    expect(evaluate(agreement(missing))).toBe(undefinedResult);
    expect(evaluate(agreement(json(1), json(2)))).toBeInstanceOf(EvalError);
    expect(evaluate(agreement(json(1), entry("k")))).toBe(pending);
    expect(evaluate(agreement(entry("k"), failure))).toBeInstanceOf(EvalError);
  });
});
