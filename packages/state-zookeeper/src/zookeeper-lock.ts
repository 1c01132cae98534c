import { LockTimeoutError, OverloadedError } from "@acteon/core";
import { createDistributedLock } from "@acteon/state";
import type {
  AcquireOptions,
  DistributedLock,
  LockGuard,
  LockPorts,
  StateKey,
  StateStore,
  TryAcquireOptions,
} from "@acteon/state";
import { LockTicket, isAwaited } from "./lock-ticket.ts";
import type { LockTickets } from "./lock-ticket.ts";
import { SessionGuard } from "./session-guard.ts";

export interface ZooKeeperLockOptions extends LockPorts {
  /** How many of this process may wait for one lock (guarantees O1). */
  readonly maxWaitersPerName?: number;
}

/** What whoever is turned away is told to wait. */
const retryAfterMs = 400;

/**
 * Locks by name, in the order in which ZooKeeper saw their waiters come, from whatever process: fifo (guarantees L8). One that is
 * released wakes one waiter. A guard ends as soon as the session is suspended. Locks taken within `apply` have the same names,
 * and do not queue.
 * @param store Where the locks are taken: the store that `tickets` are of, or one that passes calls on to it.
 */
export function createZooKeeperLock(
  tickets: LockTickets,
  store: Pick<StateStore, "apply" | "watch">,
  { maxWaitersPerName = 1_000, ...ports }: ZooKeeperLockOptions,
): DistributedLock {
  return new ZooKeeperLock(tickets, createDistributedLock(store, ports), { ...ports, maxWaitersPerName });
}

class ZooKeeperLock implements DistributedLock {
  readonly #tickets: LockTickets;
  readonly #locks: DistributedLock;
  readonly #options: Required<ZooKeeperLockOptions>;
  /** Of this process, by the text of the name; here only while somebody waits. */
  readonly #waiters = new Map<string, number>();

  constructor(tickets: LockTickets, locks: DistributedLock, options: Required<ZooKeeperLockOptions>) {
    this.#tickets = tickets;
    this.#locks = locks;
    this.#options = options;
  }

  async tryAcquire(name: StateKey, options: TryAcquireOptions): Promise<LockGuard | undefined> {
    const guard = await this.#locks.tryAcquire(name, options);
    return guard && new SessionGuard(guard, this.#tickets.link.session);
  }

  async acquire(name: StateKey, options: AcquireOptions): Promise<LockGuard> {
    const untilMs = this.#options.clock.monotonicMs() + options.waitMs;
    // Who comes while others wait does not go before them.
    const others = this.#waiters.has(name.text) || (await isAwaited(this.#tickets, name));
    const guard = others ? undefined : await this.tryAcquire(name, options);
    if (guard !== undefined) return guard;
    options.signal.throwIfAborted();
    const leftMs = untilMs - this.#options.clock.monotonicMs();
    if (leftMs <= 0) throw new LockTimeoutError(options.waitMs);
    this.#join(name);
    try {
      return await this.#waitFor(name, options, leftMs);
    } finally {
      this.#leave(name);
    }
  }

  async #waitFor(name: StateKey, options: AcquireOptions, leftMs: number): Promise<LockGuard> {
    const timeIsUp = new AbortController();
    const cancel = this.#options.clock.after(leftMs, () => timeIsUp.abort(new LockTimeoutError(options.waitMs)));
    const waiting = AbortSignal.any([options.signal, timeIsUp.signal]);
    let ticket: LockTicket | undefined;
    try {
      ticket = await LockTicket.take(this.#tickets, name, this.#options.random.uuid());
      for (;;) {
        await ticket.untilTurn(waiting);
        const guard = await this.tryAcquire(name, options);
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
