import { describe, expect, test } from "vitest";
import { framesOf, mended, problemsOf } from "./syntax-reading.ts";

const inPackage = (text: string): string => `package a\n\n${text}\n`;

test("a rule of Rego v0, with its spelling in v1", () => {
  const text = inPackage('deny[msg] {\n\tmsg := "no"\n}');
  expect(framesOf(problemsOf(text), text)).toBe(`error[ACT-R001]: Rego v1 names a member of a set with \`contains\`
  --> rules.rego:3:11
   |
 3 | deny[msg] {
   |           ^ a body of Rego v0
   |
help: write \`deny contains msg if { … }\``);
});

test("a bracket that is not closed, where it opens, and what is wrong behind it", () => {
  const text = inPackage("p if {\n\tx := [1, 2\n\ty && z\n}\n\nq if {\n\tx\n\nr := )");
  expect(framesOf(problemsOf(text), text)).toBe(`error[ACT-R001]: this \`[\` is not closed
  --> rules.rego:4:7
   |
 3 | p if {
 4 |     x := [1, 2
   |          ^ no bracket closes it

error[ACT-R001]: expected an operator of Rego, or the end of the line, found \`&&\`
  --> rules.rego:5:4
   |
 4 |     x := [1, 2
 5 |     y && z
   |       ^^ expected an operator of Rego, or the end of the line
   |
help: conditions that must all hold stand on lines of their own, or with \`;\` between them

error[ACT-R001]: this \`{\` is not closed
  --> rules.rego:8:6
   |
 8 | q if {
   |      ^ no bracket closes it

error[ACT-R001]: expected a term, found \`)\`
  --> rules.rego:11:6
   |
11 | r := )
   |      ^ closes nothing`);
});

test("every problem of a file at once", () => {
  const text = `package a
import foo.bar
import data.x as

# METADATA
# titel: deny
deny contains if { true }

allow {
\t!input.user
\tinput.role == 'admin'
\tx := [1 2]
\tinput.a = = 1; input.b c
\tsome x in xs { x }
} elif {
\tf(x, ) y
}

p.q.r
default p := input.x
q := 1; r := 2
s if not every x in xs { x }
`;
  expect(problemsOf(text).map(({ span, code, summary, help }) => [span.start.line, code, summary, help])).toEqual([
    [
      2,
      "ACT-R001",
      "an import begins with `data` or `input`",
      "what other files define is below `data`, what is asked about is below `input`",
    ],
    [6, "ACT-R004", "unknown field `titel`", "did you mean `title`?"],
    [7, "ACT-R001", "expected the name that it gets in this file, found `deny`", undefined],
    [
      7,
      "ACT-R001",
      "expected a term, found `if`",
      "a keyword is no name: as a text it is quoted, as a field it stands behind a point",
    ],
    [9, "ACT-R001", "Rego v1 needs `if` in front of a body", "write `allow if { … }`"],
    [10, "ACT-R001", "`!` means nothing in Rego", "write `not` in front of a condition"],
    [11, "ACT-R001", "a text stands in double quotes", 'write "…", or `…` where backslashes stand for themselves'],
    [12, "ACT-R001", "expected `,` or `]`, found `2`", undefined],
    [13, "ACT-R001", "expected a term, found `=`", undefined],
    [13, "ACT-R001", "expected the end of the line or `;`, found `c`", undefined],
    [
      14,
      "ACT-R001",
      "expected the end of the line or `;`, found `{`",
      "no block stands here: what must hold, too, stands on lines of its own",
    ],
    [15, "ACT-R001", "`elif` means nothing in Rego", "write `else if`"],
    [16, "ACT-R001", "expected the end of the line or `;`, found `y`", undefined],
    [19, "ACT-R001", "this rule has neither a value nor a body", "write `p.q.r := true`"],
    [20, "ACT-R001", "a default is a constant", undefined],
    [21, "ACT-R001", "expected the end of the line, found `;`", "each rule begins on a line of its own"],
    [22, "ACT-R001", "`every` cannot be negated", "`some x in xs` and then `not …` says that not all are so"],
  ]);
});

describe("a fix", () => {
  test.each([
    ["p { true }", "p if { true }"],
    ["p = x { x := 1 }", "p := x if { x := 1 }"],
    ["p := x { x := 1 }", "p := x if { x := 1 }"],
    ["p[k] = v { k := 1; v := 2 }", "p[k] := v if { k := 1; v := 2 }"],
    ["deny[msg] { msg := 1 }", "deny contains msg if { msg := 1 }"],
    ['deny[{"msg": m}] {\n  m := 1\n}', 'deny contains {"msg": m} if {\n  m := 1\n}'],
    ['deny["always"]', 'deny contains "always"'],
    ["p[x][y] { x := 1 }", "p[x] contains y if { x := 1 }"],
    ["a.b { true }", "a.b if { true }"],
    ["f(x) { x }", "f(x) if { x }"],
    ["f(x) = y { y := x }", "f(x) := y if { y := x }"],
    ["p { a } else { b }", "p if { a } else if { b }"],
    ["p = (1) { a } else = [2] { b } else = 3", "p := (1) if { a } else := [2] if { b } else = 3"],
    ["p { a } { b }", "p if { a } { b }"],
    ["p if { a } elif { b } elseif { c }", "p if { a } else if { b } else if { c }"],
    ["p if { !a; ! b.c }", "p if { not a; not  b.c }"],
    ["p := 'text'", 'p := "text"'],
    ["// why\np := 1", "# why\np := 1"],
    ["# METADATA\n# titel: x\n# scope: documnt\np := 1", "# METADATA\n# title: x\n# scope: document\np := 1"],
  ])("mends %s", (text, expected) => {
    const file = inPackage(text);
    expect(problemsOf(file).filter(({ fix }) => fix === undefined)).toEqual([]);
    expect(mended(file)).toBe(inPackage(expected));
    expect(problemsOf(mended(file))).toEqual([]);
  });
});

