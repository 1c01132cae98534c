import type { AuditRecord } from "@acteon/audit";
import type { Action, ActeonError, ActionOutcome, Failure, RuleRef } from "@acteon/core";
import type { AttemptRecord } from "@acteon/executor";
import type { Provider } from "@acteon/provider";
import type { Decision, Plan, RuleEnvironment, RuleSet } from "@acteon/rules";
import type { StateKey, StateScope, Version } from "@acteon/state";
import type { DispatchOptions, DispatchResult } from "./gateway-api.ts";
import type { KeyedGate } from "./gates.ts";
import type { Ports } from "./ports.ts";
import type { DeadLetterRecord, Work } from "./records.ts";

/** What the dispatches of one call have in common. */
export interface Slice {
  readonly options: DispatchOptions;
  readonly rules: RuleSet;
  readonly environment: RuleEnvironment;
  readonly arrivedAtMs: number;
  /** The same moment on the monotonic clock. */
  readonly arrivedMs: number;
  /** One action of its own, not an item of a batch: its `Idempotency-Key` has no index. */
  readonly single: boolean;
}

/** Who waits for the result of a dispatch. */
export interface Receiver {
  deliver(index: number, result: DispatchResult): void;
}

/** What a finished execution leaves behind, by how it ended (`design.md` §9, 9). */
export type Ending =
  | { readonly kind: "committed" }
  | { readonly kind: "failed" }
  | {
      readonly kind: "dead";
      readonly reason: DeadLetterRecord["reason"];
      readonly failure: Failure;
      readonly outcomeUnknown: boolean;
    }
  /** Drained while in backoff: E stays, and the attempt is made later. */
  | { readonly kind: "parked"; readonly nextAtMs: number; readonly ambiguousSinceAtMs: number | undefined }
  /** The lock could not be proven held: E stays as it is, for whoever takes over. */
  | { readonly kind: "lost" };

export const noAttempts: readonly AttemptRecord[] = [];
const noGates: readonly KeyedGate[] = [];

/**
 * One execution on its way through the stages (`design.md` §9): what it is, and how far it has come. Mutable, owned by
 * the pipeline; every field is set here so that all of them share one hidden class.
 */
export class Dispatch {
  /** The execution id: its epoch (guarantees G5), its audit record's id, and the owner of its lock. */
  readonly id: string;
  /** Owner text of the lock: the execution id, except for one that takes over another's execution. */
  readonly owner: string;
  readonly action: Action;
  readonly scope: StateScope;
  readonly lock: StateKey;
  readonly slice: Slice;
  readonly receiver: Receiver;
  readonly index: number;
  readonly ports: Ports;

  /** Others of the same identity that wait at the door behind this one. */
  waiters: Dispatch[] | undefined = undefined;
  atDoor = false;
  /** Cancels whatever wakes a waiting dispatch. */
  cancelWait: (() => void) | undefined = undefined;

  /** Where the rules began: `open` starts from here, again after a busy lock. */
  plan: Plan | undefined = undefined;
  /** A later round of reads, asked for once the lock is held. */
  round: Plan | undefined = undefined;
  decision: Decision | undefined = undefined;
  /** The gates of the claim that was sent, in its order. */
  gates: readonly KeyedGate[] = noGates;
  provider: Provider | undefined = undefined;
  digest: string | undefined = undefined;
  /** The execution's id, unless it is redriven: then the trail has a row of that id already. */
  auditId: string;
  /** Set for a recorded execution: what E says. */
  work: Work | undefined = undefined;
  workText = "";

  /** L is held, until `validUntilMs` on the monotonic clock (guarantees L4). */
  locked = false;
  lockSentMs = 0;
  validUntilMs = 0;
  /** The version of E that this execution last wrote: its fence. `undefined`: there is no E. */
  recordVersion: Version | undefined = undefined;
  executionKey: StateKey | undefined = undefined;
  attemptsBefore = 0;
  /** Wall clock: the earliest attempt of an earlier holder that may have had its effect (guarantees G4). */
  ambiguousSinceAtMs: number | undefined = undefined;
  busyTries = 0;
  lookedForAnswer = false;
  /** The outcome is another execution's, which this one joined or lost to: its record is in the trail already. */
  recordedElsewhere = false;
  recoveries = 0;
  /** What refused the group and may be left by a lost execution: its key, at its version. */
  blocker: { readonly key: StateKey; readonly version: Version } | undefined = undefined;

  attempts: readonly AttemptRecord[] = noAttempts;
  verdict = "allow";
  rule: RuleRef | undefined = undefined;
  /** How an execution ended: what `close` writes. `undefined`: nothing was executed. */
  ending: Ending | undefined = undefined;
  /** The end: one of the two. */
  outcome: ActionOutcome | undefined = undefined;
  error: ActeonError | undefined = undefined;
  /** The outcome is that of an earlier request with the same `Idempotency-Key`. */
  replayed = false;
  /** The store left a group of this dispatch without an answer. */
  unanswered = false;
  record: AuditRecord | undefined = undefined;
  delivered = false;

  constructor(
    id: string,
    owner: string,
    action: Action,
    scope: StateScope,
    lock: StateKey,
    slice: Slice,
    receiver: Receiver,
    index: number,
    ports: Ports,
  ) {
    this.id = id;
    this.auditId = id;
    this.owner = owner;
    this.action = action;
    this.scope = scope;
    this.lock = lock;
    this.slice = slice;
    this.receiver = receiver;
    this.index = index;
    this.ports = ports;
  }

  get keyed(): boolean {
    return this.slice.options.idempotencyKey !== undefined;
  }
}
