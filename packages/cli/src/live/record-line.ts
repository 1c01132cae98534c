import type { AuditRecord } from "@acteon/audit";
import { formatDuration, outcomeCategory } from "@acteon/core";
import type { ActionOutcome } from "@acteon/core";
import type { Paint } from "../paint.ts";
import { visible } from "../paint.ts";
import { styleOf } from "../wire-outcome.ts";

/**
 * What became of an action, on one line: outcome, provider, how long it took, type and id; where a rule decided, also
 * its name and place, the key and the time that is left.
 */
export function recordLine(record: AuditRecord, nowMs: number, paint: Paint): string {
  const { action, outcome, rule } = record;
  const category = outcomeCategory(outcome);
  const parts = [
    paint(styleOf(category), category.padEnd(12)),
    visible(providerOf(record)),
    paint("dim", `${durationMs(record).toFixed(1)} ms`),
    visible(action.actionType),
    visible(action.id),
    ...detailsOf(outcome, nowMs).map(visible),
  ];
  if (rule !== undefined) parts.push(paint("dim", visible(`${rule.name}  ${rule.file}:${rule.line}`)));
  return parts.join("  ");
}

/** The same as data, for `-o json`. */
export function recordToJson(record: AuditRecord): object {
  const { action, outcome, rule, verdict } = record;
  return {
    event: "action",
    id: action.id,
    namespace: action.namespace,
    tenant: action.tenant ?? null,
    provider: providerOf(record),
    action_type: action.actionType,
    outcome: outcomeCategory(outcome),
    verdict,
    rule: rule === undefined ? null : { name: rule.name, file: rule.file, line: rule.line },
    duration_ms: Number(durationMs(record).toFixed(3)),
    ...factsOf(outcome),
  };
}

/** The one that was called, or would have been. */
function providerOf({ action, outcome }: AuditRecord): string {
  return outcome.kind === "rerouted" ? outcome.to : action.provider;
}

export function durationMs({ outcome, dispatchedAtMs, completedAtMs }: AuditRecord): number {
  return "durationMs" in outcome ? outcome.durationMs : Math.max(0, completedAtMs - dispatchedAtMs);
}

function detailsOf(outcome: ActionOutcome, nowMs: number): readonly string[] {
  switch (outcome.kind) {
    case "executed":
    case "rerouted":
      return [
        ...(outcome.response.status === "success" ? [] : [outcome.response.status]),
        ...(outcome.attempts > 1 ? [`${outcome.attempts} attempts`] : []),
      ];
    case "deduplicated": {
      const { key, expiresAtMs } = outcome;
      return [`key ${key}`, expiresAtMs === undefined ? "while it is held" : `${leftText(expiresAtMs - nowMs)} left`];
    }
    case "throttled":
      return [`again in ${leftText(outcome.retryAfterMs)}`];
    case "suppressed":
      return outcome.reason === undefined ? [] : [outcome.reason];
    case "failed":
      return [outcome.error.code, outcome.error.message, `${outcome.attempts} attempts`];
    default:
      return [];
  }
}

function factsOf(outcome: ActionOutcome): object {
  switch (outcome.kind) {
    case "deduplicated":
      return {
        key: outcome.key,
        expires_at: outcome.expiresAtMs === undefined ? null : new Date(outcome.expiresAtMs).toISOString(),
      };
    case "throttled":
      return { retry_after_ms: outcome.retryAfterMs };
    case "suppressed":
      return { reason: outcome.reason ?? null };
    case "failed":
      return { error: { code: outcome.error.code, message: outcome.error.message }, attempts: outcome.attempts };
    default:
      return {};
  }
}

/** Whole seconds. */
function leftText(ms: number): string {
  return formatDuration(Math.max(0, Math.ceil(ms / 1_000)) * 1_000);
}
