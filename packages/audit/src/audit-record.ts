import type { Action, ActionOutcome, RuleRef } from "@acteon/core";

/**
 * One dispatch, as the trail keeps it: enough to decide again exactly (issue 1). `id` is the execution's, so that a row
 * written twice is one row (guarantees G9).
 */
export interface AuditRecord {
  /** A UUID of version 7. */
  readonly id: string;
  /** As it arrived. */
  readonly action: Action;
  /** The verdict tag of `wire-api.md` §5.4. */
  readonly verdict: string;
  /** The rule that decided, also where the wire shows none (`wire-api.md` §4, “matched_rule rule”). */
  readonly rule: RuleRef | undefined;
  readonly ruleSetHash: string;
  /** State facts read on the way: `[kind, key, answer]`. */
  readonly facts: readonly (readonly [kind: string, key: string, answer: string | number | null])[];
  readonly outcome: ActionOutcome;
  readonly attempts: readonly AuditAttempt[];
  readonly dispatchedAtMs: number;
  readonly completedAtMs: number;
  /** `""` without authentication. */
  readonly callerId: string;
  readonly authMethod: "jwt" | "api_key" | "anonymous" | "";
  /** Set when this execution lost its lock and its late answer changed nothing (guarantees C19). */
  readonly lateAnswer: boolean;
}

export interface AuditAttempt {
  readonly number: number;
  readonly provider: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** How it ended: `answered`, or the failure's code. */
  readonly result: string;
}
