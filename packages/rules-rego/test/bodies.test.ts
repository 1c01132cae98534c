import { describe, expect, test } from "vitest";
import { answerOf } from "./answer.ts";

describe("expressions of a body hold in whatever order they stand", () => {
  test.each([
    ["answer := x if { x = y + 1; y = 2 }", 3],
    ["answer := x if { x = y; y = z; z = 1 }", 1],
    ["answer := x if { f(y) = x; y = 4 }\nf(y) := y * 2", 8],
    ["answer if { not y == x; x = 1; y = 2 }", true],
    ["answer := [x | x > 1; x = xs[_]]\nxs := [1, 2, 3]", [2, 3]],
    ["answer := [y | y := z[_]; z = [1, 2]]", [1, 2]],
    ["answer := ys if { ys = [y | y = x + 1]; x = 1 }", [2]],
    ["answer := [c | c := count([x | some x in xs; x > least]); xs = [1, 2, 3]; least = 1]", [2]],
    ["answer := [x | some x in y; y = [1]]", [1]],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules)).toEqual(answer);
  });
});

describe("what is false or undefined fails, and nothing else", () => {
  test.each([
    ['answer if { ""; 0; null; []; {}; set() }', true],
    ["answer if { false }", undefined],
    ["answer if { x := false; x }", undefined],
    ["answer if { x := false; not x }", true],
    ["answer if { not null }", undefined],
    ["answer if { input.absent }", undefined],
    ["answer if { not input.absent.deeper }", true],
    ["answer if { input.absent == null }", undefined],
    ["answer := [1, input.absent]", undefined],
    ['answer := {"a": input.absent}', undefined],
    ["answer := 1 / 0", undefined],
    ["answer := [1, 2][5]", undefined],
    ['answer if { "text" < 1 }', undefined],
    ['answer if { null < false; true < 1; 1 < "a"; "z" < [1]; [1] < {"a": 1}; {"a": 1} < {1} }', true],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules, { input: {} })).toEqual(answer);
  });
});

describe("`=` finds the parts of both sides", () => {
  test.each([
    ['answer := [x, y, z] if [x, {"a": [y, 2]}] = [1, {"a": [3, z]}]', [1, 3, 2]],
    ['answer := [x, y] if {"a": x, "b": 2} = {"a": 1, "b": y}', [1, 2]],
    ["answer := x if [x, y] = [y, 1]", 1],
    ["answer := x if { x = [y, 2]; y = 1 }", [1, 2]],
    ["answer := y if [x, x, y] = [1, 1, 2]", 2],
    ["answer := x if [x, x] = [1, 2]", undefined],
    ["answer := x if [_, x] = [1, 2]", 2],
    ["answer if [_, 2] = [1, _]", true],
    ['answer := x if { k := "a"; {k: x} = {"a": 5} }', 5],
    ['answer := x if {"a": x} = {"a": 1, "b": 2}', undefined],
    ["answer := x if [x, 2] = [1, 2, 3]", undefined],
    ["answer if { x := 1; x = 2 }", undefined],
    ["answer if 1 = 2", undefined],
    ["answer := [x, y, z] if [x, [y, z]] := [1, [2, 3]]", [1, 2, 3]],
    ['answer := [x, y] if {"a": x, "b": [y]} := {"a": 1, "b": [2]}', [1, 2]],
    ['answer := x if {"a": x} := {"a": 1, "b": 2}', undefined],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules)).toEqual(answer);
  });
});

describe("`some … in` and `in`", () => {
  test.each([
    ["answer := [x | some x in [3, 1]]", [3, 1]],
    [
      "answer := [[i, x] | some i, x in [3, 1]]",
      [
        [0, 3],
        [1, 1],
      ],
    ],
    [
      'answer := [[k, v] | some k, v in {"b": 1, "a": 2}]',
      [
        ["a", 2],
        ["b", 1],
      ],
    ],
    ["answer := [x | some x in {3, 1, 2}]", [1, 2, 3]],
    ['answer := [v | some "b", v in {"a": 1, "b": 2}]', [2]],
    ['answer := [k | some k, 1 in {"a": 1, "b": 2}]', ["a"]],
    ['answer := [v | some {"x": v} in [{"x": 5}, {"y": 6}]]', [5]],
    ["answer := [x | some [x, 2] in [[1, 2], [3, 4]]]", [1]],
    ["answer := [x | some x in input.absent]", []],
    [
      'answer if { 1 in {1, 2}; "v" in {"k": "v"}; not "k" in {"k": "v"}; "k", "v" in {"k": "v"}; 0, "x" in ["x"] }',
      true,
    ],
    ["answer := [a, b] if { a := 1 in [1]; b := 2 in [1] }", [true, false]],
    ["answer := 1 in 5", false],
    ["answer := 1 in input.absent", undefined],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules, { input: {} })).toEqual(answer);
  });
});

