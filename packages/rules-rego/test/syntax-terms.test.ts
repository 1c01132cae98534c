import { Findings } from "@acteon/rules";
import { describe, expect, test } from "vitest";
import { parseTerm } from "../src/syntax/parse-module.ts";
import { printTerm } from "./print-ast.ts";
import { readTerm } from "./syntax-reading.ts";

function problemsOf(text: string): readonly string[] {
  const findings = new Findings("term.rego", text);
  parseTerm(findings);
  return findings.sorted().map(({ summary }) => summary);
}

describe("values", () => {
  test.each<[string, null | boolean | number | bigint | string]>([
    ["null", null],
    ["true", true],
    ["false", false],
    ["0", 0],
    ["-0", 0],
    ["10", 10],
    ["1.0", 1],
    [".5", 0.5],
    ["-2.5e-3", -0.0025],
    ["- 5", -5],
    ["1e3", 1_000],
    ["1.5e1", 15],
    ["9007199254740991", 9_007_199_254_740_991],
    ["9007199254740993", 9_007_199_254_740_993n],
    ["-9007199254740993", -9_007_199_254_740_993n],
    ["9007199254740993.0", 9_007_199_254_740_993n],
    ["1e20", 100_000_000_000_000_000_000n],
    ["1234567890123456.5", 1_234_567_890_123_456.5],
    ["1e-400", 0],
    ['"text"', "text"],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"', '"\\/\b\f\n\r\té😀'],
    ['"\\ud800"', "�"],
    ["`raw \\d \"\n'`", "raw \\d \"\n'"],
    ['""', ""],
  ])("%s", (text, value) => {
    expect(readTerm(text)).toEqual({ kind: "scalar", value, start: 0, end: text.length });
  });

  test.each([
    ["007", "`007` is no number"],
    ["0x1F", "`0x1F` is no number"],
    ["1a", "`1a` is no number"],
    ["1e99999", "a number of too many digits"],
    [`1${"0".repeat(10_000)}`, "a number of too many digits"],
    ['"\\d"', "`\\d` is no escape sequence"],
    ['"\\u12"', "`\\u` is no escape sequence"],
    ["'text'", "a text stands in double quotes"],
    ['"open', "this text does not end"],
    ["`open", "this text does not end"],
  ])("%s is refused", (text, summary) => {
    expect(problemsOf(text)).toEqual([summary]);
  });
});

describe("collections", () => {
  test.each([
    ["[]", "array"],
    ["[1, 2,]", "array"],
    ["{}", "object"],
    ['{"a": 1, [x]: {2}, 3: y,}', "object"],
    ["{1, x,}", "set"],
    ["{{1}}", "set"],
    ["set()", "set"],
    ["[x | x = 1]", "comprehension"],
    ["{x | some x in xs; x > 1}", "comprehension"],
    ["{k: v | some k, v in xs}", "comprehension"],
  ])("%s is of kind %s", (text, kind) => {
    expect(readTerm(text).kind).toBe(kind);
  });

  test.each([
    ["[a | b]", "[a |\nb\n]"],
    ["{a | b}", "{a |\nb\n}"],
    ["{a: b | c}", "{a: b |\nc\n}"],
    ["{a + 1: b | c}", "{(a + 1): b |\nc\n}"],
    ["{f(x)[0].y | c}", '{f(x)[0]["y"] |\nc\n}'],
    ["{(a + 1) | c}", "{(a + 1) |\nc\n}"],
    ["{a | b | c}", "{a |\n(b | c)\n}"],
    ["{a | b, c in d}", "{a |\n(b, c in d)\n}"],
    ["[a | b\n c]", "[a |\nb;\nc\n]"],
    ["[a |\n b]", "[a |\nb\n]"],
    ["[a | [b | c]]", "[a |\n[b |\nc\n]\n]"],
    ["[x | x := y with input as {1, 2}]", "[x |\nx := y with input as {1, 2}\n]"],
  ])("%s is a comprehension", (text, printed) => {
    expect(printTerm(readTerm(text))).toBe(printed);
  });

  test.each([
    ["[a | b, c]", "[(a | b), c]"],
    ["[a | b,]", "[(a | b)]"],
    ["{a | b, c | d}", "{(a | b), (c | d)}"],
    ["{a | b: c}", "{(a | b): c}"],
    ["{a: b | c, d: e}", "{a: (b | c), d: e}"],
    ["[(a | b)]", "[(a | b)]"],
    ["[c, a | b]", "[c, (a | b)]"],
    ["{a & b | c & d, e}", "{((a & b) | (c & d)), e}"],
    ["{1, a in b}", "{1, (a in b)}"],
  ])("%s is a union of sets", (text, printed) => {
    expect(printTerm(readTerm(text))).toBe(printed);
  });
});

