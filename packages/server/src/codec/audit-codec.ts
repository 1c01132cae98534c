import type { AuditRecord } from "@acteon/audit";
import { matchedRule } from "@acteon/audit";
import type { ActionOutcome, JsonValue } from "@acteon/core";
import { outcomeCategory, unreachable } from "@acteon/core";
import { instantToWire, offsetInstantToWire } from "./instant-codec.ts";

/** A record of the trail as `GET /v1/audit` shows it (`wire-api.md` §7.1). @param ttlMs How long records are kept. */
export function auditRecordToWire(record: AuditRecord, ttlMs: number | undefined): JsonValue {
  const { action, outcome } = record;
  return {
    id: record.id,
    action_id: action.id,
    chain_id: null,
    namespace: action.namespace,
    tenant: action.tenant ?? null,
    provider: action.provider,
    action_type: action.actionType,
    verdict: record.verdict,
    matched_rule: matchedRule(record.verdict, record.rule?.name) ?? null,
    outcome: outcomeCategory(outcome),
    action_payload: action.payload,
    verdict_details: { verdict: record.verdict },
    outcome_details: outcomeDetails(outcome),
    metadata: metadataToWire(record),
    dispatched_at: instantToWire(record.dispatchedAtMs),
    completed_at: instantToWire(record.completedAtMs),
    duration_ms: Math.round(record.completedAtMs - record.dispatchedAtMs),
    expires_at: ttlMs === undefined ? null : instantToWire(record.dispatchedAtMs + ttlMs),
    caller_id: record.callerId,
    auth_method: record.authMethod,
    record_hash: null,
    previous_hash: null,
    sequence_number: null,
    attachment_metadata: action.attachments.map(({ id, name, filename, contentType, dataBase64 }) => ({
      id,
      name,
      filename,
      content_type: contentType,
      size_bytes: Buffer.byteLength(dataBase64, "base64"),
    })),
    signature: action.signature ?? null,
    signer_id: action.signerId ?? null,
    kid: action.kid ?? null,
    canonical_hash: null,
    // Ours, beyond the table: where the rule stands, what it was decided from, and how the execution went.
    rule: record.rule === undefined ? null : { name: record.rule.name, file: record.rule.file, line: record.rule.line },
    rule_set_hash: record.ruleSetHash,
    facts: record.facts.map(([kind, key, answer]) => ({ kind, key, answer })),
    attempts: record.attempts.map((attempt) => ({
      number: attempt.number,
      provider: attempt.provider,
      started_at: instantToWire(attempt.startedAtMs),
      duration_ms: attempt.durationMs,
      result: attempt.result,
    })),
    late_answer: record.lateAnswer,
  };
}

function metadataToWire({ action }: AuditRecord): Readonly<Record<string, string>> {
  const marks: readonly (readonly [string, string | undefined])[] = [
    ["__dedup_key", action.dedupKey],
    ["__fingerprint", action.fingerprint],
    ["__status", action.status],
    ["__starts_at", action.startsAt],
    ["__ends_at", action.endsAt],
  ];
  const own = Object.entries(action.metadata);
  const set = marks.filter((mark): mark is readonly [string, string] => mark[1] !== undefined);
  return Object.fromEntries([...own, ...set]);
}

/** `wire-api.md` §7.2. */
function outcomeDetails(outcome: ActionOutcome): JsonValue {
  switch (outcome.kind) {
    case "executed":
      return { status: capitalised[outcome.response.status] };
    case "failed": {
      const { code, message, retryable } = outcome.error;
      return { code, message, retryable, attempts: outcome.attempts };
    }
    case "suppressed":
      return { rule: outcome.rule };
    case "rerouted":
      return { original_provider: outcome.from, new_provider: outcome.to };
    case "throttled":
      return { retry_after_secs: Math.ceil(outcome.retryAfterMs / 1_000) };
    case "deduplicated":
    case "dryRun":
      return {};
    case "grouped":
      return {
        group_id: outcome.groupId,
        group_size: outcome.groupSize,
        notify_at: offsetInstantToWire(outcome.notifyAtMs),
      };
    case "stateChanged":
      return {
        fingerprint: outcome.fingerprint,
        previous_state: outcome.previousState,
        new_state: outcome.newState,
        notify: outcome.notify,
      };
    case "pendingApproval":
      return {
        approval_id: outcome.approvalId,
        expires_at: offsetInstantToWire(outcome.expiresAtMs),
        notification_sent: outcome.notificationSent,
      };
    case "chainStarted":
      return {
        chain_id: outcome.chainId,
        chain_name: outcome.chainName,
        total_steps: outcome.totalSteps,
        first_step: outcome.firstStep,
      };
    case "circuitOpen":
      return { provider: outcome.provider, fallback_chain: outcome.fallbackChain };
    case "scheduled":
      return { action_id: outcome.actionId, scheduled_for: offsetInstantToWire(outcome.scheduledForMs) };
    case "quotaExceeded":
      return {
        tenant: outcome.tenant,
        limit: outcome.limit,
        used: outcome.used,
        overage_behavior: outcome.overageBehavior,
      };
    case "silenced":
      return { silence_id: outcome.silenceId, matched_rule: outcome.rule ?? null };
    case "muted":
      return { interval: outcome.interval, reason: outcome.reason, matched_rule: outcome.rule ?? null };
    default:
      return unreachable(outcome);
  }
}

const capitalised = { success: "Success", failure: "Failure", partial: "Partial" } as const;
