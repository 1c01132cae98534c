import { describe, expect, test } from "vitest";
import type { Statement } from "../src/syntax/ast.ts";
import { printTerm } from "./print-ast.ts";
import { problemsOf, readRules } from "./syntax-reading.ts";

function statementsOf(body: string): readonly Statement[] {
  return readRules(`p if {\n${body}\n}`)[0]?.body ?? [];
}

/** A statement in words. */
function told(statement: Statement): readonly unknown[] {
  const modifiers = statement.with.map(({ target, value }) => `${printTerm(target)} as ${printTerm(value)}`);
  return [statement.kind, ...partsOf(statement), ...(statement.negated ? ["negated"] : []), ...modifiers];
}

function partsOf(statement: Statement): readonly unknown[] {
  switch (statement.kind) {
    case "expr":
      return [statement.term.kind === "call" ? statement.term.operator.join(".") : statement.term.kind];
    case "some":
      return statement.names.map(({ name }) => name);
    case "someIn":
    case "every":
      return [
        statement.key && printTerm(statement.key),
        printTerm(statement.value),
        printTerm(statement.collection),
        ...(statement.kind === "every" ? [statement.body.map(told)] : []),
      ];
  }
}

test.each<[string, readonly unknown[]]>([
  ["x", ["expr", "var"]],
  ["x := 1", ["expr", "assign"]],
  ["[x, y] = z", ["expr", "eq"]],
  ["x == 1", ["expr", "equal"]],
  ["k, v in xs", ["expr", "internal.member_3"]],
  ["f(x)", ["expr", "f"]],
  ["not f(x)", ["expr", "f", "negated"]],
  ["not x == 1 with input as 2", ["expr", "equal", "negated", "input as 2"]],
  ["x with input.y as {1} with data.z as a + b", ["expr", "var", 'input["y"] as {1}', 'data["z"] as (a + b)']],
  ["x\n with input as 1\n with time.now_ns as 2", ["expr", "var", "input as 1", 'time["now_ns"] as 2']],
  ["x with f as g", ["expr", "var", "f as g"]],
  ["not.foo == 1", ["expr", "equal"]],
  ["not[x]", ["expr", "ref"]],
  ["some x", ["some", "x"]],
  ["some x, y, _", ["some", "x", "y", "_"]],
  ["some x in xs", ["someIn", undefined, "x", "xs"]],
  ["some k, v in f(xs)", ["someIn", "k", "v", "f(xs)"]],
  ['some {"a": x}, [y] in xs | ys', ["someIn", '{"a": x}', "[y]", "(xs | ys)"]],
  ["some x in xs with input as 1", ["someIn", undefined, "x", "xs", "input as 1"]],
  ["some.x == 1", ["expr", "equal"]],
  ["every x in xs { x > 1 }", ["every", undefined, "x", "xs", [["expr", "gt"]]]],
  [
    "every k, v in {1, 2} { k; not v }",
    [
      "every",
      "k",
      "v",
      "{1, 2}",
      [
        ["expr", "var"],
        ["expr", "var", "negated"],
      ],
    ],
  ],
  ["every _ in xs { y } with input as 1", ["every", undefined, "_", "xs", [["expr", "var"]], "input as 1"]],
])("%s", (body, expected) => {
  expect(statementsOf(body).map(told)).toEqual([expected]);
});

describe("statements", () => {
  test.each([
    ["a\nb\n\n# c\nd", 3],
    ["a; b;c", 3],
    ["a;\nb", 2],
    ["a; b;", 2],
    ["a # ; b\nc", 2],
    ["x := 1\n- y", 1],
    ["x\nin.foo == 1", 2],
    ["x\nwith.foo == 1", 2],
    ["x\n[y]", 2],
    ["x\n(y)", 2],
    ["[1,\n2][\nx]", 1],
  ])("%j has %i", (body, count) => {
    expect(statementsOf(body)).toHaveLength(count);
  });

  test("has its place from its first word to its last", () => {
    expect(statementsOf("  not x with input as 1 # why")).toMatchObject([{ start: 19, end: 40 }]);
    expect(statementsOf("every x in xs {\n  x\n}")).toMatchObject([{ start: 17, end: 38 }]);
  });

  test.each([
    ["not some x in xs", "`some` cannot be negated"],
    ["not every x in xs { x }", "`every` cannot be negated"],
    ["some x.y", "`some` declares variables"],
    ["some x, y, z in xs", "`some … in` has a key and a value at most"],
    ["every x.y in xs { x }", "expected `in`, found `.`"],
    ["every x in xs", "expected `{` and what must hold of each, found `}`"],
    ["every x in xs {}", "expected a condition, found `}`"],
    ["a, b", "expected `in`, as in `key, value in xs`, found `}`"],
    ["a b", "expected the end of the line or `;`, found `b`"],
    ["a := b := c", "expected the end of the line or `;`, found `:=`"],
    ["x with 1 as 2", "expected what is replaced, found `1`"],
    ["x with input", "expected `as` and the value to use instead, found `}`"],
  ])("%s is refused", (body, summary) => {
    expect(problemsOf(`package a\np if {\n${body}\n}\n`)).toMatchObject([{ summary }]);
  });
});
