import type { StateKey, Ticket } from "@acteon/state";
import { EtcdCallError } from "./etcd-client.ts";
import type { EtcdClient } from "./etcd-client.ts";
import type { KeySpace } from "./key-space.ts";
import { decodeRangeReply } from "./key-value.ts";
import type { LeasePool } from "./lease-pool.ts";
import { encodeKey, encodeRange, encodeYoungestBefore } from "./range-messages.ts";
import { decodeTxn, encodePlainTxn } from "./txn-message.ts";
import { decodeWatchReply, encodeDeletionWatch } from "./watch-messages.ts";

/** What the tickets of a store are made with. */
export interface LockTickets {
  readonly client: EtcdClient;
  readonly space: KeySpace;
  readonly leases: LeasePool;
}

/** A ticket is as long-lived as a lock of this lease would be: it goes soon after its process does. */
const ticketEnd = { kind: "lock", leaseMs: 10_000 } as const;

/** Does anybody wait for that lock? @throws {StateUnavailableError} */
export async function isAwaited({ client, space }: LockTickets, lock: StateKey): Promise<boolean> {
  const request = encodeRange(space.queue(lock), { limit: 1, revision: 0 });
  const { entries } = await answered(client.call("KV/Range", request, decodeRangeReply));
  return entries.length > 0;
}

/** A place among those that wait for a lock, in the order in which etcd saw them come; each watches the one before. */
export class LockTicket implements Ticket {
  readonly #tickets: LockTickets;
  readonly #lock: StateKey;
  readonly #raw: string;
  readonly #createRevision: number;

  private constructor(tickets: LockTickets, lock: StateKey, raw: string, createRevision: number) {
    this.#tickets = tickets;
    this.#lock = lock;
    this.#raw = raw;
    this.#createRevision = createRevision;
  }

  /** @param id Never used twice. @throws {StateUnavailableError} */
  static async take(tickets: LockTickets, lock: StateKey, id: string): Promise<LockTicket> {
    const { client, space, leases } = tickets;
    const raw = space.queue(lock).from + id;
    if (leases.find(ticketEnd) === undefined) await answered(leases.provide(ticketEnd));
    const write = { key: raw, value: "", lease: leases.find(ticketEnd) ?? 0 };
    const request = encodePlainTxn({ conditions: [], writes: [write], reads: [] });
    const { revision } = await answered(client.call("KV/Txn", request, decodeTxn));
    return new LockTicket(tickets, lock, raw, revision);
  }

  /** Until all who came before have left, and the lock is free. @throws {unknown} `signal.reason`; StateUnavailableError. */
  async untilTurn(signal: AbortSignal): Promise<void> {
    const { space } = this.#tickets;
    const before = encodeYoungestBefore(space.queue(this.#lock), this.#createRevision);
    await this.#untilNothing(before, signal);
    await this.#untilNothing(encodeKey(space.of(this.#lock)), signal);
  }

  /** Gives the place up. Without an answer the ticket ends with its process. */
  async leave(): Promise<void> {
    try {
      await this.#tickets.client.call("KV/DeleteRange", encodeKey(this.#raw), () => undefined);
    } catch (error) {
      if (!(error instanceof EtcdCallError)) throw error;
    }
  }

  async #untilNothing(request: Buffer, signal: AbortSignal): Promise<void> {
    const { client } = this.#tickets;
    for (;;) {
      signal.throwIfAborted();
      const { entries, revision } = await answered(client.call("KV/Range", request, decodeRangeReply));
      const [entry] = entries;
      if (entry === undefined) return;
      await untilDeleted(client, entry.key, revision + 1, signal);
    }
  }
}

/** Until etcd tells that a key went, or can no longer tell: whoever waits looks again. */
function untilDeleted(client: EtcdClient, key: string, fromRevision: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stream = client.stream("Watch/Watch");
  const end = (): void => {
    signal.removeEventListener("abort", end);
    stream.cancel();
    resolve();
  };
  signal.addEventListener("abort", end, { once: true });
  stream.on("error", end);
  stream.on("end", end);
  stream.on("data", (message: Buffer) => {
    const { events, canceled } = decodeWatchReply(message);
    if (events.length > 0 || canceled) end();
  });
  stream.write(encodeDeletionWatch(key, fromRevision));
  return promise;
}

async function answered<Reply>(call: Promise<Reply>): Promise<Reply> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof EtcdCallError ? error.toUnavailable() : error;
  }
}
