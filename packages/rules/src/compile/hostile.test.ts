import { describe, expect, test } from "vitest";
import { node } from "../ir/build.ts";
import type { Expr } from "../ir/expr.ts";
import type { Query } from "../ir/query.ts";
import { action, evaluate } from "../testing/evaluation.ts";
import { call, eq, json, local, path as of, span, template } from "../testing/ir.ts";
import { EvalError } from "../values/value.ts";

/** A value that is bound to itself twice over, so many times. */
function doubled(start: Expr, times: number, twice: (name: Expr) => Expr): Expr {
  const body: Query[] = [node({ kind: "bind", name: "x", value: start, span })];
  for (let i = 0; i < times; i++) body.push(node({ kind: "bind", name: "x", value: twice(local("x")), span }));
  body.push(node({ kind: "emit", key: undefined, value: local("x"), span }));
  return node({ kind: "query", body, collect: "first", span });
}

function any(over: Expr, condition: Expr): Expr {
  return node({
    kind: "quantifier",
    quantifier: "any",
    over,
    key: undefined,
    value: "i",
    condition,
    absorbs: "none",
    semantics: "plain",
    span,
  });
}

function add(left: Expr, right: Expr): Expr {
  return node({ kind: "arithmetic", op: "add", left, right, semantics: "cel", span });
}

const thousand = json(Array.from({ length: 1_000 }, (_, i) => i));
const big = action({
  payload: { text: "x".repeat(1_000_000), list: Array.from({ length: 20_000 }, () => "y".repeat(50)) },
});

describe("a rule that would take for ever, or all memory, is an error (S9)", () => {
  test.each<readonly [string, Expr]>([
    ["loops in loops in loops", any(thousand, any(thousand, any(thousand, json(false))))],
    ["a text doubled and doubled", doubled(json("x"), 60, (x) => add(x, x))],
    ["the same in a template", doubled(json("x"), 60, (x) => template(x, x))],
    ["a list of itself and itself", doubled(json([1]), 60, (x) => node({ kind: "list", items: [x, x], span }))],
    ["a list joined to itself", doubled(json([1]), 60, (x) => add(x, x))],
    [
      "a map of itself and itself",
      doubled(json(1), 60, (x) =>
        node({
          kind: "map",
          entries: [
            [of("provider"), x],
            [json("b"), x],
          ],
          span,
        }),
      ),
    ],
    ["a long text searched again and again", any(thousand, call("contains", [of("payload.text"), "z"]))],
    ["a long text changed again and again", any(thousand, eq(call("lower", [of("payload.text")]), "z"))],
    ["patterns made at run time", any(thousand, call("matches", ["text", template("a{1,", local("i"), "}b")]))],
    ["a search that costs too much", call("matches", [of("payload.text"), "(?:[a-z]+ ){40}z"])],
  ])("%s", (_, expr) => {
    expect(evaluate(expr, big)).toBeInstanceOf(EvalError);
  });

  test("one that goes through all of a large payload once is none", () => {
    expect(evaluate(any(of("payload.list"), eq(local("i"), "z")), big)).toBe(false);
    expect(evaluate(call("matches", [of("payload.text"), "y$"]), big)).toBe(false);
  });
});

test("code cannot be generated from strings here, where everything of rules is tested", () => {
  // oxlint-disable-next-line typescript/no-implied-eval -- it must not work
  expect(() => new Function("return 1")).toThrow(globalThis.EvalError);
});
