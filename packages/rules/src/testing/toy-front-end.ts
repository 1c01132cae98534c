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
    const lines = text.split("\n").map((line, i) => ({ line, number: i + 1 }));
    const written = lines.filter(({ line }) => line.trim() !== "");
    const diagnostics = written
      .filter(({ line }) => line.startsWith("!"))
      .map(({ number }): Diagnostic => errorAt("ACT-R001", spanOf(file, number), { summary: "this line is wrong" }));
    if (diagnostics.length > 0) return { kind: "rejected", diagnostics };
    return {
      kind: "parsed",
      rules: written.map(({ line, number }, order) => ruleOf(line, number, order, file)),
      diagnostics,
    };
  },
};

function spanOf(file: string, line: number): Span {
  return { file, start: { line, column: 1, offset: 0 }, end: { line, column: 2, offset: 1 } };
}

function ruleOf(text: string, line: number, order: number, file: string): Rule {
  const [name = "", priority = "0", provider = "slack"] = text.split(" ");
  const span = spanOf(file, line);
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
