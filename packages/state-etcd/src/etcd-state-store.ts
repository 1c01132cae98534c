import { StateUnavailableError } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import type {
  ApplyOptions,
  BackendFinding,
  ConnectionCounts,
  Durability,
  GroupResult,
  ScanRange,
  StateChange,
  StateEntry,
  StateGroup,
  StateOperation,
  StateStore,
} from "@acteon/state";
import { Compactor } from "./compactor.ts";
import { EtcdCallError } from "./etcd-client.ts";
import type { EtcdClient } from "./etcd-client.ts";
import type { EndLease } from "./etcd-operation.ts";
import { HeldLeases } from "./held-leases.ts";
import { KeySpace } from "./key-space.ts";
import { LeasePool } from "./lease-pool.ts";
import type { LockTickets } from "./lock-ticket.ts";
import { RevisionLog } from "./revision-log.ts";
import { scan } from "./scan.ts";
import { SlotTable } from "./slot.ts";
import type { StoreClock } from "./store-clock.ts";
import { takeDue } from "./take-due.ts";
import { TransactionLine } from "./transaction-line.ts";
import { watch } from "./watch.ts";
import { encodeKeyWatch } from "./watch-messages.ts";
import { WatchStream } from "./watch-stream.ts";

export interface EtcdStorePorts {
  /** Owned from now on. */
  readonly client: EtcdClient;
  readonly clock: Clock;
  /** Owned from now on. */
  readonly storeClock: StoreClock;
  readonly random: Random;
  readonly prefix: string;
  readonly callTimeoutMs: number;
  readonly durability: Durability;
  /** Of the store, as it was connected to. */
  readonly revision: number;
  readonly warn: (finding: BackendFinding) => void;
}

/**
 * State in etcd. Locks hang on leases of this process (`LeasePool`): when it stops, is cut off or is disposed, etcd frees them. A
 * lock's own lease is ended by the process that gave it (`HeldLeases`), and whoever wants the lock need not wait for that, but
 * goes by how long it was as it is (`RevisionLog`). Records with a TTL expire to the millisecond by the time written in
 * them (`StoreClock`), and etcd removes them later.
 */
export class EtcdStateStore implements StateStore {
  readonly durability: Durability;
  readonly capabilities = { locks: true, watch: true };
  readonly #client: EtcdClient;
  readonly #clock: Clock;
  readonly #storeClock: StoreClock;
  readonly #space: KeySpace;
  readonly #slots: SlotTable;
  readonly #leases: LeasePool;
  readonly #held: HeldLeases;
  readonly #line: TransactionLine;
  readonly #revisions: RevisionLog;
  readonly #compactor: Compactor;
  /** Of the one key that all transactions of all gateways write. */
  readonly #revisionWatch: WatchStream;

