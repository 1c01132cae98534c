import { describe, expect, test } from "vitest";
import { printModule, printTerm } from "./print-ast.ts";
import { readModule, readRules } from "./syntax-reading.ts";

describe("package and imports", () => {
  test.each([
    ["package a", ["a"]],
    ["package acteon.rules", ["acteon", "rules"]],
    ["# why\n\npackage a.b # here\n", ["a", "b"]],
    ['package a["b c"].d', ["a", "b c", "d"]],
    ["package foo.if.in", ["foo", "if", "in"]],
  ])("%s", (text, names) => {
    expect(readModule(text)).toMatchObject({ package: names, imports: [], rules: [], annotations: [] });
  });

  test("an import has the name of its alias, or its last part", () => {
    const text =
      "package a\nimport data.lib.net\nimport input.user as who\nimport input\nimport data.foo.if as my_if\n";
    const { imports } = readModule(text);
    expect(imports.map(({ path, name, nameExtent }) => [path.join("."), name, nameExtent])).toEqual([
      ["data.lib.net", "net", { start: 26, end: 29 }],
      ["input.user", "who", { start: 51, end: 54 }],
      ["input", "input", { start: 62, end: 67 }],
      ["data.foo.if", "my_if", { start: 90, end: 95 }],
    ]);
  });

  test("what Rego v1 has anyway is imported to no effect", () => {
    const names = [
      "rego.v1",
      "future.keywords",
      ...["contains", "every", "if", "in"].map((word) => `future.keywords.${word}`),
    ];
    expect(readModule(`package a\n${names.map((name) => `import ${name}\n`).join("")}`).imports).toEqual([]);
  });

  test("an import may stand behind rules, as in OPA", () => {
    expect(readModule("package a\np := 1\nimport data.b\nq := 2\n")).toMatchObject({ imports: [{ name: "b" }] });
  });
});

describe("heads", () => {
  test("of a complete rule", () => {
    expect(readRules("p := 1")).toEqual([
      {
        head: {
          ref: { kind: "ref", head: { kind: "var", name: "p", start: 10, end: 11 }, path: [], start: 10, end: 11 },
          args: undefined,
          key: undefined,
          value: { kind: "scalar", value: 1, start: 15, end: 16 },
          start: 10,
          end: 16,
        },
        isDefault: false,
        body: undefined,
        elses: [],
        annotations: [],
        start: 10,
        end: 16,
      },
    ]);
  });

  /** What a head says, and where the rule has a body. */
  const headOf = (text: string) => {
    const [rule] = readRules(text);
    const { ref, args, key, value } = rule!.head;
    return {
      ref: printTerm(ref),
      ...(args && { args: args.map(printTerm) }),
      ...(key && { key: printTerm(key) }),
      ...(value && { value: printTerm(value) }),
      ...(rule!.body && { body: rule!.body.length }),
    };
  };

  test.each([
    ["p = 1", { ref: "p", value: "1" }],
    ["p if x", { ref: "p", body: 1 }],
    ["p := x if { y; z }", { ref: "p", value: "x", body: 2 }],
    ["p := a == b", { ref: "p", value: "(a == b)" }],
    ["p := k, v in xs", { ref: "p", value: "(k, v in xs)" }],
    ["p[x] := y", { ref: "p[x]", value: "y" }],
    ["p[x] if y", { ref: "p[x]", body: 1 }],
    ["p [x] := y", { ref: "p[x]", value: "y" }],
    ["a.b[c].d := 1 if { c := 2 }", { ref: 'a["b"][c]["d"]', value: "1", body: 1 }],
    ["p contains x if { x := 1 }", { ref: "p", key: "x", body: 1 }],
    ["p contains 1", { ref: "p", key: "1" }],
    ["p.q[r] contains {s: t}", { ref: 'p["q"][r]', key: "{s: t}" }],
    ["p contains (k, v in xs)", { ref: "p", key: "(k, v in xs)" }],
    ["f(x) := y if { y := x }", { ref: "f", args: ["x"], value: "y", body: 1 }],
    ["f([x, 1], {2: _}) := 3", { ref: "f", args: ["[x, 1]", "{2: _}"], value: "3" }],
    ["f() := 1", { ref: "f", args: [], value: "1" }],
    ["a.f(x) if x > 1", { ref: 'a["f"]', args: ["x"], body: 1 }],
    ["contains.foo contains 1", { ref: 'contains["foo"]', key: "1" }],
    ["if.foo if foo.if", { ref: 'if["foo"]', body: 1 }],
    ["default.foo := 1", { ref: 'default["foo"]', value: "1" }],
    ["import.foo(x) := x", { ref: 'import["foo"]', args: ["x"], value: "x" }],
    ["package.foo := 1", { ref: 'package["foo"]', value: "1" }],
    ["p if\n  x", { ref: "p", body: 1 }],
    ["p :=\n  1\n  if x", { ref: "p", value: "1", body: 1 }],
  ])("%s", (text, head) => {
    expect(headOf(text)).toEqual(head);
  });

  test.each([
    "default p := 1",
    "default a.b := {x | x := data.y}",
    "default f(_, x) := []",
    "default default.foo(_) := 1",
  ])("%s", (text) => {
    expect(readRules(text)).toMatchObject([{ isDefault: true, body: undefined }]);
  });
});

