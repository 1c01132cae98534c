import { describe, expect, test } from "vitest";
import { answerOf } from "./answer.ts";

describe("functions", () => {
  test.each([
    ["answer := f(1)\nf(x) := x + 1", 2],
    ["answer := [f(1), f(2), f(3)]\nf(1) := 5\nf(2) := 6\nf(x) := 7 if x > 2", [5, 6, 7]],
    ["answer := f(3)\nf(1) := 5", undefined],
    ["answer := f([1, 2])\nf([x, y]) := x + y", 3],
    ["answer := f([1, 2, 3])\nf([x, y]) := x + y", undefined],
    ['answer := f({"a": 1, "b": 2})\nf({"a": x, "b": y}) := x + y', 3],
    ["answer if { f(1, 1); not f(1, 2) }\nf(x, x) if true", true],
    ["answer := [f(0, 1), f(1, 2)]\nf(_, x) := x", [1, 2]],
    ["answer := [x, y] if { x := f(true); y := f(false) } else := 0\nf(x) if x", 0],
    ["answer := f(false)\nf(x) := x", false],
    ["answer := f(input.absent)\nf(_) := 1", undefined],
    ["answer := f(11)\nf(x) := 1 if x > 10\nf(x) := 2 if x > 5", "error"],
    ["answer := [f(11), f(6), f(1)]\nf(x) := 1 if x > 10 else := 2 if x > 5 else := 3", [1, 2, 3]],
    ["answer := f(1)\nf(x) := y if { some y in [1, 2]; x }", "error"],
    ["answer := [f(5), f(6)]\ndefault f(_) := 7\nf(x) := x if x == 5", [5, 7]],
    ["answer := f(input.absent)\ndefault f(_) := 7", undefined],
    ["answer := a.b.f(2)\na.b.f(x) := x + 1\na.b.c := 1", 3],
    ["answer := f(g(h(2)))\nf(x) := x + 1\ng(x) := x * 2\nh(x) := x - 1", 3],
    ["answer := f(1, 2)\nf(x) := x", "rejected"],
    ["answer := f(1, 2, 3)\nf(x) := x", "rejected"],
    ["answer := f(1)\nf(x) := x\nf(x, y) := y", "rejected"],
    ["answer := f(1)\nf(x) := f(x)", "rejected"],
    ["answer := nothing_like(1)", "rejected"],
    ["answer := count(1)", "rejected"],
    ["answer := any([true])", "rejected"],
    ['answer := http.send({"url": "x"})', "rejected"],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules, { input: {} })).toEqual(answer);
  });
});
