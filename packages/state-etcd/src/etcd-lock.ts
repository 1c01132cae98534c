import { createDistributedLock, createTicketLock } from "@acteon/state";
import type { DistributedLock, StateStore, TicketLockOptions, TicketQueue } from "@acteon/state";
import { LockTicket, isAwaited } from "./lock-ticket.ts";
import type { LockTickets } from "./lock-ticket.ts";

/**
 * Locks by name, in the order in which etcd saw their waiters come, from whatever process: fifo (guarantees L8).
 * @param store Where the locks are taken: the store that `tickets` are of, or one that passes calls on to it.
 */
export function createEtcdLock(
  tickets: LockTickets,
  store: Pick<StateStore, "apply" | "watch">,
  options: TicketLockOptions,
): DistributedLock {
  const queue: TicketQueue = {
    isAwaited: (lock) => isAwaited(tickets, lock),
    take: (lock, id) => LockTicket.take(tickets, lock, id),
  };
  return createTicketLock(queue, createDistributedLock(store, options), options);
}