  constructor(ports: EtcdStorePorts) {
    const { client, clock, storeClock, random, prefix, callTimeoutMs, revision, warn } = ports;
    this.durability = ports.durability;
    this.#client = client;
    this.#clock = clock;
    this.#storeClock = storeClock;
    this.#space = new KeySpace(prefix);
    this.#slots = new SlotTable(this.#space);
    this.#leases = new LeasePool(client, { clock, random, callTimeoutMs });
    this.#held = new HeldLeases(clock, (over) => void this.#endLeases(over));
    this.#revisions = new RevisionLog(clock);
    this.#line = new TransactionLine({
      client,
      clock,
      storeClock,
      slots: this.#slots,
      touched: this.#space.touched,
      leases: this.#leases,
      held: this.#held,
      revisions: this.#revisions,
      callTimeoutMs,
    });
    this.#revisions.saw(revision);
    this.#compactor = new Compactor({
      client,
      clock,
      revision: () => this.#revisions.revision,
      onRefused: (error) => warn(compactionFinding(error)),
    });
    this.#revisionWatch = new WatchStream({
      client,
      clock,
      request: () => encodeKeyWatch(this.#space.touched),
      onReply: (reply) => this.#revisions.saw(reply.revision),
    });
  }

  /** Where those wait that `createEtcdLock` makes wait. */
  get tickets(): LockTickets {
    return { client: this.#client, space: this.#space, leases: this.#leases };
  }

  connections(): ConnectionCounts {
    const max = this.#client.endpoints.length;
    return { open: this.#client.connected, busy: this.#client.callsInFlight, waiting: 0, max };
  }

  async apply(groups: readonly StateGroup[], { signal }: ApplyOptions): Promise<readonly GroupResult[]> {
    signal.throwIfAborted();
    this.#throwIfClosed();
    this.#held.endOverdue();
    const at = groups.findIndex((group) => takeDueIn(group) !== undefined);
    return at < 0 ? this.#line.apply(groups) : this.#applyAround(groups, at);
  }

  async *scan(range: ScanRange, { signal }: ApplyOptions): AsyncGenerator<StateEntry, void, void> {
    signal.throwIfAborted();
    this.#throwIfClosed();
    const nowMs = (): number => this.#storeClock.nowMs();
    try {
      yield* scan(this.#client, this.#space, range, { nowMs, signal });
    } catch (error) {
      throw error instanceof EtcdCallError ? error.toUnavailable() : error;
    }
  }

  watch(range: ScanRange, { signal }: ApplyOptions): AsyncIterable<StateChange> {
    this.#throwIfClosed();
    const ports = {
      client: this.#client,
      space: this.#space,
      clock: this.#clock,
      storeClock: this.#storeClock,
      revision: this.#revisions.revision,
    };
    return watch(ports, range, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#client.isClosed) return;
    this.#storeClock.close();
    this.#compactor.close();
    this.#revisionWatch.close();
    this.#held.close();
    await this.#leases.close();
    this.#client.close();
  }

  /** A look at what is due is a range, and has its turn between what stands before and behind it. */
  async #applyAround(groups: readonly StateGroup[], at: number): Promise<readonly GroupResult[]> {
    const before = await this.#line.apply(groups.slice(0, at));
    const due = await this.#takeDue(groups[at] as StateGroup);
    const rest = groups.slice(at + 1);
    const next = rest.findIndex((group) => takeDueIn(group) !== undefined);
    const behind = await (next < 0 ? this.#line.apply(rest) : this.#applyAround(rest, next));
    return [...before, due, ...behind];
  }

  async #takeDue(group: StateGroup): Promise<GroupResult> {
    const operation = takeDueIn(group);
    if (operation === undefined || group.length > 1) throw new RangeError("takeDue is alone in its group");
    const ports = { client: this.#client, space: this.#space, slots: this.#slots, line: this.#line };
    try {
      return { kind: "done", results: [await takeDue(ports, operation)] };
    } catch (error) {
      throw error instanceof EtcdCallError ? error.toUnavailable() : error;
    }
  }

  /** All leases of this process that are over at one time go in one call. */
  async #endLeases(over: readonly EndLease[]): Promise<void> {
    try {
      await this.#line.apply(over.map((end) => [end]));
    } catch {
      // Whoever wants the lock waits on; the next attempt is soon, and etcd ends the lease if this process cannot.
      if (!this.#client.isClosed) for (const end of over) this.#held.again(this.#slots.of(end.lock), end);
    }
  }

  #throwIfClosed(): void {
    if (this.#client.isClosed) throw new StateUnavailableError("the etcd store is closed");
  }
}

function takeDueIn(group: StateGroup): Extract<StateOperation, { op: "takeDue" }> | undefined {
  return group.find((operation) => operation.op === "takeDue");
}

function compactionFinding({ endpoint }: EtcdCallError): BackendFinding {
  return {
    level: "warning",
    subject: "compaction",
    found: `etcd at ${endpoint} does not let this user compact its history, which grows until etcd is full`,
    help: "start etcd with --auto-compaction-mode=periodic --auto-compaction-retention=5m",
  };
}
