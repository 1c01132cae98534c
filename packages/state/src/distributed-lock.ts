import { LockTimeoutError, OverloadedError } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import { createLockGuard, provableUntilMs } from "./lock-guard.ts";
import type { LockGuard } from "./lock-guard.ts";
import { LockQueue } from "./lock-queue.ts";
import type { LockWaiter } from "./lock-queue.ts";
import { applyOne } from "./operations.ts";
import type { StateKey } from "./state-key.ts";
import type { StateStore } from "./state-store.ts";

/** Locks by name, over a store (guarantees §4, L1-L9). Locks that are taken within `apply` have the same names. Not re-entrant. */
export interface DistributedLock {
  /**
   * Waits for the lock.
   * @throws {LockTimeoutError} Not free within `waitMs`.
   * @throws {OverloadedError} `maxWaitersPerName` wait already.
   * @throws {StateUnavailableError} No answer: not acquired (guarantees L7, L9).
   * @throws {unknown} `signal.reason`, once it aborts: not acquired.
   * @throws {RangeError} `leaseMs` is not a whole number from 500 to 600,000: a bug of the caller.
   */
  acquire(name: StateKey, options: AcquireOptions): Promise<LockGuard>;
  /** `undefined` if it is held. Throws as `acquire` does. */
  tryAcquire(name: StateKey, options: TryAcquireOptions): Promise<LockGuard | undefined>;
}

export interface TryAcquireOptions {
  readonly leaseMs: number;
  readonly signal: AbortSignal;
}

export interface AcquireOptions extends TryAcquireOptions {
  /** 0: one try. */
  readonly waitMs: number;
}

export interface LockPorts {
  readonly clock: Clock;
  readonly random: Random;
}

/** Bounds of guarantees L9, in ms. */
const minLeaseMs = 500;
const maxLeaseMs = 600_000;

/** Bounds of guarantees L8, in ms. */
const firstPollMs = 25;
const slowestPollMs = 400;

/** @param options.maxWaitersPerName How many of this process may wait for one lock (guarantees O1). */
export function createDistributedLock(
  store: Pick<StateStore, "apply" | "watch">,
  { clock, random, maxWaitersPerName = 1_000 }: LockPorts & { readonly maxWaitersPerName?: number },
): DistributedLock {
  return new StoreLock(store, { clock, random, maxWaitersPerName });
}

class StoreLock implements DistributedLock {
  readonly #store: Pick<StateStore, "apply" | "watch">;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #maxWaitersPerName: number;
  /** By `StateKey.text`; a name is here only while somebody waits for it. */
  readonly #queues = new Map<string, LockQueue>();
  /** A request that was sent is not given up: what it did would not be known. */
  readonly #always = new AbortController().signal;

  constructor(
    store: Pick<StateStore, "apply" | "watch">,
    { clock, random, maxWaitersPerName }: LockPorts & { readonly maxWaitersPerName: number },
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#random = random;
    this.#maxWaitersPerName = maxWaitersPerName;
  }

  async acquire(name: StateKey, { leaseMs, waitMs, signal }: AcquireOptions): Promise<LockGuard> {
    checkLease(leaseMs);
    const untilMs = this.#clock.monotonicMs() + waitMs;
    // Who comes while others wait does not go before them.
    const guard = this.#queues.has(name.text) ? undefined : await this.tryAcquire(name, { leaseMs, signal });
    if (guard !== undefined) return guard;
    const queue = this.#queueOf(name);
    const waiter = queue.join();
    try {
      return await this.#waitFor(name, { queue, waiter, untilMs, waitMs, leaseMs, signal });
    } finally {
      queue.leave(waiter);
      if (queue.size === 0) this.#queues.delete(name.text);
    }
  }

