import { describe, expect, test } from "vitest";
import { answerOf } from "./answer.ts";

describe("rules with one value", () => {
  test.each([
    ["answer := 1 if false\nanswer := 2 if true", 2],
    ["answer := 1\nanswer := 1 if true", 1],
    ["answer := 1\nanswer := 2 if true", "error"],
    ["answer := x if some x in [1, 1]", 1],
    ["answer := x if some x in [1, 2]", "error"],
    ["answer := false", false],
    ["answer if not p\np := false", true],
    ["default answer := 1\nanswer := 2 if false", 1],
    ["default answer := 1\nanswer := 2 if true", 2],
    ['default answer := {"a": [1 | true]}', { a: [1] }],
    ["answer := 1 if false else := 2 if true else := 3", 2],
    ["answer := 1 if false else := 3", 3],
    ["answer if false else if true", true],
    ["answer := 1 if true else := 2\nanswer := 3 if true", "error"],
    ["answer := 1 if false else := 4\nanswer := 4 if true", 4],
    ["answer := x if { x := 1; false } else := y if y := 2", 2],
    ["answer := b\nb := c\nc := 2", 2],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules)).toEqual(answer);
  });
});

describe("sets and objects of several rules", () => {
  test.each([
    ["answer contains 2\nanswer contains 1 if true\nanswer contains 3 if false", [1, 2]],
    ["answer contains x if some x in []", []],
    ['answer[k] := 1 if some k in ["x", "y"]', { x: 1, y: 1 }],
    ['answer[x] if some x in ["a", "b"]', { a: true, b: true }],
    ['answer[k] := v if some k, v in {"a": 1}\nanswer[k] := 2 if some k in ["a"]', "error"],
    ['answer[k] := v if some k, v in {"a": 1}\nanswer[k] := 1 if some k in ["a"]', { a: 1 }],
    ["answer.a.b := 1\nanswer.a.c := 2", { a: { b: 1, c: 2 } }],
    ['answer[x].y := x if some x in ["a", "b"]', { a: { y: "a" }, b: { y: "b" } }],
    ['answer[x][y][z] := 1 if { x := "a"; y := "b"; z := "c" }\nanswer.d := 2', { a: { b: { c: 1 } }, d: 2 }],
    ['answer.x[k] := 1 if k := "z"\nanswer[a].y := 2 if a := "x"', { x: { y: 2, z: 1 } }],
    ['answer.a := y if { y := 1; false } else := 2\nanswer[x] := 3 if x := "b"', { a: 2, b: 3 }],
    ['default answer.a := 1\nanswer.a := 2 if false\nanswer[x] := 3 if x := "b"', { a: 1, b: 3 }],
    ['default answer.a := 1\ndefault answer.c := 2\nanswer[x] := 3 if x := "b"', { a: 1, b: 3, c: 2 }],
    ['default answer.a := 1\nanswer.a := 2 if true\nanswer[x] := 3 if x := "b"', { a: 2, b: 3 }],
    ['answer.a.b := 1\nanswer[x].b := 2 if x := "a"', "error"],
    ['answer[x] := 2 if x := "a"\nanswer[x].b := 2 if x := "a"', "error"],
    ["answer.k contains 1\nanswer.k contains 2\nanswer.l := 3", { k: [1, 2], l: 3 }],
    ['answer[k] contains v if some [k, v] in [["a", 1], ["a", 2], ["b", 3]]', { a: [1, 2], b: [3] }],
    ['answer[k][l] contains v if some [k, l, v] in [["a", "b", 1], ["c", "d", 2]]', { a: { b: [1] }, c: { d: [2] } }],
    ['answer := p[2]\np[1] := "one"\np[2] := "two"', "two"],
    ['answer := p["a"][1]\np[k][1] := "x" if some k in ["a"]', "x"],
    ['answer := [k | p[k]]\np[[1, 2]] := "x"', [[1, 2]]],
    ['answer := a["c-d"].e\na["c-d"].e := 3', 3],
    ["default answer.q.r := true\nanswer.q.r := false if false", { q: { r: true } }],
    ['answer := p\np.a := {"b": 1}\np.a.b := 2', "rejected"],
    ["answer := p\np contains 1\np := 2", "rejected"],
    ["answer := p\np := 1\np(x) := 2", "rejected"],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules)).toEqual(answer);
  });
});

