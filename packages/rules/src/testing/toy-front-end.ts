import type { Diagnostic, Span } from "@acteon/core";
import { errorAt } from "../diagnostics/finding.ts";
import type { RuleFrontEnd } from "../front-end.ts";
import { literal, node } from "../ir/build.ts";
import type { Rule } from "../ir/rule.ts";

/**
 * A rule language as small as can be, for tests of what loads rules: a line a rule, `name priority provider`, which
 * suppresses what goes to that provider. `!` begins a line that is wrong.
 */
export const toyFrontEnd: RuleFrontEnd = {
  language: "toy",
  extensions: [".toy"],
  parse(text, file) {
    const lines = linesOf(text, file).filter(({ content }) => content.trim() !== "");
    const diagnostics = lines
      .filter(({ content }) => content.startsWith("!"))
      .map(({ span }): Diagnostic => errorAt("ACT-R001", span, { summary: "this line is wrong" }));
    if (diagnostics.length > 0) return { kind: "rejected", diagnostics };
    return { kind: "parsed", rules: lines.map(ruleOf), diagnostics };
  },
};

interface Line {
  readonly content: string;
  readonly span: Span;
}

function linesOf(text: string, file: string): readonly Line[] {
  let offset = 0;
  return text.split("\n").map((content, i) => {
    const start = { line: i + 1, column: 1, offset };
    const end = { line: i + 1, column: content.length + 1, offset: offset + content.length };
    offset = end.offset + 1;
    return { content, span: { file, start, end } };
  });
}

function ruleOf({ content, span }: Line, order: number): Rule {
  const [name = "", priority = "0", provider = "slack"] = content.split(" ");
  const left = node({ kind: "action", path: ["provider"], missing: "null", span });
  return node({
    kind: "rule",
    name,
    nameSpan: span,
    span,
    order,
    language: "toy",
    legacy: false,
    priority: Number(priority),
    enabled: true,
    description: undefined,
    metadata: {},
    timezone: undefined,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    onError: "fail",
    condition: node({ kind: "compare", op: "eq", left, right: literal(provider, span), semantics: "plain", span }),
    verdict: node({ kind: "suppress", reason: undefined, duration: undefined, span }),
  });
}
