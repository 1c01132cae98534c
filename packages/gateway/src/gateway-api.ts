import type { Action, ActionInput, ActionOutcome, ActeonError, RuleRef } from "@acteon/core";
import type { AuditRecord } from "@acteon/audit";
import type { ProviderHealth } from "@acteon/provider";

/** What a caller may say about one dispatch or batch. */
export interface DispatchOptions {
  /** The caller has left, or waits no longer. Claimed work goes on (guarantees O3). */
  readonly signal?: AbortSignal;
  /** Guarantees G5; item `i` of a batch has `<key>/<i>`. */
  readonly idempotencyKey?: string;
  /** On the gateway's monotonic clock; past it and unclaimed: `deadline_exceeded`. */
  readonly deadlineMs?: number;
  readonly dryRun?: boolean;
  /** For `dispatchActions`: one action of its own, whose `Idempotency-Key` has no index. */
  readonly single?: boolean;
  /** Who asked, for the audit trail. */
  readonly caller?: { readonly id: string; readonly method: AuditRecord["authMethod"] };
}

/** One item of a batch: its outcome, or why there is none. */
export type DispatchResult =
  | {
      readonly kind: "outcome";
      readonly outcome: ActionOutcome;
      readonly rule: RuleRef | undefined;
      /** The stored answer of an earlier request with this `Idempotency-Key`. */ readonly replayed: boolean;
    }
  | { readonly kind: "refused"; readonly error: ActeonError };

/** The gateway, as library, server and tests use it. */
export interface Gateway extends AsyncDisposable {
  /** @throws {ActeonError} Nothing was accepted, or the outcome is not known yet; `retryable` says whether to send again. */
  dispatch(input: ActionInput, options?: DispatchOptions): Promise<ActionOutcome>;
  /** One result per index, in order (guarantees G8). */
  dispatchBatch(inputs: readonly ActionInput[], options?: DispatchOptions): Promise<readonly DispatchResult[]>;
  /** The same for actions that are checked already: what the server calls. */
  dispatchActions(actions: readonly Action[], options?: DispatchOptions): Promise<readonly DispatchResult[]>;
  healthCheck(options?: { readonly signal?: AbortSignal }): Promise<GatewayHealth>;
  metrics(): GatewayMetrics;
  /** @throws {RuleLoadError} The old rules stay. */
  reloadRules(): Promise<{ readonly rules: number }>;
  readonly deadLetters: DeadLetters;
  /** Stop taking, finish up to `drainMs`, park or answer the rest (guarantees O7). Idempotent; disposing calls it. */
  drain(): Promise<void>;
}

export interface GatewayHealth {
  readonly ready: boolean;
  /** Why not, when not ready. */
  readonly reasons: readonly string[];
  readonly providers: Readonly<Record<string, ProviderHealth>>;
}

/** Counters since start, by the names of `wire-api.md` §29. */
export interface GatewayMetrics {
  readonly counters: Readonly<Record<string, number>>;
  readonly inFlight: number;
  readonly queued: number;
  readonly audit: { readonly buffered: number; readonly dropped: number; readonly written: number };
  readonly providers: Readonly<
    Record<
      string,
      {
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
    >
  >;
}

export interface DeadLetter {
  /** The execution's. */
  readonly id: string;
  readonly action: Action;
  readonly reason: "attempts_exhausted" | "deadline" | "outcome_unknown";
  readonly error: { readonly code: string; readonly message: string };
  readonly attempts: number;
  readonly diedAtMs: number;
}

/** Durable; a letter leaves only by `requeue` or `discard`, and keeps its dedup key until then. */
export interface DeadLetters {
  list(filter?: {
    readonly namespace?: string;
    readonly tenant?: string;
    readonly limit?: number;
  }): AsyncIterable<DeadLetter>;
  get(id: string): Promise<DeadLetter | undefined>;
  /** Executes it again: the same idempotency key while the outcome is unknown, else a new execution. */
  requeue(id: string): Promise<DispatchResult | undefined>;
  discard(id: string): Promise<boolean>;
}