/** What other languages write: the line, what is told of it, and the help. */
describe("a habit", () => {
  test.each([
    ["p if a && b", "found `&&`", "stand on lines of their own"],
    ["p if { a and b }", "found `and`", "stand on lines of their own"],
    ["p if (a || b)", "found `||`", "a rule of the same name for each case"],
    ["p if { a or b }", "found `or`", "a rule of the same name for each case"],
    ["p := !a", "expected a term, found `!`", "`not` negates a condition"],
    ["p => 1", "found `=>`", "a rule is written `name if { … }`"],
    ["p: 1", "found `:`", "a value is given with `:=`"],
    ["p if { a === b }", "found `===`", "equality is written `==`"],
    ["p if { a !== b }", "found `!==`", "inequality is written `!=`"],
    ["p if { a <> b }", "found `<>`", "inequality is written `!=`"],
    ["p := a ? 1 : 2", "`?` means nothing in Rego", "there is no `? :`"],
    ["p if { for x in xs { x } }", "found `x`", "`some x in xs` looks at each"],
    ["p if { return x }", "found `x`", "stands in its head"],
    ["p if { let x = 1 }", "found `x`", "`x := …`"],
    ["function f(x) { x }", "found `f`", "`name(x) := value if { … }`"],
    ["p if { xs contains x }", "found `contains`", "`x in xs`"],
    ["p := [x + 1 | x := 1]", "found `:=`", "`[(x + 1) | …]`"],
    ["p := {if: 1}", "found `if`", "as a text it is quoted"],
    ["p if { if x { y } }", "found `if`", "a keyword is no name"],
    ['p := x.a-b."c"', 'found `"c"`', 'x["a-b"]'],
    ['p := "a\nq := 1', "this text does not end", "backticks"],
    ['p := "a\\d"', "`\\d` is no escape sequence", "`\\\\`"],
    ["p if { x } else 1", "found `1`", "`else := value`"],
    ["p[x] if { x := 1 } else := 2", "has no `else`", "a second rule of the same name"],
    ["p contains 1 if { x } else := 2", "has no `else`", "a second rule of the same name"],
    ["f(x) contains 1", "a function has no members", "`f(x) := …`"],
    ["import data.if", "`if` is a keyword, and no name", "import data.if as name"],
  ])("%s", (text, summary, help) => {
    const [first] = problemsOf(inPackage(text));
    expect(first?.summary).toContain(summary);
    expect(first?.help).toContain(help);
  });
});

describe("what is refused", () => {
  test.each([
    ["", "the file does not say its package"],
    ["p := 1", "the file does not say its package"],
    ["import data.a", "the file does not say its package"],
    ["package", "expected the name of the package, found the end of the file"],
    ["package a[b]", "a path consists of names and texts"],
    ["package a b", "expected the end of the line, found `b`"],
    ["package a\npackage b", "a file has one package"],
    ["package a\nimport rego.v2", "there is nothing to import at `rego.v2`"],
    ["package a\nimport future.keywords.foo", "there is nothing to import at `future.keywords.foo`"],
    ["package a\np", "this rule has neither a value nor a body"],
    ["package a\nf(1)", "this rule has neither a value nor a body"],
    ["package a\ndefault p", "a default needs a value"],
    ["package a\ndefault p[x] := 1", "a default has no variable in its name"],
    ["package a\ndefault f(1) := 1", "the arguments of a default are different variables"],
    ["package a\ndefault f(x, x) := 1", "the arguments of a default are different variables"],
    ["package a\ndefault p := [f(1)]", "a default is a constant"],
    ["package a\np if { x } else := 1 { y }", "Rego v1 needs `if` in front of a body"],
    ["package a\np if { x } else := 1 else := 2", "expected the end of the line, found `else`"],
    ["package a\np if { x } else := 1 if { y } { z }", "a rule with `else` has one body"],
    ["package a\np if { x } }", "expected the end of the line, found `}`"],
    ["package a\nelse := 1", "expected the name of a rule, found `else`"],
    ["package a\n1 := 2", "expected the name of a rule, found `1`"],
    ["package a\np if", "expected a term, found the end of the file"],
    ["package a\np if { x # }", "this `{` is not closed"],
    ["package a\np := 1 ~ 2", "`~` means nothing in Rego"],
  ])("%j", (text, summary) => {
    const [first] = problemsOf(text);
    expect(first?.summary).toBe(summary);
  });
});

test("after a mistake reading goes on where a line begins as far left", () => {
  const text = "  package a\n  p := )\n    q := [\n  r := )\n  s if {\n  x :=\n  y\n  }\n  t := )\n";
  expect(problemsOf(text).map(({ span }) => span.start.line)).toEqual([2, 4, 9]);
});

test("a hundred problems are told, and then nothing more is read", () => {
  expect(problemsOf(inPackage("p := )\n".repeat(1_000)))).toHaveLength(100);
});
