import type { Diagnostic } from "@acteon/core";
import { maxRounds } from "../compile/frame.ts";
import { errorAt } from "../diagnostics/finding.ts";
import { childrenOf } from "../ir/children.ts";
import type { Expr } from "../ir/expr.ts";
import type { Rule } from "../ir/rule.ts";
import { checkBool, unknownZone, validateExpr } from "./validate-expr.ts";
import type { ExprChecks } from "./validate-expr.ts";
import { validateVerdict, verdictExpressions } from "./validate-verdict.ts";

/** Everything that is wrong with one rule by itself, in source order. */
export function validateRule(rule: Rule, environment: Pick<ExprChecks, "builtins" | "zones">): readonly Diagnostic[] {
  const checks = { ...environment, legacy: rule.legacy };
  const found = [...validateExpr(rule.condition, checks)];
  // What is too deep to look at is too deep for the rest, too.
  if (found.some(({ code }) => code === "ACT-R002")) return found;
  checkBool(rule.condition, { ...checks, report: (diagnostic) => found.push(diagnostic) });
  found.push(...validateVerdict(rule, checks), ...headerFindings(rule, checks));
  for (const expr of [rule.condition, ...verdictExpressions(rule.verdict)]) {
    if (roundsOf(expr) > maxRounds) found.push(tooManyRounds(expr));
  }
  return found.toSorted((a, b) => a.span.start.offset - b.span.start.offset);
}

function headerFindings(rule: Rule, { zones, legacy }: ExprChecks): readonly Diagnostic[] {
  const { name, nameSpan, priority, timezone } = rule;
  const found: Diagnostic[] = [];
  if (name === "") found.push(errorAt("ACT-R005", nameSpan, { summary: "a rule needs a name" }));
  if (!Number.isInteger(priority) || Math.abs(priority) > 2_147_483_647) {
    found.push(errorAt("ACT-R007", nameSpan, { summary: "out_of_range: a priority is a whole number of 32 bits" }));
  }
  if (timezone !== undefined && zones.clockOf(timezone) === undefined) {
    // The rule keeps no place of it.
    found.push({ ...unknownZone(timezone, nameSpan, legacy), label: "the time zone of this rule" });
  }
  if (rule.muteTimeIntervals.length + rule.activeTimeIntervals.length > 0) {
    found.push(
      errorAt("ACT-R012", rule.span, {
        summary: "time intervals are not built yet",
        label: "this rule has `mute_time_intervals` or `active_time_intervals`",
      }),
    );
  }
  return found;
}

/** How many rounds of reads its value may take, one after another: a key with a value from the store takes one more. */
function roundsOf(expr: Expr): number {
  const below = childrenOf(expr).reduce((most, child) => Math.max(most, roundsOf(child)), 0);
  switch (expr.kind) {
    case "stateSeen":
    case "stateEntry":
    case "stateCounter":
    case "stateTimeSince":
      return below + 1;
    default:
      return below;
  }
}

function tooManyRounds({ span }: Expr): Diagnostic {
  return errorAt("ACT-R023", span, {
    summary: "state keys that depend on one another too deeply",
    label: `more than ${maxRounds} rounds of reads, one after another`,
  });
}
