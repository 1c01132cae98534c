import type { Namespace, TenantId } from "@acteon/core";

/**
 * Every kind of entry, with the number of components of its id (guarantees K1). The letters are those of `design.md` §9.
 * A list here is the only place where a kind is added.
 */
export const keyKinds = {
  /** L: lock of an identity: action id, discriminator. */
  lock: 2,
  /** E: record of an unfinished execution of an identity: action id, discriminator. */
  execution: 2,
  /** D: dedup key. */
  dedup: 1,
  /** I: `Idempotency-Key`. */
  idempotency: 1,
  /** C: counter of a rule: name of the counter, window in ms (absent for one without). */
  counter: 2,
  /** C: throttle counter of a rule. */
  throttle: 1,
  /** A: outcome not yet in the audit trail: execution id. */
  pending_audit: 1,
  /** A dead letter: its id, the execution's. */
  dead_letter: 1,
  /** Parked work: execution id. */
  parked: 1,
  /** Entries that rules read by `state.get`, `state_seen`. */
  state: 1,
  /** Mark of a `suppress` that has a duration: rule name. */
  suppression: 1,
  /** A lock that is no action's identity: its name. */
  named_lock: 1,
} as const;

export type KeyKind = keyof typeof keyKinds;

/** A namespace and tenant, with their encoded form made once. Whoever holds one is limited to it (guarantees S2). */
export interface StateScope {
  readonly namespace: Namespace;
  readonly tenant: TenantId | undefined;
  /** K1 of both: `<namespace>/<tenant>`. */
  readonly text: string;
}

export interface StateKey {
  readonly kind: KeyKind;
  readonly scope: StateScope;
  /** As many as `keyKinds` says. An absent component and an empty one are two keys. */
  readonly id: readonly (string | undefined)[];
  /** K1, with K3 applied: `v1/<kind>/<namespace>/<tenant>/<id>…`. What memory, embedded, PostgreSQL and etcd use as it is. */
  readonly text: string;
}
