import type { JsonValue } from "./json.ts";

/** What a provider answered. A `failure` status is still an answer: the wire calls it `Executed` (`wire-api.md` §5.5). */
export interface ProviderResponse {
  readonly status: "success" | "failure" | "partial";
  readonly body: JsonValue;
  readonly headers: Readonly<Record<string, string>>;
}

/** `wire-api.md` §4, “Failed codes”, and those of `guarantees.md` §8 that an accepted action can end with. */
export type FailureCode =
  | "PROVIDER_NOT_FOUND"
  | "NOT_FOUND"
  | "EXECUTION_FAILED"
  | "TIMEOUT"
  | "CONNECTION"
  | "CONFIGURATION"
  | "RATE_LIMITED"
  | "SERIALIZATION"
  | "ATTACHMENT_ERROR"
  | "ADDRESS_NOT_ALLOWED"
  | "REPLY_TOO_LARGE"
  | "REROUTE_LOOP"
  | "OUTCOME_UNKNOWN";

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly retryable: boolean;
}

/** The rule behind a verdict: its name and where it is written. */
export interface RuleRef {
  readonly name: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** What became of one dispatched action. Final, and written to the audit trail as it stands. */
export type ActionOutcome =
  | {
      readonly kind: "executed";
      readonly response: ProviderResponse;
      readonly durationMs: number;
      readonly attempts: number;
    }
  | {
      readonly kind: "deduplicated";
      readonly key: string;
      readonly originalAtMs: number;
      /** Absent while the first execution holds the key, or when it is kept for good. */
      readonly expiresAtMs: number | undefined;
    }
  | { readonly kind: "suppressed"; readonly rule: string; readonly reason: string | undefined }
  | {
      readonly kind: "rerouted";
      readonly from: string;
      readonly to: string;
      readonly response: ProviderResponse;
      readonly durationMs: number;
      readonly attempts: number;
    }
  | { readonly kind: "throttled"; readonly rule: string; readonly retryAfterMs: number }
  | { readonly kind: "failed"; readonly error: Failure; readonly attempts: number }
  | { readonly kind: "dryRun"; readonly verdict: string; readonly rule: string | undefined; readonly provider: string }
  | { readonly kind: "grouped"; readonly groupId: string; readonly groupSize: number; readonly notifyAtMs: number }
  | {
      readonly kind: "stateChanged";
      readonly fingerprint: string;
      readonly previousState: string;
      readonly newState: string;
      readonly notify: boolean;
    }
  | {
      readonly kind: "pendingApproval";
      readonly approvalId: string;
      readonly expiresAtMs: number;
      readonly approveUrl: string;
      readonly rejectUrl: string;
      readonly notificationSent: boolean;
    }
  | {
      readonly kind: "chainStarted";
      readonly chainId: string;
      readonly chainName: string;
      readonly totalSteps: number;
      readonly firstStep: string;
    }
  | { readonly kind: "scheduled"; readonly actionId: string; readonly scheduledForMs: number }
  | {
      readonly kind: "quotaExceeded";
      readonly tenant: string;
      readonly limit: number;
      readonly used: number;
      readonly overageBehavior: string;
    }
  | { readonly kind: "silenced"; readonly silenceId: string; readonly rule: string | undefined }
  | {
      readonly kind: "muted";
      readonly interval: string;
      readonly reason: "mute_time_interval" | "active_time_interval";
      readonly rule: string | undefined;
    }
  | { readonly kind: "circuitOpen"; readonly provider: string; readonly fallbackChain: readonly string[] };

export type OutcomeKind = ActionOutcome["kind"];

/** The category of an outcome in the audit trail and in stream filters (`wire-api.md` §4). */
export function outcomeCategory(outcome: ActionOutcome): OutcomeCategory {
  return outcomeCategories[outcome.kind];
}

export type OutcomeCategory = (typeof outcomeCategories)[OutcomeKind];

const outcomeCategories = {
  executed: "executed",
  deduplicated: "deduplicated",
  suppressed: "suppressed",
  rerouted: "rerouted",
  throttled: "throttled",
  failed: "failed",
  dryRun: "dry_run",
  grouped: "grouped",
  stateChanged: "state_changed",
  pendingApproval: "pending_approval",
  chainStarted: "chain_started",
  scheduled: "scheduled",
  quotaExceeded: "quota_exceeded",
  silenced: "silenced",
  muted: "muted",
  circuitOpen: "circuit_open",
} as const satisfies Record<OutcomeKind, string>;

/** For the `default` of a `switch` over a closed union: a new kind stops compiling there. */
export function unreachable(value: never): never {
  throw new TypeError(`unreachable: ${JSON.stringify(value)}`);
}