describe("references", () => {
  test("a point is followed by a text, a bracket holds any term", () => {
    expect(readTerm('input.user["a b"][x].if')).toEqual({
      kind: "ref",
      head: { kind: "var", name: "input", start: 0, end: 5 },
      path: [
        { kind: "scalar", value: "user", start: 6, end: 10 },
        { kind: "scalar", value: "a b", start: 11, end: 16 },
        { kind: "var", name: "x", start: 18, end: 19 },
        { kind: "scalar", value: "if", start: 21, end: 23 },
      ],
      start: 0,
      end: 23,
    });
  });

  test.each([
    ['{"a": 1}.a', '{"a": 1}["a"]'],
    ["[1, 2][i]", "[1, 2][i]"],
    ["{1, 2}[_]", "{1, 2}[_]"],
    ["[x | p[x]][0]", "[x |\np[x]\n][0]"],
    ["f(x).y[z]", 'f(x)["y"][z]'],
    ["(a | b)[x]", "(a | b)[x]"],
    ["p[q[r].s][-1]", 'p[q[r]["s"]][-1]'],
    ["p[a, b in c]", "p[(a, b in c)]"],
    ["p[x == 1]", "p[(x == 1)]"],
    ["not.foo", 'not["foo"]'],
    ["a.not.in.with.every", 'a["not"]["in"]["with"]["every"]'],
    ["contains.x", 'contains["x"]'],
  ])("%s", (text, printed) => {
    const term = readTerm(text);
    expect([term.kind, printTerm(term)]).toEqual(["ref", printed]);
  });

  test.each([
    ["a .b", "expected the end, found `.`"],
    ["a. b", "expected the name of a field, found `b`"],
    ["a [b]", "expected the end, found `[`"],
    ['"text".size', "nothing can be looked up in this"],
    ["1[0]", "nothing can be looked up in this"],
    ["a.b-c.", "expected the name of a field, found the end of the file"],
    ["a[]", "expected a term, found `]`"],
    ["a[0", "this `[` is not closed"],
  ])("%s is refused", (text, summary) => {
    expect(problemsOf(text)).toEqual([summary]);
  });
});

describe("calls", () => {
  test("the operator is the names, and where they stand", () => {
    expect(readTerm("json.patch(x, [])")).toEqual({
      kind: "call",
      operator: ["json", "patch"],
      operatorExtent: { start: 0, end: 10 },
      args: [
        { kind: "var", name: "x", start: 11, end: 12 },
        { kind: "array", items: [], start: 14, end: 16 },
      ],
      start: 0,
      end: 17,
    });
  });

  test.each([
    ["f()", "f()"],
    ["f(x, y,)", "f(x, y)"],
    ["f((a, b in c))", "f((a, b in c))"],
    ["f(a, b in c)", "f(a, (b in c))"],
    ['data.lib["a b"].f(x)', 'data["lib"]["a b"]["f"](x)'],
    ["f(g(x)[y], {1 | 2})", "f(g(x)[y], {1 |\n2\n})"],
    ["contains(x, y)", "contains(x, y)"],
  ])("%s", (text, printed) => {
    const term = readTerm(text);
    expect([term.kind, printTerm(term)]).toEqual(["call", printed]);
  });

  test.each([
    ["a[b](c)", "a function is called by its name"],
    ["f(x)(y)", "a function is called by its name"],
    ["f(x).g(y)", "a function is called by its name"],
    ["[f](x)", "a function is called by its name"],
    ["f(1 2)", "expected `,` or `)`, found `2`"],
    ["f (x)", "expected the end, found `(`"],
  ])("%s is refused", (text, summary) => {
    expect(problemsOf(text)).toEqual([summary]);
  });
});

