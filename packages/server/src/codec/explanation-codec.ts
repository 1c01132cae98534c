import type { JsonObject, JsonValue } from "@acteon/core";
import type { Explanation, RuleTrace, StateFact } from "@acteon/rules";
import { timeToWire } from "./time-codec.ts";

export interface ExplanationContext {
  readonly nowMs: number;
  /** IANA name. */
  readonly timezone: string;
  readonly durationMs: number;
  readonly includeDisabled: boolean;
  readonly evaluateAll: boolean;
}

/** The answer of `POST /v1/rules/evaluate` (`wire-api.md` §6.4). */
export function explanationToWire(explanation: Explanation, context: ExplanationContext): JsonObject {
  const { decision, rule, verdict, rules } = explanation;
  const shown = rules.filter(({ enabled }) => enabled || context.includeDisabled);
  const failed = rules.some(({ result }) => result.kind === "error");
  const skipped = shown.filter(({ result }) => result.kind === "skipped").length;
  const trace = shown.map((entry) => traceToWire(entry, context.evaluateAll));
  const keys = decision.facts.map(({ read }) => keyText(read));
  const payload = decision.end.kind === "execute" ? decision.end.payload : undefined;
  return {
    verdict,
    ...(rule === undefined || verdict === "error" ? {} : { matched_rule: rule.name }),
    has_errors: failed,
    total_rules_evaluated: shown.length - skipped,
    total_rules_skipped: skipped,
    evaluation_duration_us: microseconds(context.durationMs),
    trace: rule === undefined && !failed ? [...trace, fallthrough] : trace,
    context: {
      time: timeToWire(context.nowMs, context.timezone),
      environment_keys: [],
      ...(keys.length === 0 ? {} : { accessed_state_keys: keys }),
      effective_timezone: context.timezone,
    },
    ...(verdict === "modify" && payload !== undefined ? { modified_payload: payload } : {}),
  };
}

function traceToWire(entry: RuleTrace, evaluateAll: boolean): JsonObject {
  const { rule, result, clauses } = entry;
  return {
    rule_name: rule.name,
    priority: entry.priority,
    enabled: entry.enabled,
    condition_display: entry.condition,
    result: result.kind === "notMatched" ? "not_matched" : result.kind,
    evaluation_duration_us: microseconds(entry.durationMs),
    action: entry.verdict,
    source: `${rule.file}:${rule.line}`,
    ...(entry.description === undefined ? {} : { description: entry.description }),
    ...(result.kind === "skipped" ? { skip_reason: result.reason } : {}),
    ...(result.kind === "error" ? { error: result.message } : {}),
    ...(evaluateAll && entry.modifiedPayload !== undefined ? { modified_payload_preview: entry.modifiedPayload } : {}),
    // Ours: what each clause saw.
    clauses: clauses.map(clauseToWire),
  };
}

function clauseToWire({ display, outcome, message, values, clauses }: RuleTrace["clauses"][number]): JsonObject {
  return {
    display,
    outcome: outcome === "notEvaluated" ? "not_evaluated" : outcome,
    ...(message === undefined ? {} : { message }),
    values: values.map(({ display: of, value }) => ({ display: of, value })),
    clauses: clauses.map(clauseToWire),
  };
}

/** Stands for the default, that an action which no rule matches is executed. */
const fallthrough: JsonValue = {
  rule_name: "(default fallthrough)",
  priority: 2_147_483_647,
  enabled: true,
  condition_display: "no rules matched",
  result: "matched",
  evaluation_duration_us: 0,
  action: "Allow",
  source: "System",
  description: "no rule matched, so the action is executed as it is",
};

function keyText(read: StateFact["read"]): string {
  switch (read.kind) {
    case "entry":
      return `state:${read.key}`;
    case "counter":
    case "count":
      return `counter:${read.key}`;
    case "seen":
      return `seen:${read.key}`;
    case "suppression":
    case "native":
      return `${read.kind}:${read.rule}`;
  }
}

function microseconds(ms: number): number {
  return Math.round(ms * 1_000);
}
