import { literal, node } from "@acteon/rules";
import type { Compare, Expr, Findings } from "@acteon/rules";

import { renamed } from "./keys.ts";
import type { Hint } from "./keys.ts";
import { exprOf } from "./when-value.ts";
import { flagOf, listOf, textOf, wrongType } from "./values.ts";
import type { YamlEntry } from "./yaml-node.ts";

type Operator = (findings: Findings, subject: Expr, entry: YamlEntry) => Expr | undefined;

/**
 * What a `field` or a `state.counter` is asked. Of what is absent every one of them is false, but `not_equals`, `not_in`
 * and `exists: false`; a wrong type (order between text and a number, `contains` of a number) is an error of the rule.
 */
export const whenOperators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["equals", comparison("eq")],
  ["not_equals", comparison("ne")],
  ["greater_than", comparison("gt")],
  ["at_least", comparison("ge")],
  ["less_than", comparison("lt")],
  ["at_most", comparison("le")],
  ["contains", predicate("contains")],
  ["starts_with", predicate("startsWith")],
  ["ends_with", predicate("endsWith")],
  ["matches", matches],
  ["in", membership],
  ["not_in", (findings, subject, entry) => negated(membership(findings, subject, entry))],
  ["exists", exists],
]);

/** Those that make sense of a number. */
export const counterOperators: readonly string[] = [
  "equals",
  "not_equals",
  "greater_than",
  "at_least",
  "less_than",
  "at_most",
];

/** The same operators under the names that other languages and the existing dialect have for them. */
export const operatorHints: ReadonlyMap<string, Hint> = new Map(
  [
    ["eq", "equals"],
    ["is", "equals"],
    ["ne", "not_equals"],
    ["is_not", "not_equals"],
    ["gt", "greater_than"],
    ["gte", "at_least"],
    ["greater_than_or_equal", "at_least"],
    ["lt", "less_than"],
    ["lte", "at_most"],
    ["less_than_or_equal", "at_most"],
    ["regex", "matches"],
    ["in_list", "in"],
    ["one_of", "in"],
  ].map(([theirs = "", ours = ""]) => [theirs, renamed("operator", ours)]),
);

function comparison(op: Compare["op"]): Operator {
  const isOrder = op !== "eq" && op !== "ne";
  return (findings, left, entry) => {
    const { value } = entry;
    if (value.kind === "scalar" && value.value === null) {
      findings.error({
        code: "ACT-R010",
        at: { start: entry.keyStart, end: entry.keyEnd },
        summary: `\`${entry.key}\` needs a value`,
        help: "to ask whether something is there at all, write `exists: true` or `exists: false`",
      });
      return undefined;
    }
    if (isOrder && (value.kind !== "scalar" || typeof value.value === "boolean")) {
      return wrongType(findings, entry.key, value, "a number or text");
    }
    const right = exprOf(findings, value);
    return right && node({ kind: "compare", op, left, right, semantics: "plain", span: spanOf(findings, entry) });
  };
}

function predicate(name: string): Operator {
  return (findings, subject, entry) => {
    const { value } = entry;
    if (value.kind !== "scalar" || value.value === null) return wrongType(findings, entry.key, value, "text");
    // A list may hold numbers and flags too, so only what asks for a part of a text insists on text.
    if (name !== "contains" && typeof value.value !== "string") return wrongType(findings, entry.key, value, "text");
    const argument = exprOf(findings, value);
    return (
      argument &&
      node({ kind: "call", name, args: [subject, argument], semantics: "plain", span: spanOf(findings, entry) })
    );
  };
}

/** The pattern stands as it is: `{{` in it has no meaning, so that a pattern is compiled, and refused, at load. */
function matches(findings: Findings, subject: Expr, entry: YamlEntry): Expr | undefined {
  const pattern = textOf(findings, entry);
  if (pattern === undefined) return undefined;
  const args = [subject, literal(pattern, findings.spanOf(entry.value))];
  return node({ kind: "call", name: "matches", args, semantics: "plain", span: spanOf(findings, entry) });
}

function membership(findings: Findings, item: Expr, entry: YamlEntry): Expr | undefined {
  const list = listOf(findings, entry);
  const collection = list && exprOf(findings, list);
  return collection && node({ kind: "in", item, collection, semantics: "plain", span: spanOf(findings, entry) });
}

function exists(findings: Findings, left: Expr, entry: YamlEntry): Expr | undefined {
  const expected = flagOf(findings, entry);
  if (expected === undefined) return undefined;
  const span = spanOf(findings, entry);
  return node({
    kind: "compare",
    op: expected ? "ne" : "eq",
    left,
    right: literal(null, span),
    semantics: "plain",
    span,
  });
}

function negated(operand: Expr | undefined): Expr | undefined {
  return operand && node({ kind: "not", operand, semantics: "plain", span: operand.span });
}

function spanOf(findings: Findings, { keyStart, value }: YamlEntry) {
  return findings.spanOf({ start: keyStart, end: value.end });
}
