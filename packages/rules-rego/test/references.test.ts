import { describe, expect, test } from "vitest";
import { answerOf } from "./answer.ts";

describe("what a bracket leaves open is gone through", () => {
  test.each([
    ["answer := [x | x := [[1, 2], [3, 4]][_][_]]", [1, 2, 3, 4]],
    ["answer := [x | x := [[1, 2], [3, 4]][_][1]]", [2, 4]],
    ["answer := [i | [[1, 2], [3, 1]][i][i] == 1]", [0, 1]],
    ['answer := [k | {"a": 1, "b": 2}[k] == 2]', ["b"]],
    ["answer := [x | {1, 2}[x]]", [1, 2]],
    [
      'answer := [[k, i] | {"b": [3], "a": [1, 2]}[k][i]]',
      [
        ["a", 0],
        ["a", 1],
        ["b", 0],
      ],
    ],
    ["answer := [y | y := xs[i] + ys[i]]\nxs := [1, 2]\nys := [10, 20]", [11, 22]],
    ["answer := [y | y := xs[i] + ys[j]]\nxs := [1, 2]\nys := [10, 20]", [11, 21, 12, 22]],
    ["answer := [x | x := xs[order[_]]]\nxs := [5, 6]\norder := [1, 0]", [6, 5]],
    ["answer := xs[count(xs) - 1]\nxs := [5, 6]", 6],
    ["answer := [x | s[[1, x]]]\ns := {[1, 2], [1, 3], [4, 5]}", [2, 3]],
    ['answer := [n | s[{"id": 1, "name": n}]]\ns := {{"id": 1, "name": "a"}, {"id": 2, "name": "b"}}', ["a"]],
    ["answer := [[i, j] | xs[i] = ys[j]]\nxs := [1, 2]\nys := [2]", [[1, 0]]],
    ["answer if 2 = xs[_]\nxs := [1, 2]", true],
    ["answer := [x | [x, _] = xs[_]]\nxs := [[1, 2], [3, 4], [5]]", [1, 3]],
    ["answer := [f(xs[_]) | true]\nxs := [1, 2]\nf(x) := x + 1", [2, 3]],
    ['answer := [o | o := {"n": xs[_]}]\nxs := [1, 2]', [{ n: 1 }, { n: 2 }]],
    ["answer contains xs[_]\nxs := [1, 2, 1]", [1, 2]],
    ['answer[xs[_]] := 1\nxs := ["a", "b"]', { a: 1, b: 1 }],
    ["answer[i] := xs[i]\nxs := [5, 6]", { 0: 5, 1: 6 }],
    ["answer := xs[_]\nxs := [1, 1]", 1],
    ["answer := xs[_]\nxs := [1, 2]", "error"],
    ["answer := [p | walk(input, [p, 3])]", [["a", "b"]]],
    ["answer := [[x, y] | walk(input, [[x, y], 3])]", [["a", "b"]]],
    ["answer := [v | [_, v] := walk(input); is_number(v)]", [3]],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules, { input: { a: { b: 3 } } })).toEqual(answer);
  });
});

describe("values are looked into, whatever they are made of", () => {
  test.each([
    ['answer := {"a": {"b": 1}}.a.b', 1],
    ['answer := f("x").a[0]\nf(x) := {"a": [x]}', "x"],
    ["answer := {1, 2}[1]", 1],
    ['answer := {1: "a"}[1]', "a"],
    ["answer := [5, 6][0.0]", 5],
    ['answer if { x := "text"; x[0] }', undefined],
    ["answer := [1][-1]", undefined],
    ["answer := input.a.b.c", undefined],
    ['answer := input["a"].b', 3],
    ['answer := input[x].b if x := "a"', 3],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules, { input: { a: { b: 3 } } })).toEqual(answer);
  });
});

describe("a call with one argument more gives its value to that", () => {
  test.each([
    ["answer := r if plus(1, 2, r)", 3],
    ["answer if plus(1, 2, 3)", true],
    ["answer := r if f(1, r)\nf(x) := x + 1", 2],
    ["answer := [a, b] if f(1, [a, b])\nf(x) := [x, x + 1]", [1, 2]],
    ['answer := r if { concat("-", xs, r); xs = ["a", "b"] }', "a-b"],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules)).toEqual(answer);
  });
});

describe("numbers are exact, as long as they are whole", () => {
  test.each([
    ["answer := 9007199254740992 + 1 == 9007199254740993", true],
    ["answer := 100000000000000000000 + 1 == 100000000000000000001", true],
    ["answer := 9007199254740993 - 9007199254740992", 1],
    ["answer if { 1 == 1.0; [1] == [1.0]; {1} == {1.0}; {1.0: 2}[1] == 2 }", true],
    ["answer := count({1, 1.0, 2})", 2],
    ["answer := 0.1 + 0.2", 0.30000000000000004],
    ["answer := 5 / 2", 2.5],
    ["answer := 4 / 2", 2],
    ["answer := 5.5 % 3", undefined],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules)).toEqual(answer);
  });
});

test("of two equal keys that are written out the last one counts", () => {
  expect(answerOf('answer := {"a": 1, "b": 0, "a": 2}')).toEqual({ a: 2, b: 0 });
});
