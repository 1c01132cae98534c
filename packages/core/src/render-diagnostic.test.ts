import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Diagnostic, Span } from "./diagnostic.ts";
import { displayWidth } from "./display-width.ts";
import { createLineIndex, spanAt } from "./line-index.ts";
import { renderDiagnostic } from "./render-diagnostic.ts";

/** The span of `words` in `source`. */
function spanOf(source: string, words: string, file = "rules/main.yaml"): Span {
  const start = source.indexOf(words);
  return spanAt(createLineIndex(source), file, start, start + words.length);
}

/** A text whose given lines stand at their numbers. */
function fileWith(lines: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(lines).map(Number));
  return Array.from({ length: last }, (_, i) => lines[i + 1] ?? "").join("\n");
}

function render(diagnostic: Diagnostic, source: string | undefined): string {
  return renderDiagnostic(diagnostic, source, { colour: false });
}

describe("findings as ux.md §5 shows them", () => {
  test("one in a text that cannot be shown keeps its label", () => {
    const span = spanOf("x", "x", "command line --port");
    const diagnostic: Diagnostic = {
      code: "ACT-C003",
      severity: "error",
      summary: "too large",
      span,
      label: "found 70000",
    };
    expect(render(diagnostic, undefined)).toBe(
      "error[ACT-C003]: too large\n  --> command line --port:1:1\nnote: found 70000",
    );
  });

  test("one finding, with the line before it", () => {
    const source = fileWith({ 11: "  - name: quiet-info", 12: "    supress: true" });
    const diagnostic: Diagnostic = {
      code: "ACT-R004",
      severity: "error",
      summary: "unknown field `supress`",
      span: spanOf(source, "supress"),
      label: "not a field of a rule",
      help: "a verdict named `suppress` exists  (acteon rules lint --fix)",
    };
    expect(render(diagnostic, source)).toBe(`error[ACT-R004]: unknown field \`supress\`
  --> rules/main.yaml:12:5
   |
11 |   - name: quiet-info
12 |     supress: true
   |     ^^^^^^^ not a field of a rule
   |
help: a verdict named \`suppress\` exists  (acteon rules lint --fix)`);
  });

  test("two places in one line", () => {
    const source = fileWith({ 2: "@rule(1)", 3: "action.payload.severity >= 3" });
    const diagnostic: Diagnostic = {
      code: "ACT-R021",
      severity: "error",
      summary: "comparing text with a number",
      span: spanOf(source, ">=", "rules/pager.cel"),
      label: '`severity` is text ("critical", seen 4,102 times)',
      labels: [{ span: spanOf(source, "action.payload.severity", "rules/pager.cel"), text: "" }],
      help: 'compare with a value such as "critical", or convert with `int(...)`',
    };
    expect(render(diagnostic, source)).toBe(`error[ACT-R021]: comparing text with a number
  --> rules/pager.cel:3:25
   |
 3 | action.payload.severity >= 3
   | ----------------------- ^^ \`severity\` is text ("critical", seen 4,102 times)
   |
help: compare with a value such as "critical", or convert with \`int(...)\``);
  });

  test("two lines far apart, in the order of the file", () => {
    const source = fileWith({ 14: "  - name: page-all-critical", 31: "  - name: page-db" });
    const diagnostic: Diagnostic = {
      code: "ACT-R040",
      severity: "warning",
      summary: "rule `page-db` can never decide anything",
      span: spanOf(source, "page-db"),
      label: "unreachable",
      labels: [
        {
          span: spanOf(source, "name: page-all-critical"),
          text: "this earlier rule matches everything `page-db` matches",
        },
      ],
      notes: ["`acteon rules analyze --show page-db` prints an action that both match"],
      help: "move `page-db` above line 14, or narrow the earlier rule",
    };
    expect(render(diagnostic, source)).toBe(`warning[ACT-R040]: rule \`page-db\` can never decide anything
  --> rules/main.yaml:31:11
   |
14 |   - name: page-all-critical
   |     ----------------------- this earlier rule matches everything \`page-db\` matches
31 |   - name: page-db
   |           ^^^^^^^ unreachable
note: \`acteon rules analyze --show page-db\` prints an action that both match
help: move \`page-db\` above line 14, or narrow the earlier rule`);
  });

  test("a file that cannot be shown", () => {
    const source = fileWith({ 8: "      to: slack-ops" });
    const diagnostic: Diagnostic = {
      code: "ACT-P003",
      severity: "error",
      summary: "provider `slack-ops` is not configured",
      span: spanOf(source, "slack-ops", "rules/reroute.yaml"),
      notes: ["configured here: slack-oncall, console, mail"],
      help: "did you mean `slack-oncall`?",
    };
    expect(render(diagnostic, undefined)).toBe(`error[ACT-P003]: provider \`slack-ops\` is not configured
  --> rules/reroute.yaml:8:11
note: configured here: slack-oncall, console, mail
help: did you mean \`slack-oncall\`?`);
  });
});