  async tryAcquire(name: StateKey, { leaseMs, signal }: TryAcquireOptions): Promise<LockGuard | undefined> {
    checkLease(leaseMs);
    signal.throwIfAborted();
    const owner = this.#random.uuid();
    const askedAtMs = this.#clock.monotonicMs();
    const token = await this.#ask(name, owner, leaseMs);
    if (token === undefined) return undefined;
    const lease = { name, owner, token, leaseMs, askedAtMs };
    if (signal.aborted || this.#clock.monotonicMs() >= provableUntilMs(askedAtMs, leaseMs)) {
      await this.#giveBack(name, owner);
      signal.throwIfAborted();
      return undefined; // the answer took as long as the lease (guarantees L4)
    }
    return createLockGuard(this.#store, this.#clock, lease, () => this.#queues.get(name.text)?.wakeFirst());
  }

  /** The token, or `undefined` while another holds the lock. */
  async #ask(name: StateKey, owner: string, leaseMs: number): Promise<bigint | undefined> {
    const operation = { op: "acquire", lock: name, owner, leaseMs, fenced: true } as const;
    try {
      const answer = await applyOne(this.#store, operation, { signal: this.#always });
      return answer.kind === "acquired" ? answer.token : undefined;
    } catch (error) {
      await this.#giveBack(name, owner);
      throw error;
    }
  }

  /** Guarantees L7: whatever came of an acquire that counts as not acquired, it is released. */
  async #giveBack(name: StateKey, owner: string): Promise<void> {
    try {
      await applyOne(this.#store, { op: "release", lock: name, owner }, { signal: this.#always });
    } catch {
      // What the caller is to hear is why the acquire failed; a lease that stays behind ends by itself.
    }
  }

  #queueOf(name: StateKey): LockQueue {
    const queue = this.#queues.get(name.text) ?? new LockQueue(this.#store, name);
    if (queue.size >= this.#maxWaitersPerName)
      throw new OverloadedError(`${queue.size} already wait for one lock`, { retryAfterMs: slowestPollMs });
    this.#queues.set(name.text, queue);
    return queue;
  }

  async #waitFor(name: StateKey, wait: LockWait): Promise<LockGuard> {
    const { queue, waiter, untilMs, leaseMs, signal } = wait;
    for (let polls = 0; ;) {
      const leftMs = untilMs - this.#clock.monotonicMs();
      if (leftMs <= 0) throw new LockTimeoutError(wait.waitMs);
      const pollMs = this.#random.next() * Math.min(slowestPollMs, firstPollMs * 2 ** polls); // full jitter
      const reason = await waiter.pause(this.#clock, queue.isFirst(waiter) ? Math.min(pollMs, leftMs) : leftMs, signal);
      signal.throwIfAborted();
      if (queue.isFirst(waiter) && reason !== "first") {
        const guard = await this.tryAcquire(name, { leaseMs, signal });
        if (guard !== undefined) return guard;
        polls++;
      }
    }
  }
}

function checkLease(leaseMs: number): void {
  if (!Number.isInteger(leaseMs) || leaseMs < minLeaseMs || leaseMs > maxLeaseMs)
    throw new RangeError(`a lease of ${leaseMs} ms: a whole number from ${minLeaseMs} to ${maxLeaseMs} is needed`);
}

interface LockWait extends AcquireOptions {
  readonly queue: LockQueue;
  readonly waiter: LockWaiter;
  /** Monotonic. */
  readonly untilMs: number;
}

/** One lock, taken once: `createDistributedLock` for callers that keep none. */
export function acquireLock(
  store: Pick<StateStore, "apply" | "watch">,
  name: StateKey,
  { clock, random, ...options }: AcquireOptions & LockPorts,
): Promise<LockGuard> {
  return createDistributedLock(store, { clock, random }).acquire(name, options);
}

/** The same without waiting; `undefined` if it is held. */
export function tryAcquireLock(
  store: Pick<StateStore, "apply" | "watch">,
  name: StateKey,
  { clock, random, ...options }: TryAcquireOptions & LockPorts,
): Promise<LockGuard | undefined> {
  return createDistributedLock(store, { clock, random }).tryAcquire(name, options);
}
