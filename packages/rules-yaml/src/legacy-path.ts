import { suggest } from "@acteon/core";
import type { Span } from "@acteon/core";
import { field, literal, node, timeParts } from "@acteon/rules";
import type { Expr, Extent, Findings } from "@acteon/rules";

/**
 * A field path of the existing dialect (`wire-api.md` §26.5): dots part it, nothing else does. A missing key of a map is
 * null; a field of null, of a list or of a scalar is an error when the rule runs.
 */
export function legacyPath(findings: Findings, text: string, at: Extent): Expr {
  const span = findings.spanOf(at);
  const [root = "", ...steps] = text.split(".");
  const [first, ...rest] = steps;
  switch (root) {
    case "action":
      return fieldsOf(node({ kind: "action", path: [], missing: "nullKey", span }), steps);
    case "time": {
      const part = timeParts.find((name) => name === first);
      if (part !== undefined) return fieldsOf(node({ kind: "time", part, zone: undefined, span }), rest);
      if (first !== undefined) warnOfUnknown(findings, "a part of the time", first, timeParts, at);
      return fieldsOf(wholeTime(span), steps);
    }
    case "now":
      return fieldsOf(node({ kind: "now", as: "seconds", span }), steps);
    case "env":
    case "environment":
      // The map of all variables is asked for nothing: a map equals nothing, and neither does null.
      if (first === undefined) return literal(null, span);
      return fieldsOf(node({ kind: "env", name: first, missing: "nullKey", span }), rest);
    default:
      warnOfUnknown(findings, "a root of a path: it is read as an environment variable", root, roots, at);
      return fieldsOf(node({ kind: "env", name: root, missing: "error", span }), steps);
  }
}

function fieldsOf(of: Expr, names: readonly string[]): Expr {
  return names.reduce((value, name) => field(value, name, "nullKey", of.span), of);
}

function wholeTime(span: Span): Expr {
  const entries = timeParts.map((part): [Expr, Expr] => [
    literal(part, span),
    node({ kind: "time", part, zone: undefined, span }),
  ]);
  return node({ kind: "map", entries, span });
}

const roots = ["action", "time", "now", "env", "environment"];

/** What is never there is no mistake in this dialect, only probably one. */
function warnOfUnknown(findings: Findings, what: string, name: string, names: readonly string[], at: Extent): void {
  if (names.includes(name)) return;
  const near = suggest(name, names);
  findings.warning({
    code: "ACT-R024",
    at,
    summary: `unknown name \`${name}\``,
    label: `\`${name}\` is not ${what}`,
    help: near === undefined ? `known here: ${names.join(", ")}` : `did you mean \`${near}\`?`,
  });
}