describe("marks", () => {
  const finding = (source: string, words: string, more: Partial<Diagnostic> = {}): Diagnostic => ({
    code: "ACT-R001",
    severity: "error",
    summary: "s",
    span: spanOf(source, words),
    ...more,
  });
  const framed = (diagnostic: Diagnostic, source: string): readonly string[] =>
    render(diagnostic, source)
      .split("\n")
      .slice(3)
      .map((row) => row.slice(row.indexOf("|") + 2));

  test.each([
    ["a tab", "\ta: b", "b", ["    a: b", "       ^"]],
    ["wide characters", "日本語: x", "x", ["日本語: x", "        ^"]],
    ["a wide character itself", "a: 日本", "日本", ["a: 日本", "   ^^^^"]],
    ["an emoji of several code points", "👨‍👩‍👧 ok", "ok", ["👨‍👩‍👧 ok", "   ^^"]],
    ["a combining accent", "cafe\u0301: x", "x", ["cafe\u0301: x", "      ^"]],
    ["an escape sequence, which is shown and not sent", "\u001b[31m x", "x", ["␛[31m x", "      ^"]],
    ["text that would be shown from right to left", "a\u202eb x", "x", ["a\ufffdb x", "    ^"]],
  ])("stand below their text behind %s", (_what, source, words, rows) => {
    expect(framed(finding(source, words), source)).toEqual(rows);
  });

  test("of nothing is one caret, also behind the end of the line", () => {
    const source = "key:\r\n";
    const span = spanAt(createLineIndex(source), "f", 4, 4);
    expect(framed({ ...finding(source, "key"), span }, source)).toEqual(["key:", "    ^"]);
  });

  test("over several lines goes to the end of the first", () => {
    const source = "a: [1,\n 2]";
    expect(framed(finding(source, "[1,\n 2]"), source)).toEqual(["a: [1,", "   ^^^"]);
  });

  test("with texts in one line have the rightmost's behind them, and the others' below", () => {
    const source = "one two three";
    const rows = framed(
      finding(source, "two", {
        label: "here",
        labels: [
          { span: spanOf(source, "one"), text: "first" },
          { span: spanOf(source, "three"), text: "last" },
        ],
      }),
      source,
    );
    expect(rows).toEqual(["one two three", "--- ^^^ ----- last", "    here", "first"]);
  });

  test("in another file are told as notes", () => {
    const source = "name: a";
    const other = spanOf("x\n  name: a", "name", "rules/b.yaml");
    const text = render(finding(source, "a", { labels: [{ span: other, text: "first defined here" }] }), source);
    expect(text).toMatch(/\nnote: rules\/b\.yaml:2:3: first defined here$/);
  });

  test("the frame is as wide as the largest line number", () => {
    const source = fileWith({ 9: "first", 10_000: "second" });
    const text = render(finding(source, "second", { labels: [{ span: spanOf(source, "first"), text: "" }] }), source);
    expect(text.split("\n").slice(1)).toEqual([
      "     --> rules/main.yaml:10000:1",
      "      |",
      "    9 | first",
      "      | -----",
      "10000 | second",
      "      | ^^^^^^",
    ]);
  });
});

test("colour changes nothing but colour, and is there only when asked for", () => {
  const source = "a: b\nc: d";
  const diagnostic: Diagnostic = {
    code: "ACT-C001",
    severity: "warning",
    summary: "s",
    span: spanOf(source, "c"),
    label: "l",
    labels: [{ span: spanOf(source, "b"), text: "t" }],
    notes: ["n"],
    help: "h",
  };
  const coloured = renderDiagnostic(diagnostic, source, { colour: true });
  expect(coloured).toContain("\u001b[1;33m");
  expect(stripVTControlCharacters(coloured)).toBe(render(diagnostic, source));
  expect(render(diagnostic, source)).not.toContain("\u001b");
});

describe("a line index", () => {
  test.each([
    [0, 1, 1],
    [1, 1, 2],
    [2, 1, 3],
    [3, 2, 1],
    [4, 3, 1],
    [6, 3, 3],
    [99, 3, 3],
    [-1, 1, 1],
  ])("puts offset %d at %d:%d", (offset, line, column) => {
    expect(createLineIndex("ab\n\ncd").positionAt(offset)).toMatchObject({ line, column });
  });

  test("gives lines without their ends", () => {
    const lines = createLineIndex("ab\r\ncd\n");
    expect([0, 1, 2, 3, 4].map((line) => lines.lineText(line))).toEqual(["", "ab", "cd", "", ""]);
  });

  test("agrees with counting line ends", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r") }), fc.nat(20), (text, at) => {
        const before = text.slice(0, at).split("\n");
        expect(createLineIndex(text).positionAt(at)).toEqual({
          line: before.length,
          column: (before.at(-1)?.length ?? 0) + 1,
          offset: Math.min(at, text.length),
        });
      }),
    );
  });
});

test.each([
  ["abc", 3],
  ["ü", 1],
  ["日", 2],
  ["한글", 4],
  ["ﾊ", 1],
  ["Ａ", 2],
  ["😀", 2],
  ["❤️", 2],
  ["👍🏽", 2],
  ["e\u0301", 1],
  ["\u200b", 0],
])("%s takes %d cells", (text, cells) => {
  expect(displayWidth(text)).toBe(cells);
});
