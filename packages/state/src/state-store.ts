import type { Brand } from "@acteon/core";
import type { ScanRange } from "./scan-range.ts";
import type { ConnectionCounts } from "./state-backend.ts";
import type { StateKey } from "./state-key.ts";

/** Which write of a key this is. Opaque, compared with `===`; never returns, not even after a deletion. */
export type Version = Brand<string | number, "Version">;

/** A backend's promise about acknowledged writes (`guarantees.md` §4): forgotten at exit; may be lost at failover; outlive the process; outlive a node. */
export type Durability = "process" | "lossy" | "host" | "strong";

export interface StateStore extends AsyncDisposable {
  readonly durability: Durability;
  /** `locks`: acquire, extend and release inside `apply`. `watch`: `watch` is there. */
  readonly capabilities: { readonly locks: boolean; readonly watch: boolean };
  /** Where there are connections. */
  connections?(): ConnectionCounts;
  /**
   * Each group takes effect whole or not at all; results in order. One round trip where the backend can. Groups are
   * independent of each other, and two groups on one key take effect in their order. A list, not a promise, when the
   * store answered at once. A call that was sent is awaited even if `signal` aborts.
   * @throws {StateUnavailableError} No answer: each of the groups may or may not have taken effect (guarantees L9).
   * @throws {unknown} `signal.reason`, if it had aborted before: nothing took effect.
   */
  apply(groups: readonly StateGroup[], options: ApplyOptions): readonly GroupResult[] | Promise<readonly GroupResult[]>;
  /** Live values of the range, in no promised order; no locks, no lists. What is written while it runs may or may not be seen. */
  scan(range: ScanRange, options: ApplyOptions): AsyncIterable<StateEntry>;
  /**
   * Changes from the call on, until `signal` aborts, which ends it without an error. Each is a hint: changes of one key may
   * be told as the last of them, an expiry is not told, and a reader that is slow may miss some.
   */
  watch?(range: ScanRange, options: ApplyOptions): AsyncIterable<StateChange>;
}

export interface ApplyOptions {
  readonly signal: AbortSignal;
}

/**
 * Operations that take effect together. Keys of one namespace and tenant where two or more write, no key or lock in two of
 * them (DynamoDB's transactions take neither), and an `acquire` before what is written under it: anything else is a bug of
 * the caller, and so are numbers out of range.
 */
export type StateGroup = readonly StateOperation[];

/**
 * A key holds a value (a count is the value that is its decimal text), a list, or a lock, and its kind says which: the
 * operations of one on a key of another are a bug of the caller. A value or member is well-formed text without U+0000. An
 * expired key is absent at once. `ttlMs` is a whole number ≥ 1; without it what is written stays for good, whatever TTL it had.
 */
