import { describe, expect, test } from "vitest";
import { answerOf } from "./answer.ts";

describe("`with` in front of the input", () => {
  test.each([
    ["answer := r if r := p with input.x as 5\np := input.x", 5],
    ['answer := r if r := p with input as {"x": 6}\np := input.x', 6],
    ["answer := r if r := input with input.x as 5", { x: 5, y: 1 }],
    ["answer := r if r := input with input.a.b as 9 with input.a.c as 8", { a: { b: 9, c: 8 }, y: 1 }],
    ["answer := r if r := input with input.a.b as 9 with input.a as 8", { a: 8, y: 1 }],
    ["answer := r if r := input with input.y.z as 3", { y: { z: 3 } }],
    ["answer := [a, input.y] if a := input.y with input.y as 2", [2, 1]],
    ["answer := [r | some i in [1, 2]; r := p with input.x as i]\np := input.x", [1, 2]],
    ["answer := [r | r := input.x with input.x as [1, 2][_]]", [1, 2]],
    ["answer := [x | x := input.a[_] with input.a as [1, 2]]", [1, 2]],
    ["answer := r if r := {x | p[x]} with input.xs as [1]\np contains x if some x in input.xs", [1]],
    ["answer := r if r := f(2) with input.y as 5\nf(x) := x + input.y", 7],
    ["answer if not p with input.y as 2\np if input.y == 1", true],
    ["answer if { every x in [1, 2] { p with input.x as x } }\np if input.x > 0", true],
    ["answer := [a, b] if { a := p with input.k as true; b := p }\ndefault p := false\np if input.k", [true, false]],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules, { input: { y: 1 } })).toEqual(answer);
  });
});

describe("`with` in front of data and documents", () => {
  test.each([
    ["answer := r if r := data.d with data.d.b as 1", { a: 1, b: 1 }],
    ['answer := r if r := data.d.a with data.d as {"a": 2}', 2],
    ["answer := r if r := data.d.a with data.d as {}", undefined],
    ["answer := r if r := data.d with data.d.c.e as 1", { a: 1, c: { e: 1 } }],
    ["answer := [r, p] if r := p with p as 3\np := 1", [3, 1]],
    ["answer := r if r := q with data.main.p as 3\np := 1\nq := p + 1", 4],
    ["answer := r if r := max(xs) with xs as [3, 4]\nxs := [1]", 4],
    ["answer := r if r := data.main with data.main.p as 3; p := 1", "rejected"],
    ['answer := r if r := p with p.z as 5\np := {"z": 1}', "rejected"],
    ["answer if true with x.y as 1", "rejected"],
    ["answer if true with absent as 1", "rejected"],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules, { data: { d: { a: 1 } } })).toEqual(answer);
  });
});

describe("`with` in front of functions", () => {
  test.each([
    ["answer := [r, f(1)] if r := f(1) with f as 7\nf(x) := x", [7, 1]],
    ["answer := r if r := f(1) with f as g\nf(x) := x\ng(x) := x + 7", 8],
    ["answer := [r, k(1)] if r := k(1) with f as g\nk(x) := f(x)\nf(x) := x\ng(x) := x * 2", [2, 1]],
    ["answer := [r, count([1, 2])] if r := p with count as mock\np := count([1])\nmock(_) := 9", [9, 2]],
    ["answer := r if r := max([1, 2]) with max as sum", 3],
    ["answer := r if { sum := 7; r := max([1, 2]) with max as sum }", 7],
    ["answer := r if r := time.now_ns() with time.now_ns as 5", 5],
    ['answer := r if r := http.send({"url": "x"}) with http.send as mock\nmock(req) := req.url', "x"],
    [
      'answer := r if r := f(1) with g as "outer"\nf(x) := y if y := g(x) with h as "inner"\ng(x) := h(x)\nh(x) := x',
      "outer",
    ],
    [
      'answer := r if r := f(1) with k as 0\nf(x) := y if y := g(x) with h as "inner"\ng(x) := h(x)\nh(x) := x\nk(x) := x',
      "inner",
    ],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules)).toEqual(answer);
  });
});