describe("operators", () => {
  test("have the names of OPA", () => {
    const names = ["==", "!=", "<", "<=", ">", ">=", "|", "&", "+", "-", "*", "/", "%", "in"].map((sign) => {
      const term = readTerm(`a ${sign} b`);
      return [sign, term.kind === "call" ? term.operator.join(".") : undefined];
    });
    expect(Object.fromEntries(names)).toEqual({
      "==": "equal",
      "!=": "neq",
      "<": "lt",
      "<=": "lte",
      ">": "gt",
      ">=": "gte",
      "|": "or",
      "&": "and",
      "+": "plus",
      "-": "minus",
      "*": "mul",
      "/": "div",
      "%": "rem",
      in: "internal.member_2",
    });
  });

  test("`in` with a key is another", () => {
    expect(readTerm("(k, v in xs)")).toMatchObject({
      operator: ["internal", "member_3"],
      operatorExtent: { start: 6 },
    });
  });

  test.each([
    ["a + b * c - d", "((a + (b * c)) - d)"],
    ["a - b - c", "((a - b) - c)"],
    ["a / b % c", "((a / b) % c)"],
    ["a | b & c + d", "(a | (b & (c + d)))"],
    ["a == b | c", "(a == (b | c))"],
    ["a < b == c", "((a < b) == c)"],
    ["a in b == c", "(a in (b == c))"],
    ["a in b in c", "((a in b) in c)"],
    ["k, v in b in c", "((k, v in b) in c)"],
    ["1 -1", "(1 - 1)"],
    ["1--1", "(1 - -1)"],
    ["-x.y", '(0 - x["y"])'],
    ["2 * -x", "(2 * (0 - x))"],
    ["a +\n b", "(a + b)"],
    ["a\n+ b", "(a + b)"],
    ["x in[1, 2]", "(x in [1, 2])"],
  ])("%s", (text, printed) => {
    expect(printTerm(readTerm(text))).toBe(printed);
  });

  test("an operation reaches from its first operand to its last", () => {
    expect(readTerm("(a) + f(b)")).toMatchObject({ start: 0, end: 10, operatorExtent: { start: 4, end: 5 } });
  });
});

describe("templates", () => {
  const partsOf = (text: string) => {
    const term = readTerm(text);
    return term.kind === "template"
      ? term.parts.map((part) => (typeof part === "string" ? part : [printTerm(part.term), part.with.length]))
      : undefined;
  };

  test.each<[string, readonly unknown[]]>([
    ['$""', []],
    ["$``", []],
    ['$"plain"', ["plain"]],
    ['$"{x}"', [["x", 0]]],
    ['$"a {x} b {y.z} c"', ["a ", ["x", 0], " b ", ['y["z"]', 0], " c"]],
    [
      '$"{x}{y}"',
      [
        ["x", 0],
        ["y", 0],
      ],
    ],
    ['$"\\{x} \\"\\u0041\\n"', ['{x} "A\n']],
    ["$`\\{{x}\\d\n`", ["{", ["x", 0], "\\d\n"]],
    ['$"{{"a": 1}} {{y | y}} {set()}"', [['{"a": 1}', 0], " ", ["{y |\ny\n}", 0], " ", ["set()", 0]]],
    ['$"{$`{"in"}`}"', [['$"{ "in" }"', 0]]],
    ['$"{1 + x}"', [["(1 + x)", 0]]],
    ['$"{x with input as {"a": 1} with data.b as 2}"', [["x", 2]]],
    ['$"{\n x # why\n}"', [["x", 0]]],
  ])("%s", (text, parts) => {
    expect(partsOf(text)).toEqual(parts);
  });

  test.each([
    ['$"{x := 1}"', "a term of a template gives no variable its value"],
    ['$"{not x}"', "expected a term, whose value is put into the text, found `not`"],
    ['$"{}"', 'expected a term, found `}"`'],
    ['$"{a b}"', "expected `,` or `}`, found `b`"],
    ['$"abc', "this template does not end"],
    ["$`abc", "this template does not end"],
    ['$"a {x', "this `{` is not closed"],
    ['$"a {x} b', "this template does not end"],
    ['$"\\d"', "`\\d` is no escape sequence"],
  ])("%s is refused", (text, summary) => {
    expect(problemsOf(text)).toEqual([summary]);
  });
});

test("a comment ends with its line, wherever it stands", () => {
  expect(printTerm(readTerm("[1, # one\n2] # all\n"))).toBe("[1, 2]");
});

test("a mark of the byte order in front is no text", () => {
  expect(readTerm("\ufeffx")).toMatchObject({ name: "x", start: 1 });
});

describe("levels", () => {
  const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
  const chain = (operators: number): string => `x${" + x".repeat(operators)}`;

  test.each([nested(100), chain(99), `[${chain(98)}]`])("a hundred are read", (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  test.each([nested(101), chain(100), `[${chain(99)}]`, `${"(".repeat(101)}x${")".repeat(101)}`])(
    "more are refused",
    (text) => {
      const findings = new Findings("term.rego", text);
      parseTerm(findings);
      expect(findings.sorted()).toMatchObject([{ code: "ACT-R002", summary: "this is nested too deeply" }]);
    },
  );
});
