import type { Failure, ProviderResponse, Random } from "@acteon/core";
import { failure, maxRetryAfterMs } from "@acteon/provider";
import type { Provider, RetryAdvice } from "@acteon/provider";
import type { AttemptEnd } from "./attempt-end.ts";
import { backoffMs } from "./backoff.ts";
import type { ExecutorPolicy } from "./executor-policy.ts";

/** What follows on an attempt. */
export type NextStep =
  | { readonly kind: "answered"; readonly response: ProviderResponse }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "dead"; readonly reason: DeadReason; readonly failure: Failure; readonly outcomeUnknown: boolean }
  | { readonly kind: "retry"; readonly delayMs: number; readonly failure: Failure };

export type DeadReason = "attempts_exhausted" | "deadline" | "outcome_unknown";

export interface Situation {
  readonly provider: Pick<Provider, "dedup" | "onAmbiguous">;
  readonly policy: ExecutorPolicy;
  /** Attempts made over the whole execution, the one that ended included. */
  readonly attempts: number;
  /** Monotonic ms, as all here. Start of the earliest attempt that may have had its effect; `undefined`: none may. */
  readonly ambiguousSinceMs: number | undefined;
  readonly nowMs: number;
  /** No attempt begins at or after it. */
  readonly deadlineMs: number;
  readonly random: Random;
}

/** The retry loop's whole judgement, without time, chance or effect of its own (guarantees G4, O4). */
export function nextStep(end: AttemptEnd, situation: Situation): NextStep {
  const { policy, attempts, ambiguousSinceMs, nowMs, deadlineMs } = situation;
  const outcomeUnknown = ambiguousSinceMs !== undefined;
  switch (end.kind) {
    case "answered":
      return end;
    case "crashed":
      return { kind: "dead", reason: "outcome_unknown", failure: end.failure, outcomeUnknown: true };
    case "rejected":
      if (end.retry.kind === "never") return { kind: "failed", failure: end.failure };
      break;
    case "silent":
      break;
  }

  const delayMs = delayOf(end.kind === "rejected" ? end.retry : { kind: "backoff" }, situation);
  if (mustHold(situation, nowMs + delayMs)) return held(end.failure);
  if (attempts > policy.maxRetries)
    return { kind: "dead", reason: "attempts_exhausted", failure: end.failure, outcomeUnknown };
  if (nowMs + delayMs >= deadlineMs) return { kind: "dead", reason: "deadline", failure: end.failure, outcomeUnknown };
  return { kind: "retry", delayMs, failure: end.failure };
}

/**
 * Is an attempt at `atMs` one that only a person may order (guarantees G4)? An earlier one may have had its effect, the
 * provider holds in such a case, and the service no longer knows the idempotency key, if it ever did.
 */
export function mustHold(
  { provider, ambiguousSinceMs }: Pick<Situation, "provider" | "ambiguousSinceMs">,
  atMs: number,
): boolean {
  if (ambiguousSinceMs === undefined || provider.onAmbiguous === "retry") return false;
  return provider.dedup.kind === "none" || atMs - ambiguousSinceMs >= provider.dedup.windowMs;
}

/** The end of an execution that `mustHold`. Its failure is no longer one that a caller may answer by sending again. */
export function held({ code, message }: Failure): NextStep & { readonly kind: "dead" } {
  const unknown = failure("OUTCOME_UNKNOWN", `${code}: ${message}; it may have been carried out`);
  return { kind: "dead", reason: "outcome_unknown", failure: unknown, outcomeUnknown: true };
}

function delayOf(retry: RetryAdvice, { policy, attempts, random }: Situation): number {
  if (retry.kind === "after") return Math.min(retry.delayMs, maxRetryAfterMs);
  return backoffMs(attempts - 1, policy.backoff, () => random.next());
}