describe("bodies of rules", () => {
  const kindsOf = (text: string) =>
    readRules(text).map(({ body }) => body?.map((each) => (each.kind === "expr" ? each.term.kind : each.kind)));

  test.each<[string, readonly string[]]>([
    ["p if { x }", ["var"]],
    ["p if { x, y in z }", ["call"]],
    ["p if { x; {y} }", ["var", "set"]],
    ["p if\n{\n  x\n}", ["var"]],
    ["p if { x } # why\n# else\n", ["var"]],
    ["p if {x: 1}", ["object"]],
    ["p if {}", ["object"]],
    ["p if {x: 1}.x", ["ref"]],
    ["p if {x, y}[z]", ["ref"]],
    ["p if {x} == y", ["call"]],
    ["p if {x} in y", ["call"]],
    ["p if {x | y}", ["comprehension"]],
    ["p if {x.y[z] | y := 1} == {1}", ["call"]],
    ["p if {x | y, z} & w", ["call"]],
    ["p if [x | y]", ["comprehension"]],
    ["p if not x", ["var"]],
    ["p if some x in xs", ["someIn"]],
    ["p if every x in xs { x }", ["every"]],
  ])("%s", (text, kinds) => {
    expect(kindsOf(text)).toEqual([kinds]);
  });

  test("each body of a chain makes a rule of the same head", () => {
    const rules = readRules("f(x) := 1 if { x > 1 } {\n  x < 0\n}\n\n{ x == 0.5 }\nq := 2");
    expect(rules.map(({ head, body }) => [printTerm(head.ref), body?.length])).toEqual([
      ["f", 1],
      ["f", 1],
      ["f", 1],
      ["q", undefined],
    ]);
    expect(rules[1]?.head).toBe(rules[0]?.head);
  });

  test.each([
    ["p if { x } else := 1", [["1", undefined]]],
    ["p if { x } else = 1 if { y }", [["1", 1]]],
    [
      "p if { x } else if { y } else := 2 if { z; w } else := 3",
      [
        [undefined, 1],
        ["2", 2],
        ["3", undefined],
      ],
    ],
    ["p if x else if y", [[undefined, 1]]],
    ["p if {\n  x\n}\n\nelse := 1 if y", [["1", 1]]],
    ["f(x) := 1 if x else := 2", [["2", undefined]]],
  ])("%s", (text, branches) => {
    const [rule, ...rest] = readRules(text);
    expect(rule?.elses.map(({ value, body }) => [value && printTerm(value), body?.length])).toEqual(branches);
    expect(rest).toEqual([]);
  });

  test("a rule whose name begins with `else` is none of its branches", () => {
    expect(readRules("p if { x }\nelse.foo := 1")).toMatchObject([
      { elses: [] },
      { head: { ref: { head: { name: "else" } } } },
    ]);
  });
});

test("a file is printed as it is read", () => {
  const text = `package a["b"]
import data["lib"] as lib
p[x]["y"] contains {"k": $"n \\{ { x }"} if {
some x, y;
some k, v in xs;
not (x == 1) with input["u"] as 2 with data["d"] as f;
every k, v in xs {
x := [y |
y = 12345678901234567890
]
}
}
f(x) := 1 if {
x
} else := 2 if {
y
}
default f(_) := set()
`;
  expect(printModule(readModule(text))).toBe(text);
});
