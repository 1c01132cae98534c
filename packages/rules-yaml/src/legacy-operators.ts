import { jsonExpr, literal, node } from "@acteon/rules";
import type { Compare, Expr, Findings } from "@acteon/rules";

import { jsonOf, listOf, textOf, wrongType } from "./values.ts";
import type { YamlEntry } from "./yaml-node.ts";

type Operator = (findings: Findings, subject: Expr, entry: YamlEntry) => Expr | undefined;

/** The operators of the existing dialect (`wire-api.md` §26.4). What they mean is `legacy` semantics, in the engine. */
export const legacyOperators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["eq", comparison("eq")],
  ["ne", comparison("ne")],
  ["gt", order("gt")],
  ["gte", order("ge")],
  ["lt", order("lt")],
  ["lte", order("le")],
  ["contains", predicate("contains")],
  ["starts_with", predicate("startsWith")],
  ["ends_with", predicate("endsWith")],
  ["matches", predicate("matches")],
  ["in_list", membership],
]);

function comparison(op: Compare["op"]): Operator {
  return (findings, left, entry) => {
    const right = jsonExpr(jsonOf(entry.value), findings.spanOf(entry.value));
    return node({ kind: "compare", op, left, right, semantics: "legacy", span: spanOf(findings, entry) });
  };
}

function order(op: Compare["op"]): Operator {
  const compare = comparison(op);
  return (findings, left, entry) => {
    const { value } = entry;
    const isOrdered = value.kind === "scalar" && typeof value.value !== "boolean";
    return isOrdered ? compare(findings, left, entry) : wrongType(findings, entry.key, value, "a number or text");
  };
}

function predicate(name: string): Operator {
  return (findings, subject, entry) => {
    const text = textOf(findings, entry);
    if (text === undefined) return undefined;
    const args = [subject, literal(text, findings.spanOf(entry.value))];
    return node({ kind: "call", name, args, semantics: "legacy", span: spanOf(findings, entry) });
  };
}

function membership(findings: Findings, item: Expr, entry: YamlEntry): Expr | undefined {
  const list = listOf(findings, entry);
  if (list === undefined) return undefined;
  const collection = jsonExpr(jsonOf(list), findings.spanOf(list));
  return node({ kind: "in", item, collection, semantics: "legacy", span: spanOf(findings, entry) });
}

function spanOf(findings: Findings, { keyStart, value }: YamlEntry) {
  return findings.spanOf({ start: keyStart, end: value.end });
}