describe("`every`", () => {
  test.each([
    ["answer if every x in [1, 2] { x > 0 }", true],
    ["answer if every x in [1, 2] { x > 1 }", undefined],
    ["answer if every x in [] { x > 1 }", true],
    ["answer if every x in input.absent { x > 1 }", undefined],
    ["answer if every x in input.number { x > 1 }", undefined],
    ['answer if every k, v in {"a": 1} { k == "a"; v == 1 }', true],
    ["answer if every x in {1, 2} { x in {1, 2, 3} }", true],
    ["answer if every i, _ in [5, 6] { i < 2 }", true],
    ["answer if every x in [1, 2] { some y in [1, 2, 3]; y > x }", true],
    ["answer if every xs in [[1], [2, 3]] { every x in xs { x > 0 } }", true],
    ["answer if { most := 3; every x in [1, 2] { next := x + 1; next <= most } }", true],
    ["answer if { every x in [1] { x == 1 }; x := 4; x == 4 }", true],
    ["answer if every x in input.xs { x == 1 } with input.xs as [1]", true],
    ["answer if every x in [1] { x == input.y with input.y as 1 }", true],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules, { input: { number: 5 } })).toEqual(answer);
  });
});

describe("`not`", () => {
  test.each([
    ["answer if not small\nsmall if false", true],
    ["answer if not p[1]\np contains 2", true],
    ["answer if { y := 5; not count({x | p[x]; x > y}) > 0 }\np contains 3", true],
    ["answer := [x | some x in [1, 2, 3]; not x in {2}]", [1, 3]],
    ["answer := [x | some x in [1, 2]; not f(x)]\nf(x) if x == 1", [2]],
    ["answer if not walk([1], [[0], 2])", true],
    ["answer if not 1 == 1", undefined],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules)).toEqual(answer);
  });
});

describe("comprehensions", () => {
  test.each([
    ["answer := [y | some x in [1, 2, 2]; y := x * x]", [1, 4, 4]],
    ["answer := {x | some x in [2, 1, 2]}", [1, 2]],
    ['answer := {k: v | some k, v in {"a": 1, "b": 2}; v > 1}', { b: 2 }],
    ['answer := {k: v | k := "a"; some v in [1, 2]}', "error"],
    ["answer := [ys | some xs in [[1, 2], [3]]; ys := [x | some x in xs; x > 1]]", [[2], [3]]],
    ["answer := [y, [y | some y in [5]]] if y := 1", [1, [5]]],
    ['answer := {a: {b: c} | a := "x"; b := "y"; c := 1}', { x: { y: 1 } }],
    ["answer := [1 | false]", []],
    ["answer := [x | x := 1] == [1]", true],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules)).toEqual(answer);
  });
});

describe("what cannot be given a value is refused", () => {
  test.each([
    "answer := x",
    "answer if { x = y; x == 3 }",
    "answer if { x + 1 == 2 }",
    "answer if { 4 = x + 1 }",
    "answer if { {x, 2} = {1, 2} }",
    "answer if { not x == 3 }",
    "answer if { not p[_] }\np contains 1",
    "answer if { not [x | x := y] == [] }",
    "answer := [x | y := 1]",
    "answer contains x if { y := 1 }",
    "answer[x] := 1 if { y := 1 }",
    "answer if { every x in xs { x } }",
    "answer if { some x in y }",
    "answer := ys if { ys := [y | y := x + 1]; x := 1 }",
    "answer if { [a, 2] = b; b = [1, c] }",
    "answer if { f(_) }\nf(x) := x",
  ])("%s", (rules) => {
    expect(answerOf(rules)).toBe("rejected");
  });
});

describe("a variable is declared once, before it is used, and hides what has its name", () => {
  test.each([
    "answer if { x := 1; x := 2 }",
    "answer if { x == 1; x := 1 }",
    "answer := [x | x > 1; some x in [1, 2, 3]]",
    "answer if { some x; x = 1; some x; x = 2 }",
    "answer if { y := 1; some y in [5]; y == 5 }",
    "answer if { some x; true }",
    "answer if { input := 1 }",
    "answer if { some data in [1]; data == 1 }",
    "answer := f(1)\nf(x) if { x := 1 }",
    "answer := f([1])\nf([x]) if { some x in [1]; x == 1 }",
  ])("%s", (rules) => {
    expect(answerOf(rules)).toBe("rejected");
  });

  test.each([
    ["answer := x if x := 5\nx := 1", 5],
    ["answer := f(5)\nf(x) := x\nx := 1", 5],
    ["answer := [a, x] if { a := [x | x := 5][0] }\nx := 1", [5, 1]],
    ["answer := [x, [x | some x in [2]]] if x := 1", [1, [2]]],
    ["answer := f(1)\nf(x) := [y | x := 2; y := x]", [2]],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules)).toEqual(answer);
  });
});
