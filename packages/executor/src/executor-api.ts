import type { Action, Failure, FailureCode, ProviderResponse } from "@acteon/core";
import type { Provider } from "@acteon/provider";

/** Carries one action out: attempts, backoff, budgets, concurrency (guarantees G3, G4, O4). */
export interface Executor {
  /** A result, not a promise, when the provider answered at once. Never rejects: what goes wrong is in the result. */
  execute(call: ProviderCall): ExecutionResult | Promise<ExecutionResult>;
  readonly health: ProviderHealthView;
}

export interface ProviderCall {
  readonly provider: Provider;
  readonly action: Action;
  /** Hashed when a provider asks (guarantees G3). */
  idempotencyKey(): string;
  /** Attempts made by earlier holders of this execution: 0 for a new one. */
  readonly attemptsBefore: number;
  /** Wall clock: when the earliest of those began that may have had its effect (guarantees G4); absent: none may. */
  readonly ambiguousSinceAtMs?: number | undefined;
  /** Aborts when the lock is lost: no further call, and the call under way is aborted. */
  readonly signal: AbortSignal;
  /** Aborts on drain: no further attempt is begun; an execution in backoff ends as `parked`. */
  readonly draining: AbortSignal;
  /** Monotonic ms; no attempt begins after it. */
  readonly deadlineMs: number | undefined;
  /**
   * Asked right before each provider call, synchronously (guarantees L5). False, as also once `signal` has aborted: no call.
   * @param nowMs Monotonic, just read: whoever judges a lease by it need not read the clock again.
   */
  mayCall(nowMs: number): boolean;
  /**
   * Asked before each attempt but the first of this call, when its time has come: the record must not lag behind the wire
   * (`design.md` §9, 8). False, or a rejection: stop, another holder took over or may.
   * @param attempt Its number, from 1 over the whole execution.
   */
  beforeRetry(attempt: number): Promise<boolean>;
}

export type ExecutionResult = { readonly attempts: readonly AttemptRecord[]; readonly durationMs: number } & (
  | { readonly kind: "answered"; readonly response: ProviderResponse }
  /** Certain and permanent. */
  | { readonly kind: "failed"; readonly failure: Failure }
  /** Attempts or deadline used up, or the outcome is unknown and the provider holds: a dead letter. */
  | {
      readonly kind: "dead";
      readonly reason: "attempts_exhausted" | "deadline" | "outcome_unknown";
      readonly failure: Failure;
      /** Some attempt may have had its effect: a redrive keeps the idempotency key. */
      readonly outcomeUnknown: boolean;
    }
  /** `mayCall` or `beforeRetry` said no, or `signal` aborted. */
  | { readonly kind: "lost" }
  /** Drained while in backoff, or before a place was free. Both instants: wall clock. */
  | {
      readonly kind: "parked";
      readonly nextAtMs: number;
      readonly failure: Failure;
      readonly ambiguousSinceAtMs: number | undefined;
    }
);

export interface AttemptRecord {
  /** From 1 over the whole execution. */
  readonly number: number;
  readonly provider: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** `answered`, or the failure's code. */
  readonly result: "answered" | FailureCode;
}

/** What was seen of each provider: metrics, and what `env.*` answers to rules. */
export interface ProviderHealthView {
  circuitOpen(provider: string): boolean;
  latencyP99Ms(provider: string): number | undefined;
  failureRate(provider: string): number;
  snapshot(provider: string): ProviderStats;
}

export interface ProviderStats {
  readonly requests: number;
  readonly successes: number;
  readonly failures: number;
  readonly avgLatencyMs: number;
  readonly p50LatencyMs: number;
  readonly p95LatencyMs: number;
  readonly p99LatencyMs: number;
  readonly lastRequestAtMs: number | undefined;
  readonly lastError: string | undefined;
}