export type StateOperation =
  | { readonly op: "get"; readonly key: StateKey }
  | {
      readonly op: "set";
      readonly key: StateKey;
      readonly value: string;
      readonly ttlMs?: number;
      readonly fence?: Fence;
    }
  /** With `expected`, refused unless that is the version. Deleting what is absent is done, and says so. Deletes a list too. */
  | { readonly op: "delete"; readonly key: StateKey; readonly expected?: Version; readonly fence?: Fence }
  /** Refused, with what is there, unless the key is absent. */
  | {
      readonly op: "checkAndSet";
      readonly key: StateKey;
      readonly value: string;
      readonly ttlMs?: number;
      readonly fence?: Fence;
    }
  /**
   * The TTL starts at the first hit. Refused, with the count that stands, if the sum would pass `atMost` (2^53 − 1 unless
   * said), and with what is there if that is no count. Read back by `get` as decimal text.
   */
  | {
      readonly op: "increment";
      readonly key: StateKey;
      readonly delta: number;
      readonly ttlMs?: number;
      readonly atMost?: number;
      readonly fence?: Fence;
    }
  | {
      readonly op: "compareAndSwap";
      readonly key: StateKey;
      readonly expected: Version | "absent";
      readonly value: string;
      readonly ttlMs?: number;
      readonly fence?: Fence;
    }
  /**
   * Refused while another owner's lease lives, and also while this owner's does (not re-entrant). `fenced`: the store
   * keeps the token of this name after release, because writes will carry it (`Fence`); without it a released lock
   * leaves nothing behind.
   */
  | {
      readonly op: "acquire";
      readonly lock: StateKey;
      readonly owner: string;
      readonly leaseMs: number;
      readonly fenced?: boolean;
    }
  /** The lease ends `leaseMs` from now. Answers `lost`, and does not refuse the group, when it is over or another's (guarantees L7). */
  | { readonly op: "extend"; readonly lock: StateKey; readonly owner: string; readonly leaseMs: number }
  /** Answers `lost`, and does not refuse the group, when the lease is over or another's. */
  | { readonly op: "release"; readonly lock: StateKey; readonly owner: string }
  /** Sets or moves the due time (wall clock) of `key` in `index`. A hint, as in `guarantees.md` §2. */
  | { readonly op: "indexDue"; readonly index: DueIndex; readonly key: StateKey; readonly dueAtMs: number }
  /** `deleted`, or `absent`. */
  | { readonly op: "unindexDue"; readonly index: DueIndex; readonly key: StateKey }
  /** Up to `limit` entries due at `nowMs` (wall clock), earliest first; they stay, and are due again at `nowMs + holdMs` unless unindexed; a hold of 0 looks and moves nothing. Over all tenants: alone in its group. */
  | {
      readonly op: "takeDue";
      readonly index: DueIndex;
      readonly nowMs: number;
      readonly limit: number;
      readonly holdMs: number;
    }
  /** Adds a member to the list under `key`; the TTL starts at the first member. Refused if the list would be longer than `atMost`. */
  | {
      readonly op: "append";
      readonly key: StateKey;
      readonly value: string;
      readonly ttlMs?: number;
      readonly atMost?: number;
      readonly fence?: Fence;
    }
  /** The list in the order of its appends, empty when absent. */
  | { readonly op: "members"; readonly key: StateKey };

/**
 * The token under which a write is made: refused (`staleToken`) if the store knows a larger one of that lock (guarantees L3).
 * Looked at before anything else of its operation.
 */
export interface Fence {
  readonly lock: StateKey;
  readonly token: bigint;
}

export const dueIndexes = ["timeout", "chain_ready", "retry", "schedule", "group"] as const;

export type DueIndex = (typeof dueIndexes)[number];

/** A value, and for how long it lives on: whole ms, rounded up; `undefined` when for good. */
export interface StoredValue {
  readonly value: string;
  readonly version: Version;
  readonly remainingMs: number | undefined;
}

export type OperationResult =
  | ({ readonly kind: "found" } & StoredValue)
  | { readonly kind: "absent" }
  | { readonly kind: "stored"; readonly version: Version }
  | { readonly kind: "deleted" }
  | { readonly kind: "counted"; readonly count: number; readonly remainingMs: number | undefined }
  | { readonly kind: "acquired"; readonly token: bigint }
  | { readonly kind: "extended" }
  | { readonly kind: "released" }
  | { readonly kind: "lost" }
  | { readonly kind: "indexed" }
  | { readonly kind: "due"; readonly entries: readonly { readonly key: StateKey; readonly dueAtMs: number }[] }
  | { readonly kind: "appended"; readonly size: number }
  | { readonly kind: "list"; readonly values: readonly string[] };

/** Why a group was refused: what stood in the way of the operation `at`. */
export type Refusal =
  | ({ readonly kind: "found" } & StoredValue)
  | { readonly kind: "absent" }
  | { readonly kind: "counted"; readonly count: number; readonly remainingMs: number | undefined }
  /** For how long the lease lives on unless it is extended, where the backend can tell. */
  | { readonly kind: "held"; readonly remainingMs: number | undefined }
  | { readonly kind: "staleToken"; readonly token: bigint }
  | { readonly kind: "full"; readonly size: number };

export type GroupResult =
  | { readonly kind: "done"; readonly results: readonly OperationResult[] }
  /** Nothing of the group was written. `at` is its first operation that could not be. */
  | { readonly kind: "refused"; readonly at: number; readonly found: Refusal };

export interface StateEntry extends StoredValue {
  readonly key: StateKey;
}

/** A lock that became free, or a key that changed or went. */
export interface StateChange {
  readonly key: StateKey;
  readonly kind: "set" | "deleted" | "released";
}
