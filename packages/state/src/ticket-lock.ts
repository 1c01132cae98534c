import { LockTimeoutError, OverloadedError } from "@acteon/core";
import type { AcquireOptions, DistributedLock, LockPorts, TryAcquireOptions } from "./distributed-lock.ts";
import type { LockGuard } from "./lock-guard.ts";
import type { StateKey } from "./state-key.ts";

/** Where a backend keeps, for all processes, who waits for which lock, in the order in which they came. */
export interface TicketQueue {
  /** Does anybody wait for that lock? @throws {StateUnavailableError} */
  isAwaited(lock: StateKey): Promise<boolean>;
  /** @param id Never used twice. @throws {StateUnavailableError} */
  take(lock: StateKey, id: string): Promise<Ticket>;
}

export interface Ticket {
  /** Until all who came before have left, and the lock is free. @throws {unknown} `signal.reason`; StateUnavailableError. */
  untilTurn(signal: AbortSignal): Promise<void>;
  /** Never throws. */
  leave(): Promise<void>;
}

export interface TicketLockOptions extends LockPorts {
  /** How many of this process may wait for one lock (guarantees O1); 1,000. */
  readonly maxWaitersPerName?: number;
}

/**
 * Locks by name, first come first served over all processes (guarantees L8): each waiter has a ticket and is woken by the one
 * before it, so that a release wakes one. Locks taken within `apply` have the same names, and do not queue.
 * @param locks Takes a lock that is free.
 */
export function createTicketLock(
  queue: TicketQueue,
  locks: Pick<DistributedLock, "tryAcquire">,
  { maxWaitersPerName = 1_000, ...ports }: TicketLockOptions,
): DistributedLock {
  return new TicketLock(queue, locks, { ...ports, maxWaitersPerName });
}

/** What whoever is turned away is told to wait. */
const retryAfterMs = 400;

class TicketLock implements DistributedLock {
  readonly #queue: TicketQueue;
  readonly #locks: Pick<DistributedLock, "tryAcquire">;
  readonly #options: Required<TicketLockOptions>;
  /** Of this process, by the text of the name; here only while somebody waits. */
  readonly #waiters = new Map<string, number>();

  constructor(queue: TicketQueue, locks: Pick<DistributedLock, "tryAcquire">, options: Required<TicketLockOptions>) {
    this.#queue = queue;
    this.#locks = locks;
    this.#options = options;
  }

  tryAcquire(name: StateKey, options: TryAcquireOptions): Promise<LockGuard | undefined> {
    return this.#locks.tryAcquire(name, options);
  }

  async acquire(name: StateKey, options: AcquireOptions): Promise<LockGuard> {
    const { waitMs, signal } = options;
    const untilMs = this.#options.clock.monotonicMs() + waitMs;
    // Who comes while others wait does not go before them.
    const others = this.#waiters.has(name.text) || (await this.#queue.isAwaited(name));
    const guard = others ? undefined : await this.#locks.tryAcquire(name, options);
    if (guard !== undefined) return guard;
    signal.throwIfAborted();
    const leftMs = untilMs - this.#options.clock.monotonicMs();
    if (leftMs <= 0) throw new LockTimeoutError(waitMs);
    this.#join(name);
    try {
      return await this.#waitFor(name, options, leftMs);
    } finally {
      this.#leave(name);
    }
  }

  async #waitFor(name: StateKey, options: AcquireOptions, leftMs: number): Promise<LockGuard> {
    const { clock, random } = this.#options;
    const timeIsUp = new AbortController();
    const cancel = clock.after(leftMs, () => timeIsUp.abort(new LockTimeoutError(options.waitMs)));
    const waiting = AbortSignal.any([options.signal, timeIsUp.signal]);
    let ticket: Ticket | undefined;
    try {
      ticket = await this.#queue.take(name, random.uuid());
      for (;;) {
        await ticket.untilTurn(waiting);
        waiting.throwIfAborted();
        const guard = await this.#locks.tryAcquire(name, options);
        if (guard !== undefined) return guard;
      }
    } finally {
      cancel();
      await ticket?.leave();
    }
  }

  #join(name: StateKey): void {
    const waiters = this.#waiters.get(name.text) ?? 0;
    if (waiters >= this.#options.maxWaitersPerName)
      throw new OverloadedError(`${waiters} already wait for one lock`, { retryAfterMs });
    this.#waiters.set(name.text, waiters + 1);
  }

  #leave(name: StateKey): void {
    const waiters = (this.#waiters.get(name.text) ?? 1) - 1;
    if (waiters === 0) this.#waiters.delete(name.text);
    else this.#waiters.set(name.text, waiters);
  }
}
