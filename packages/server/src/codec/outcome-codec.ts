import { matchedRule } from "@acteon/audit";
import type { ActionOutcome, Failure, JsonValue, ProviderResponse } from "@acteon/core";
import { unreachable } from "@acteon/core";
import { instantToWire } from "./instant-codec.ts";

/** How an outcome is spelt on the wire (`wire-api.md` §4), and nowhere else: tagged from outside, in PascalCase. */
export function outcomeToWire(outcome: ActionOutcome): JsonValue {
  switch (outcome.kind) {
    case "executed":
      return { Executed: responseToWire(outcome.response) };
    case "deduplicated":
      return "Deduplicated";
    case "suppressed":
      return { Suppressed: { rule: outcome.rule } };
    case "rerouted":
      return {
        Rerouted: {
          original_provider: outcome.from,
          new_provider: outcome.to,
          response: responseToWire(outcome.response),
        },
      };
    case "throttled":
      return { Throttled: { retry_after: durationToWire(outcome.retryAfterMs) } };
    case "failed":
      return { Failed: failureToWire(outcome.error, outcome.attempts) };
    case "dryRun":
      return {
        DryRun: {
          verdict: outcome.verdict,
          matched_rule: matchedRule(outcome.verdict, outcome.rule) ?? null,
          would_be_provider: outcome.provider,
        },
      };
    case "grouped":
      return {
        Grouped: {
          group_id: outcome.groupId,
          group_size: outcome.groupSize,
          notify_at: instantToWire(outcome.notifyAtMs),
        },
      };
    case "stateChanged":
      return {
        StateChanged: {
          fingerprint: outcome.fingerprint,
          previous_state: outcome.previousState,
          new_state: outcome.newState,
          notify: outcome.notify,
        },
      };
    case "pendingApproval":
      return {
        PendingApproval: {
          approval_id: outcome.approvalId,
          expires_at: instantToWire(outcome.expiresAtMs),
          approve_url: outcome.approveUrl,
          reject_url: outcome.rejectUrl,
          notification_sent: outcome.notificationSent,
        },
      };
    case "chainStarted":
      return {
        ChainStarted: {
          chain_id: outcome.chainId,
          chain_name: outcome.chainName,
          total_steps: outcome.totalSteps,
          first_step: outcome.firstStep,
        },
      };
    case "scheduled":
      return {
        Scheduled: { action_id: outcome.actionId, scheduled_for: instantToWire(outcome.scheduledForMs) },
      };
    case "quotaExceeded":
      return {
        QuotaExceeded: {
          tenant: outcome.tenant,
          limit: outcome.limit,
          used: outcome.used,
          overage_behavior: outcome.overageBehavior,
        },
      };
    case "silenced":
      return { Silenced: { silence_id: outcome.silenceId, matched_rule: outcome.rule ?? null } };
    case "muted":
      return {
        Muted: { interval: outcome.interval, reason: outcome.reason, matched_rule: outcome.rule ?? null },
      };
    case "circuitOpen":
      return { CircuitOpen: { provider: outcome.provider, fallback_chain: outcome.fallbackChain } };
    default:
      return unreachable(outcome);
  }
}

/**
 * The JSON text of an outcome. The two outcomes of nearly every action are put together from parts; the rest goes
 * through `outcomeToWire`.
 */
export function outcomeText(outcome: ActionOutcome): string {
  switch (outcome.kind) {
    case "executed":
      return executedText(outcome.response);
    case "deduplicated":
      return '"Deduplicated"';
    default:
      return JSON.stringify(outcomeToWire(outcome));
  }
}

/** The same as an element of a batch, where `Deduplicated` is an object: every SDK reads that (`wire-api.md` §4.1, 30 no. 5). */
export function outcomeElementText(outcome: ActionOutcome): string {
  return outcome.kind === "deduplicated" ? '{"Deduplicated":null}' : outcomeText(outcome);
}

/** A fraction of a second is lost nowhere: `Throttled.retry_after` has nanoseconds. */
function durationToWire(ms: number): JsonValue {
  const secs = Math.floor(ms / 1_000);
  return { secs, nanos: Math.round((ms - secs * 1_000) * 1e6) };
}

function executedText({ status, body, headers }: ProviderResponse): string {
  return `{"Executed":{"status":"${status}","body":${JSON.stringify(body)},"headers":${headersText(headers)}}}`;
}

function headersText(headers: ProviderResponse["headers"]): string {
  for (const _ in headers) return JSON.stringify(headers);
  return "{}";
}

function responseToWire({ status, body, headers }: ProviderResponse): JsonValue {
  return { status, body, headers };
}

function failureToWire({ code, message, retryable }: Failure, attempts: number): JsonValue {
  return { code, message, retryable, attempts };
}
