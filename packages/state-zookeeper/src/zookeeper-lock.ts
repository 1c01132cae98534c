import { createDistributedLock, createTicketLock } from "@acteon/state";
import type { DistributedLock, StateStore, TicketLockOptions, TicketQueue } from "@acteon/state";
import { LockTicket, isAwaited } from "./lock-ticket.ts";
import type { LockTickets } from "./lock-ticket.ts";
import { SessionGuard } from "./session-guard.ts";

/**
 * Locks by name, in the order in which ZooKeeper saw their waiters come, from whatever process: fifo (guarantees L8). A guard
 * ends as soon as the session is suspended.
 * @param store Where the locks are taken: the store that `tickets` are of, or one that passes calls on to it.
 */
export function createZooKeeperLock(
  tickets: LockTickets,
  store: Pick<StateStore, "apply" | "watch">,
  options: TicketLockOptions,
): DistributedLock {
  const queue: TicketQueue = {
    isAwaited: (lock) => isAwaited(tickets, lock),
    take: (lock, guid) => LockTicket.take(tickets, lock, guid),
  };
  const locks = createDistributedLock(store, options);
  return createTicketLock(queue, { tryAcquire: guarded }, options);

  async function guarded(...args: Parameters<DistributedLock["tryAcquire"]>) {
    const guard = await locks.tryAcquire(...args);
    return guard && new SessionGuard(guard, tickets.link.session);
  }
}
