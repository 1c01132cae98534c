import { StaleTokenError } from "@acteon/core";
import type { Clock } from "@acteon/core";
import { LockLostError } from "./lock-lost-error.ts";
import { applyOne } from "./operations.ts";
import type { StateKey } from "./state-key.ts";
import type { ApplyOptions, Fence, GroupResult, StateGroup, StateOperation, StateStore } from "./state-store.ts";

/**
 * A lock that is held, as far as its holder can know. It orders work; safety comes from the store, which refuses writes under
 * an old token (guarantees L3): those made through `apply`, or that carry `fence`.
 */
export interface LockGuard extends AsyncDisposable {
  readonly name: StateKey;
  /** Larger than that of every earlier holder (guarantees L2). */
  readonly fencingToken: bigint;
  /** For operations that are handed to a store directly. */
  readonly fence: Fence;
  /** Never used twice. */
  readonly owner: string;
  /**
   * Aborts when the lease can no longer be proven held: used up, another's, or released. The reason is a `LockLostError`, or a
   * `StaleTokenError` when the store refused a write.
   */
  readonly signal: AbortSignal;
  /** By the clock, at this moment (guarantees L5): to be asked right before an effect that cannot be taken back. */
  isHeld(): boolean;
  /** Groups of writes, each write with this guard's token. A refusal by a larger one ends the guard. */
  apply(groups: readonly StateGroup[], options: ApplyOptions): Promise<readonly GroupResult[]>;
  /** Renews now; the guard also does so by itself, at a third of the lease. False: the lease was over or another's, and the guard has ended. */
  extend(): Promise<boolean>;
  /** False: the lease was over or another's before. Released once, it answers the same again; without an answer it may be asked again. */
  release(): Promise<boolean>;
}

/** A lease that the store has just given. */
export interface AcquiredLease {
  readonly name: StateKey;
  readonly owner: string;
  readonly token: bigint;
  readonly leaseMs: number;
  /** Monotonic; the moment before the request left. */
  readonly askedAtMs: number;
}

/**
 * Up to when a lease is provably held, on the monotonic clock: counted from before the request left, less 1 % by which clocks
 * may differ and 5 ms that pass between looking and acting (guarantees L4).
 */
export function provableUntilMs(askedAtMs: number, leaseMs: number): number {
  return askedAtMs + leaseMs - (leaseMs / 100 + 5);
}

/** @param onReleased Told once the lock is free by this guard's doing, for those who wait in this process. */
export function createLockGuard(
  store: Pick<StateStore, "apply">,
  clock: Clock,
  lease: AcquiredLease,
  onReleased: () => void,
): LockGuard {
  return new StoreLockGuard(store, clock, lease, onReleased);
}

class StoreLockGuard implements LockGuard {
  readonly name: StateKey;
  readonly fencingToken: bigint;
  readonly fence: Fence;
  readonly owner: string;
  readonly #store: Pick<StateStore, "apply">;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #onReleased: () => void;
  readonly #ended = new AbortController();
  /** Renewal and release are sent whoever has lost interest. */
  readonly #always = new AbortController().signal;
  #provableUntilMs: number;
  #cancelExpiry: () => void;
  #cancelRenewal: () => void;
  /** The renewal that the timer began. */
  #renewal: Promise<void> = Promise.resolve();
  #release: Promise<boolean> | undefined;

  constructor(store: Pick<StateStore, "apply">, clock: Clock, lease: AcquiredLease, onReleased: () => void) {
    this.name = lease.name;
    this.fencingToken = lease.token;
    this.fence = { lock: lease.name, token: lease.token };
    this.owner = lease.owner;
    this.#store = store;
    this.#clock = clock;
    this.#leaseMs = lease.leaseMs;
    this.#onReleased = onReleased;
    this.#provableUntilMs = provableUntilMs(lease.askedAtMs, lease.leaseMs);
    this.#cancelExpiry = this.#armExpiry();
    this.#cancelRenewal = this.#armRenewal(this.#leaseMs / 3);
  }

  get signal(): AbortSignal {
    this.isHeld();
    return this.#ended.signal;
  }

  isHeld(): boolean {
    if (this.#clock.monotonicMs() >= this.#provableUntilMs) this.#end(new LockLostError("the lease was used up"));
    return !this.#ended.signal.aborted;
  }

  async apply(groups: readonly StateGroup[], options: ApplyOptions): Promise<readonly GroupResult[]> {
    this.signal.throwIfAborted();
    const results = await this.#store.apply(
      groups.map((group) => group.map((operation) => fenced(operation, this.fence))),
      options,
    );
    for (const result of results)
      if (result.kind === "refused" && result.found.kind === "staleToken") this.#end(new StaleTokenError());
    return results;
  }

  async extend(): Promise<boolean> {
    if (!this.isHeld()) return false;
    const askedAtMs = this.#clock.monotonicMs();
    const operation = { op: "extend", lock: this.name, owner: this.owner, leaseMs: this.#leaseMs } as const;
    const answer = await applyOne(this.#store, operation, { signal: this.#always });
    if (answer.kind !== "extended") this.#end(new LockLostError("the lease was over, or another's"));
    // The answer may have come too late, or have been overtaken by a release: what has ended does not begin again.
    if (!this.isHeld()) return false;
    const untilMs = provableUntilMs(askedAtMs, this.#leaseMs);
    this.#provableUntilMs = Math.max(this.#provableUntilMs, untilMs); // of two renewals the earlier may be answered last
    this.#cancelExpiry();
    this.#cancelExpiry = this.#armExpiry();
    this.#cancelRenewal();
    this.#cancelRenewal = this.#armRenewal(this.#leaseMs / 3);
    return true;
  }

  release(): Promise<boolean> {
    this.#release ??= this.#releaseOnce();
    return this.#release;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  async #releaseOnce(): Promise<boolean> {
    this.#end(new LockLostError("the lock was released"));
    const operation = { op: "release", lock: this.name, owner: this.owner } as const;
    try {
      return (await applyOne(this.#store, operation, { signal: this.#always })).kind === "released";
    } catch (error) {
      this.#release = undefined;
      throw error;
    } finally {
      this.#onReleased();
      await this.#renewal;
    }
  }

  /** Only tells those who wait for the signal: `isHeld` is by the clock, and a timer may fire late. */
  #armExpiry(): () => void {
    return this.#clock.after(this.#provableUntilMs - this.#clock.monotonicMs(), () => void this.isHeld());
  }

  #armRenewal(delayMs: number): () => void {
    return this.#clock.after(delayMs, () => {
      this.#renewal = this.#renew();
    });
  }

  async #renew(): Promise<void> {
    try {
      await this.extend();
    } catch {
      // No answer proves nothing either way. Ask again while the lease is provable; when it no longer is, the signal says so.
      if (this.isHeld()) this.#cancelRenewal = this.#armRenewal(this.#leaseMs / 12);
    }
  }

  #end(reason: LockLostError | StaleTokenError): void {
    if (this.#ended.signal.aborted) return;
    this.#cancelExpiry();
    this.#cancelRenewal();
    this.#ended.abort(reason);
  }
}

/** Indexes are hints and carry no token; reads need none; locks have their owner. */
function fenced(operation: StateOperation, fence: Fence): StateOperation {
  switch (operation.op) {
    case "set":
    case "delete":
    case "checkAndSet":
    case "increment":
    case "compareAndSwap":
    case "append":
      return { ...operation, fence };
    default:
      return operation;
  }
}
