import type { JsonObject, JsonValue } from "@acteon/core";
import type { ClauseTrace, Explanation, RuleTrace, StateFact } from "@acteon/rules";
import { timeToWire } from "./time-codec.ts";

/** The answer of `POST /v1/rules/evaluate` (`wire-api.md` §6.4), and of `acteon explain -o json`. */
export interface WireExplanation {
  readonly verdict: string;
  readonly matched_rule?: string;
  /** Ours: of a suppression, or the message of an error. */
  readonly reason?: string;
  /** Ours: the rule that did not match and lacked the least. */
  readonly nearest_miss?: string;
  readonly has_errors: boolean;
  readonly total_rules_evaluated: number;
  readonly total_rules_skipped: number;
  readonly evaluation_duration_us: number;
  readonly trace: readonly WireTrace[];
  readonly context: JsonObject;
  readonly modified_payload?: JsonValue;
}

export interface WireTrace {
  readonly rule_name: string;
  readonly priority: number;
  readonly enabled: boolean;
  readonly condition_display: string;
  readonly result: "matched" | "not_matched" | "skipped" | "error";
  readonly evaluation_duration_us: number;
  /** The tag of its verdict. */
  readonly action: string;
  /** `rules/a.yaml:3`. */
  readonly source: string;
  readonly description?: string;
  readonly skip_reason?: "disabled" | "earlier_rule_matched";
  readonly error?: string;
  readonly modified_payload_preview?: JsonValue;
  // Ours, from here on.
  readonly language?: string;
  /** Of `earlier_rule_matched`: that rule. */
  readonly skipped_by?: string;
  /** The error counts as not matched. */
  readonly error_skipped?: true;
  /** Of `not_matched`. */
  readonly why?: "index" | "condition" | "gate" | "function";
  /** Of `index`: what the action would have to be. */
  readonly wanted?: readonly { readonly display: string; readonly value: JsonValue; readonly wanted: JsonValue }[];
  readonly clauses?: readonly WireClause[];
}

/** What a clause of a condition saw. */
export interface WireClause {
  readonly display: string;
  readonly line: number;
  readonly column: number;
  readonly outcome: "true" | "false" | "undefined" | "error" | "not_evaluated";
  readonly message?: string;
  readonly values: readonly { readonly display: string; readonly value: JsonValue }[];
  readonly clauses: readonly WireClause[];
}

export interface ExplanationContext {
  readonly nowMs: number;
  /** IANA name. */
  readonly timezone: string;
  readonly durationMs: number;
  readonly includeDisabled: boolean;
  readonly evaluateAll: boolean;
}

export function explanationToWire(explanation: Explanation, context: ExplanationContext): WireExplanation {
  const { decision, rule, verdict, reason, rules, nearestMiss } = explanation;
  const shown = rules.filter(({ enabled }) => enabled || context.includeDisabled);
  const failed = rules.some(({ result }) => result.kind === "error");
  const skipped = shown.filter(({ result }) => result.kind === "skipped").length;
  const trace = shown.map((entry) => traceToWire(entry, context.evaluateAll));
  const keys = decision.facts.map(({ read }) => keyText(read));
  const payload = decision.end.kind === "execute" ? decision.end.payload : undefined;
  return {
    verdict,
    ...(rule === undefined || verdict === "error" ? {} : { matched_rule: rule.name }),
    ...(reason === undefined ? {} : { reason }),
    ...(nearestMiss === undefined ? {} : { nearest_miss: nearestMiss.rule.name }),
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

function traceToWire(entry: RuleTrace, evaluateAll: boolean): WireTrace {
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
    ...resultToWire(result),
    ...(evaluateAll && entry.modifiedPayload !== undefined ? { modified_payload_preview: entry.modifiedPayload } : {}),
    language: entry.language,
    clauses: clauses.map(clauseToWire),
  };
}

function resultToWire(result: RuleTrace["result"]): Partial<WireTrace> {
  switch (result.kind) {
    case "matched":
      return {};
    case "notMatched":
      return { why: result.why, ...(result.wanted.length > 0 && { wanted: result.wanted }) };
    case "error":
      return { error: result.message, ...(result.skipped && { error_skipped: true }) };
    case "skipped":
      return result.reason === "disabled"
        ? { skip_reason: result.reason }
        : { skip_reason: result.reason, skipped_by: result.by.name };
  }
}

function clauseToWire({ display, span, outcome, message, values, clauses }: ClauseTrace): WireClause {
  return {
    display,
    line: span.start.line,
    column: span.start.column,
    outcome: outcome === "notEvaluated" ? "not_evaluated" : outcome,
    ...(message === undefined ? {} : { message }),
    values,
    clauses: clauses.map(clauseToWire),
  };
}

/** Stands for the default, that an action which no rule matches is executed. */
const fallthrough: WireTrace = {
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
