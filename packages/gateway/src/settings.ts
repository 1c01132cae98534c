/** Bounds and times of one gateway (guarantees O1: every queue and wait has a name here). */
export interface GatewaySettings {
  /** Lease of an identity's lock; 500 … 600 000. */
  readonly leaseMs: number;
  /** How long an arrival waits for its identity, at the door and at the lock together. */
  readonly waitMs: number;
  /** Dispatches accepted and not yet closed; one more is refused as `overloaded`. */
  readonly maxInFlight: number;
  /** Arrivals waiting at the door behind one identity. */
  readonly maxWaitersPerIdentity: number;
  /** Actions taken in by one turn of the event loop; a longer batch goes on in the next. */
  readonly maxActionsPerTurn: number;
  readonly maxCallsInFlight: number;
  readonly maxOperationsPerCall: number;
  readonly maxGroupsPerCall: number;
  /** UTF-16 units of values in one call. */
  readonly maxCallChars: number;
  /** One call to the store, for those that do not answer at once. */
  readonly storeTimeoutMs: number;
  /** How long the answer under an `Idempotency-Key` is kept, from the moment it is known. */
  readonly idempotencyTtlMs: number;
  /** How long a `held` entry lives on a store of class `lossy`, which may forget the record that would release it. */
  readonly maxHoldMs: number;
  /** Outcomes not yet in the audit trail under audit mode `required`; more are refused. */
  readonly maxPendingAudit: number;
  /** How long `drain` waits for what is in flight. */
  readonly drainMs: number;
  readonly auditMode: "best_effort" | "required";
  /** `env.NAME` of the existing rule dialect. */
  readonly variables: Readonly<Record<string, string>>;
}

export const defaultSettings: GatewaySettings = {
  leaseMs: 30_000,
  waitMs: 5_000,
  maxInFlight: 5_000,
  maxWaitersPerIdentity: 1_000,
  maxActionsPerTurn: 128,
  maxCallsInFlight: 2,
  maxOperationsPerCall: 1_000,
  maxGroupsPerCall: 512,
  maxCallChars: 1 << 20,
  storeTimeoutMs: 5_000,
  idempotencyTtlMs: 86_400_000,
  maxHoldMs: 3_600_000,
  maxPendingAudit: 100_000,
  drainMs: 30_000,
  auditMode: "best_effort",
  variables: {},
};
