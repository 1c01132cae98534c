import type { JsonValue } from "@acteon/core";
import type { WireClause, WireExplanation, WireTrace } from "@acteon/server";
import type { Paint } from "./paint.ts";
import { visible } from "./paint.ts";

/** Why an action is decided as it is, a rule after the other, for a person. */
export function explanationText(explanation: WireExplanation, paint: Paint): string {
  const { verdict, reason, trace, nearest_miss: nearest } = explanation;
  const decider = deciderOf(explanation);
  const by = decider === undefined ? "no rule has a say" : `${decider.rule_name}  ${decider.source}`;
  const rules = trace.filter(({ source }) => source !== "System"); // the default, which the first line tells
  return [
    `${paint("strong", verdict)}  ${by}${reason === undefined ? "" : `  (${visible(reason)})`}`,
    "",
    ...rules.flatMap((rule) => ruleLines(rule, rule.rule_name === nearest, paint)),
  ].join("\n");
}

/** The rule that matched, or whose error ended the evaluation. */
function deciderOf({ matched_rule: matched, verdict, trace }: WireExplanation): WireTrace | undefined {
  return trace.find(({ rule_name: name, result, error_skipped: skipped = false }) =>
    verdict === "error" ? result === "error" && !skipped : name === matched,
  );
}

function ruleLines(rule: WireTrace, isNearest: boolean, paint: Paint): readonly string[] {
  const nearest = isNearest ? paint("warn", "  nearest miss") : "";
  const place = paint("dim", `${rule.action}  ${rule.source}`);
  const why = whyLine(rule);
  return [
    `${mark(rule, paint)} ${rule.rule_name}  ${place}${nearest}`,
    ...(why === undefined ? [] : [`    ${visible(why)}`]),
    ...(rule.wanted ?? []).map((each) => `    ${wantedText(each)}`),
    ...(rule.clauses ?? []).flatMap((clause) => clauseLines(clause, "    ", paint)),
  ];
}

function mark({ result }: WireTrace, paint: Paint): string {
  switch (result) {
    case "matched":
      return paint("good", "✓");
    case "not_matched":
      return "·";
    case "error":
      return paint("bad", "!");
    case "skipped":
      return paint("dim", "-");
  }
}

function whyLine({ result, why, error, error_skipped: skipped, skip_reason: reason, skipped_by: by }: WireTrace) {
  switch (result) {
    case "matched":
      return undefined;
    case "not_matched":
      if (why === "index") return "not asked: the index has it for other actions";
      if (why === "gate") return "all of it holds, and nothing is against sending it yet";
      return why === "function" ? "the function said that it does not match" : undefined;
    case "error":
      return `${error}${skipped ? " (taken as not matched)" : ""}`;
    case "skipped":
      return reason === "disabled" ? "switched off" : `not asked: ${by} decided`;
  }
}

function wantedText({ display, value, wanted }: NonNullable<WireTrace["wanted"]>[number]): string {
  const words = Array.isArray(wanted) ? wanted.map(jsonText) : [jsonText(wanted)];
  return `✗ ${display} is ${jsonText(value)}, and must be ${words.length === 1 ? "" : "one of "}${words.join(", ")}`;
}

function clauseLines(
  { display, outcome, message, values, clauses }: WireClause,
  indent: string,
  paint: Paint,
): string[] {
  const saw = values.map(({ display: part, value }) => `${part} = ${jsonText(value)}`).join(", ");
  const said = [saw, message === undefined ? "" : visible(message)].filter((part) => part !== "").join("; ");
  const line = `${indent}${clauseMarks[outcome]} ${visible(display)}${said === "" ? "" : paint("dim", `   ${said}`)}`;
  return [line, ...clauses.flatMap((clause) => clauseLines(clause, `${indent}  `, paint))];
}

const clauseMarks = { true: "✓", false: "✗", undefined: "?", error: "!", not_evaluated: "-" } as const;

function jsonText(value: JsonValue): string {
  return visible(JSON.stringify(value));
}