describe("packages", () => {
  const u = "package u\np := 3\nr := 4\ns if false\nf(x) := x + p";
  test.each([
    ["answer := data.u.p", 3],
    ["import data.u\nanswer := u.p", 3],
    ["import data.u.p as three\nanswer := three", 3],
    ["import data.u.f\nanswer := f(1)", 4],
    ["answer := data.u.f(1)", 4],
    ["answer := data.u", { p: 3, r: 4 }],
    ['answer := data.u[x] if x := "p"', 3],
    [
      "answer := [[k, v] | v := data.u[k]]",
      [
        ["p", 3],
        ["r", 4],
      ],
    ],
    ["answer := data.u.s", undefined],
    ["answer := data.nothing.here", undefined],
    ["import data.u.p\nanswer := p if p := 7", 7],
    ["answer := data.u.f", "rejected"],
    ["answer := data.u.f.g(1)", "rejected"],
    ["answer := data", "rejected"],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules, {}, u)).toEqual(answer);
  });

  test("files of one package are one: their rules are those of all, and agree", () => {
    expect(answerOf("answer contains 1", {}, "package main\nanswer contains 2")).toEqual([1, 2]);
    expect(answerOf("answer := 1", {}, "package main\nanswer := 2")).toBe("error");
    expect(answerOf("answer := other", {}, "package main\nother := 2")).toBe(2);
  });

  test("an import may lead into a document, or into the input", () => {
    expect(answerOf("import data.u.p.x as y\nanswer := y.z", {}, 'package u\np := {"x": {"z": 1}}')).toBe(1);
    expect(answerOf("import input.a as b\nanswer := b.c", { input: { a: { c: 3 } } })).toBe(3);
  });

  test("an empty package is an empty object, and so is one whose rules have no value", () => {
    expect(answerOf("answer := data.v", {}, "package v.w\np if false")).toEqual({ w: {} });
    expect(answerOf("answer := data.v", {}, "package v\ns.y if false\nt contains 1 if false")).toEqual({
      s: {},
      t: [],
    });
  });

  test("one that is reached through a variable is asked only for what is behind it", () => {
    const others = ["package a\nallow := true", "package b\nallow := false\nother := data.main.answer"];
    expect(answerOf("answer := [[k, v] | v := data[k].allow]", {}, ...others)).toEqual([
      ["a", true],
      ["b", false],
    ]);
    expect(answerOf('allow := data[k].allow if k := "a"\nanswer := 1', {}, ...others)).toBe("rejected");
  });

  test("rules that ask for themselves are refused, however long the circle is", () => {
    expect(answerOf("answer := answer")).toBe("rejected");
    expect(answerOf("answer := f(1)\nf(x) := g(x)\ng(x) := f(x)")).toBe("rejected");
    expect(answerOf("answer := data.v.q", {}, "package v\nq := data.main.answer")).toBe("rejected");
  });
});

describe("configured data", () => {
  const data = { list: [1, 2, 3], keyed: { "0": "zero", a: { b: 1 } }, main: { base: 5 } };
  test.each([
    ["answer := data.list[2]", 3],
    ["answer := [i | data.list[i] > 1]", [1, 2]],
    ['answer := data.keyed["0"]', "zero"],
    ['answer := data.keyed[k].b if k := "a"', 1],
    ["answer := data.keyed.a", { b: 1 }],
    ["answer := data.keyed.c", undefined],
    ["answer := data.main.base", 5],
    ["answer := data.main.base\nbase := 6", 6],
  ])("%s", (rules, answer) => {
    expect(answerOf(rules, { data })).toEqual(answer);
  });

  test("what rules make lies beside it", () => {
    const options = { data: { u: { v: 2, x: { y: 1 } } } };
    expect(answerOf("answer := data.u", options, "package u\np := 3\nx.z := 4")).toEqual({
      p: 3,
      v: 2,
      x: { y: 1, z: 4 },
    });
    expect(answerOf("answer := [k | some k; data.u[k]]", options, "package u\np := 3")).toEqual(["p", "v", "x"]);
  });
});

describe("METADATA", () => {
  const modules = [
    "# METADATA\n# title: sub\npackage top.sub\n\n# METADATA\n# scope: document\n# title: all\n\n# METADATA\n# title: one\n" +
      "answer := rego.metadata.chain()\n\nother := rego.metadata.chain()\nnone := rego.metadata.rule()",
    "# METADATA\n# scope: subpackages\n# title: top\npackage top",
  ];
  const asked = (name: string) => answerOf(`answer := data.top.sub.${name}`, {}, ...modules);
  const packages = [
    { annotations: { scope: "package", title: "sub" }, path: ["top", "sub"] },
    { annotations: { scope: "subpackages", title: "top" }, path: ["top"] },
  ];

  test("is there for the rule, its document and the packages around it, the nearest first", () => {
    const path = ["top", "sub", "answer"];
    expect(asked("answer")).toEqual([
      { annotations: { scope: "rule", title: "one" }, path },
      { annotations: { scope: "document", title: "all" }, path },
      ...packages,
    ]);
  });

  test("of a rule without its own is that around it", () => {
    expect(asked("other")).toEqual([{ path: ["top", "sub", "other"] }, ...packages]);
    expect(asked("none")).toEqual({});
  });
});
