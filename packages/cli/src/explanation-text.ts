import type { JsonValue } from "@acteon/core";
import type { ClauseTrace, ClauseValue, Explanation, RuleTrace } from "@acteon/rules";
import type { Paint } from "./paint.ts";
import { visible } from "./paint.ts";

/** Why an action is decided as it is, a rule after the other, for a person. */
export function explanationText(explanation: Explanation, paint: Paint): string {
  const { verdict, rule, reason, rules, nearestMiss } = explanation;
  const by = rule === undefined ? "no rule has a say" : `${rule.name}  ${rule.file}:${rule.line}`;
  return [
    `${paint("strong", verdict)}  ${by}${reason === undefined ? "" : `  (${visible(reason)})`}`,
    "",
    ...rules.flatMap((trace) => ruleLines(trace, trace === nearestMiss, paint)),
  ].join("\n");
}

function ruleLines(trace: RuleTrace, isNearest: boolean, paint: Paint): readonly string[] {
  const { rule, verdict, result, clauses } = trace;
  const nearest = isNearest ? paint("warn", "  nearest miss") : "";
  const head = `${mark(trace, paint)} ${rule.name}  ${paint("dim", `${verdict}  ${rule.file}:${rule.line}`)}${nearest}`;
  const why = whyLine(trace);
  const wanted = result.kind === "notMatched" ? result.wanted.map((each) => `    ${wantedText(each)}`) : [];
  return [
    head,
    ...(why === undefined ? [] : [`    ${visible(why)}`]),
    ...wanted,
    ...clauses.flatMap((clause) => clauseLines(clause, "    ", paint)),
  ];
}

function mark({ result }: RuleTrace, paint: Paint): string {
  switch (result.kind) {
    case "matched":
      return paint("good", "✓");
    case "notMatched":
      return "·";
    case "error":
      return paint("bad", "!");
    case "skipped":
      return paint("dim", "-");
  }
}

function whyLine({ result }: RuleTrace): string | undefined {
  switch (result.kind) {
    case "matched":
      return undefined;
    case "notMatched":
      if (result.why === "gate") return "all of it holds, and nothing is against sending it yet";
      return result.why === "function" ? "the function said that it does not match" : undefined;
    case "error":
      return `${result.message}${result.skipped ? " (taken as not matched)" : ""}`;
    case "skipped":
      return result.reason === "disabled" ? "switched off" : `not asked: ${result.by.name} decided`;
  }
}

function wantedText({ display, value, wanted }: ClauseValue & { readonly wanted: readonly JsonValue[] }): string {
  const words = wanted.map(jsonText);
  return `✗ ${display} is ${jsonText(value)}, and must be ${words.length === 1 ? "" : "one of "}${words.join(", ")}`;
}

function clauseLines(
  { display, outcome, message, values, clauses }: ClauseTrace,
  indent: string,
  paint: Paint,
): string[] {
  const saw = values.map(({ display: part, value }) => `${part} = ${jsonText(value)}`).join(", ");
  const said = [saw, message === undefined ? "" : visible(message)].filter((part) => part !== "").join("; ");
  const line = `${indent}${clauseMarks[outcome]} ${visible(display)}${said === "" ? "" : paint("dim", `   ${said}`)}`;
  return [line, ...clauses.flatMap((clause) => clauseLines(clause, `${indent}  `, paint))];
}

const clauseMarks = { true: "✓", false: "✗", undefined: "?", error: "!", notEvaluated: "-" } as const;

function jsonText(value: JsonValue): string {
  return visible(JSON.stringify(value));
}

/** The same as data. */
export function explanationToJson({ verdict, rule, reason, rules, nearestMiss }: Explanation): object {
  return {
    verdict,
    matched_rule: rule?.name ?? null,
    reason: reason ?? null,
    nearest_miss: nearestMiss?.rule.name ?? null,
    rules: rules.map(traceToJson),
  };
}

function traceToJson({ rule, priority, enabled, language, verdict, condition, result, clauses }: RuleTrace): object {
  return {
    name: rule.name,
    file: rule.file,
    line: rule.line,
    priority,
    enabled,
    language,
    verdict,
    condition,
    result: resultNames[result.kind],
    ...(result.kind === "notMatched" ? { why: result.why, wanted: result.wanted } : {}),
    ...(result.kind === "error" ? { error: result.message } : {}),
    ...(result.kind === "skipped" ? { skip_reason: result.reason } : {}),
    clauses: clauses.map(clauseToJson),
  };
}

const resultNames = { matched: "matched", notMatched: "not_matched", error: "error", skipped: "skipped" } as const;

function clauseToJson({ display, outcome, message, values, clauses }: ClauseTrace): object {
  return {
    display,
    outcome: outcome === "notEvaluated" ? "not_evaluated" : outcome,
    ...(message === undefined ? {} : { message }),
    values,
    clauses: clauses.map(clauseToJson),
  };
}
