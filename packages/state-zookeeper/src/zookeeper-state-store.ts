import { StateUnavailableError } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import { dueIndexes, quorumDurability } from "@acteon/state";
import type {
  ApplyOptions,
  ConnectionCounts,
  Durability,
  GroupResult,
  OperationResult,
  ScanRange,
  StateChange,
  StateEntry,
  StateGroup,
  StateStore,
} from "@acteon/state";
import { ChangeHub } from "./change-hub.ts";
import { ClientNode } from "./client-node.ts";
import type { Sender } from "./client/requests.ts";
import type { Session } from "./client/session.ts";
import { ConnectionLostError } from "./client/zookeeper-error.ts";
import { takeDue } from "./due-index.ts";
import type { TakeDue } from "./due-index.ts";
import type { BoundOperation, DecidableOperation, Moment } from "./group-decider.ts";
import { Link, silenceHelp } from "./link.ts";
import type { LockTickets } from "./lock-ticket.ts";
import { longestEphemeralMs } from "./look-at-servers.ts";
import { clientsFolder, dueFolder, duePath, fencePath, hiddenFullText, keyPath } from "./node-paths.ts";
import { scanEntries } from "./scan.ts";
import { Schedule } from "./schedule.ts";
import { ServerClock } from "./server-clock.ts";
import type { Slot } from "./slot.ts";
import { SlotTable } from "./slot-table.ts";
import { Sweeper } from "./sweeper.ts";
import { carryOut, needReading } from "./transaction.ts";
import type { TransactionPorts } from "./transaction.ts";
import type { Unit } from "./work.ts";

export interface ZooKeeperStoreOptions {
  /** Connected. The store's from now on. */
  readonly session: Session;
  /** `/<chroot>/<prefix>`, encoded. */
  readonly root: string;
  readonly acl: Uint8Array;
  readonly callTimeoutMs: number;
  /** How many servers acknowledge a write together; 0 of one that stands alone. */
  readonly servers: number;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * State in ZooKeeper. A group is decided here, on what this process saw last, and is sent as one transaction that checks all of
 * it: mostly one trip. See `node-content.ts` for what makes the check exact, and `transaction.ts` for what happens when it fails.
 */
export class ZooKeeperStateStore implements StateStore {
  /** `host` of a server that stands alone. */
  readonly durability: Durability;
  readonly capabilities = { locks: true, watch: true };
  /** For `createZooKeeperLock`. */
  readonly tickets: LockTickets;
  readonly #clock: Clock;
  readonly #session: Session;
  readonly #link: Link;
  readonly #serverClock: ServerClock;
  readonly #root: string;
  readonly #callTimeoutMs: number;
  readonly #slots = new SlotTable();
  readonly #schedule: Schedule;
  readonly #changes: ChangeHub;
  readonly #clientNode: ClientNode;
  readonly #sweeper: Sweeper;
  /** Never used twice, with the count of what was named by it. */
  readonly #guid: string;
  #named = 0;
  #callsUnderWay = 0;
  readonly #closing = new AbortController();

  constructor(options: ZooKeeperStoreOptions) {
    const { session, root, acl, callTimeoutMs, clock, random } = options;
    this.durability = quorumDurability(options.servers);
    this.#clock = clock;
    this.#session = session;
    this.#root = root;
    this.#callTimeoutMs = callTimeoutMs;
    // The last 64 bits of a UUID of version 7 are chance.
    this.#guid = random.uuid().replaceAll("-", "").slice(16);
    this.#serverClock = new ServerClock(clock);
    const clientPath = `${clientsFolder(root)}/${this.#guid}`;
    const known = { clock, serverClock: this.#serverClock, acl };
    this.#link = new Link(session, { ...known, root, barrierPath: clientPath, isEnsemble: options.servers > 0 });
    const ports: TransactionPorts = {
      link: this.#link,
      clock,
      context: { root, acl },
      moment: () => this.#moment(),
      chance: () => random.next(),
    };
    this.#schedule = new Schedule(this.#slots, ({ units }) => carryOut(units, ports));
    this.tickets = { link: this.#link, clock, root, acl, read: (ask) => this.#read(ask) };
    this.#changes = new ChangeHub(session, root);
    this.#clientNode = new ClientNode(this.#link, { ...known, path: clientPath });
    this.#sweeper = new Sweeper({
      clock,
      root,
      acl,
      session,
      nowMs: () => this.#serverClock.nowMs(),
      read: (ask) => this.#read(ask),
      reclaim: (paths) => this.#reclaim(paths),
    });
  }

  /** Learns the server's time, on which lives and leases rest. @throws {StateUnavailableError} @throws {ConfigurationError} */
  async begin(): Promise<void> {
    try {
      await this.#link.makeFolders(this.#folders());
      for (let i = 0; i < firstSamples; i++) await this.#clientNode.askTime();
    } catch (error) {
      throw this.#link.explain(error);
    }
  }

  connections(): ConnectionCounts {
    const open = this.#session.state === "connected" ? 1 : 0;
    return {
      open,
      busy: this.#session.pendingRequests > 0 ? open : 0,
      waiting: open === 0 ? this.#callsUnderWay : 0,
      max: 1,
    };
  }

  async apply(groups: readonly StateGroup[], { signal }: ApplyOptions): Promise<readonly GroupResult[]> {
    signal.throwIfAborted();
    this.#throwIfClosed();
    const deadlineMs = this.#clock.monotonicMs() + this.#callTimeoutMs;
    return this.#inTime(this.#applyAll(groups, deadlineMs));
  }

  async *scan(range: ScanRange, { signal }: ApplyOptions): AsyncGenerator<StateEntry, void, void> {
    this.#throwIfClosed();
    const ports = { root: this.#root, nowMs: () => this.#serverClock.nowMs(), read: this.#read.bind(this) };
    yield* scanEntries(range, ports, signal);
  }

  watch(range: ScanRange, { signal }: ApplyOptions): AsyncIterable<StateChange> {
    this.#throwIfClosed();
    return this.#changes.watch(range, signal);
  }

  /** Deletes what is over: what the background does now and then. */
  sweep(): Promise<void> {
    return this.#sweeper.walk();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new StateUnavailableError("the store is closed"));
    this.#changes.close();
    const stopped = [this.#sweeper.close(), this.#clientNode.close()];
    await this.#session[Symbol.asyncDispose]();
    await Promise.all(stopped);
  }

  /** `takeDue` stands alone in its group, and is about all keys: it sees what the other groups of the call did. */
  async #applyAll(groups: readonly StateGroup[], deadlineMs: number): Promise<readonly GroupResult[]> {
    const results: GroupResult[] = [];
    const units: Unit[] = [];
    const takes: { readonly at: number; readonly take: TakeDue }[] = [];
    const answers = Promise.withResolvers<void>();
    let waiting = 0;
    for (const [at, group] of groups.entries()) {
      const [first] = group;
      if (first?.op === "takeDue") takes.push({ at, take: first });
      else if (first === undefined) results[at] = { kind: "done", results: [] };
      else {
        waiting++;
        const answer = (result: GroupResult): void => {
          results[at] = result;
          if (--waiting === 0) answers.resolve();
        };
        units.push(this.#unit(group as readonly DecidableOperation[], { deadlineMs, answer, fail: answers.reject }));
      }
    }
    if (units.length > 0) {
      this.#submit(units);
      await answers.promise;
    }
    for (const { at, take } of takes) results[at] = { kind: "done", results: [await this.#takeDue(take, deadlineMs)] };
    return results;
  }

  #takeDue(take: TakeDue, deadlineMs: number): Promise<OperationResult> {
    return takeDue(take, {
      root: this.#root,
      read: (ask) => this.#read(ask),
      hold: async (holds) => {
        const results = await this.#decideEach(
          holds.map((hold) => [this.#bind(hold)]),
          deadlineMs,
        );
        return results.map(({ kind }) => kind === "done");
      },
    });
  }

  async #reclaim(paths: readonly string[]): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + this.#callTimeoutMs;
    const operation = { op: "reclaim" } as const;
    const groups = paths.map((path): readonly BoundOperation[] => [
      { operation, slot: this.#slots.of(path), fenceSlot: undefined, fencedBy: undefined, fullText: "" },
    ]);
    await this.#decideEach(groups, deadlineMs);
  }

  #decideEach(groups: readonly (readonly BoundOperation[])[], deadlineMs: number): Promise<readonly GroupResult[]> {
    const units: Unit[] = [];
    const results = groups.map(
      (operations) =>
        new Promise<GroupResult>((answer, fail) => units.push(unitOf(operations, { deadlineMs, answer, fail }))),
    );
    this.#submit(units);
    return Promise.all(results);
  }

  #unit(operations: readonly DecidableOperation[], outcome: Pick<Unit, "deadlineMs" | "answer" | "fail">): Unit {
    return unitOf(
      operations.map((operation) => this.#bind(operation)),
      outcome,
    );
  }

  #bind(operation: DecidableOperation): BoundOperation {
    switch (operation.op) {
      case "acquire":
      case "extend":
      case "release": {
        const path = keyPath(this.#root, operation.lock);
        const isFenced = operation.op === "acquire" && operation.fenced === true;
        const fenceSlot = isFenced ? this.#slots.of(fencePath(path)) : undefined;
        return { operation, slot: this.#slots.of(path), fenceSlot, fencedBy: undefined, fullText: "" };
      }
      case "indexDue":
      case "unindexDue":
      case "holdDue": {
        const slot = this.#slots.of(duePath(keyPath(this.#root, operation.key), operation.index));
        return { operation, slot, fenceSlot: undefined, fencedBy: undefined, fullText: "" };
      }
      case "reclaim":
        throw new TypeError("what is reclaimed has a path, and no key");
      default: {
        const { key } = operation;
        const fence = "fence" in operation ? operation.fence : undefined;
        const lockPath = fence && keyPath(this.#root, fence.lock);
        return {
          operation,
          slot: this.#slots.of(keyPath(this.#root, key)),
          fenceSlot: lockPath === undefined ? undefined : this.#slots.of(fencePath(lockPath)),
          fencedBy: lockPath === undefined ? undefined : this.#slots.of(lockPath),
          fullText: hiddenFullText(key),
        };
      }
    }
  }

  #submit(units: readonly Unit[]): void {
    this.#schedule.submit(units);
    this.#slots.forgetOldest();
  }

  /** @throws {StateUnavailableError} No answer by the end of `callTimeoutMs`. */
  async #read<Answer>(ask: (sender: Sender) => Promise<Answer>): Promise<Answer> {
    const deadlineMs = this.#clock.monotonicMs() + this.#callTimeoutMs;
    for (;;) {
      await this.#link.ready(deadlineMs);
      try {
        return await this.#link.readable(ask);
      } catch (error) {
        if (!(error instanceof ConnectionLostError) || this.#clock.monotonicMs() >= deadlineMs)
          throw this.#link.explain(error);
      }
    }
  }

  /** Whatever becomes of the work, the caller hears in time, and when the store is closed. */
  async #inTime<Answer>(work: Promise<Answer>): Promise<Answer> {
    const late = Promise.withResolvers<never>();
    const { signal } = this.#closing;
    const onClose = (): void => late.reject(signal.reason);
    const cancel = this.#clock.after(this.#callTimeoutMs, () =>
      late.reject(
        new StateUnavailableError(`ZooKeeper did not answer within ${this.#callTimeoutMs} ms`, {
          help: silenceHelp,
          cause: this.#session.lastFailure,
        }),
      ),
    );
    signal.addEventListener("abort", onClose, { once: true });
    this.#callsUnderWay++;
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      this.#callsUnderWay--;
      cancel();
      signal.removeEventListener("abort", onClose);
    }
  }

  #moment(): Moment {
    return {
      nowMs: this.#serverClock.nowMs(),
      monotonicMs: this.#clock.monotonicMs(),
      leastNowMs: (zxid) => this.#serverClock.leastNowMs(zxid),
      longestEphemeralMs: longestEphemeralMs(this.#session),
      newId: () => `${this.#guid}${(this.#named++).toString(36)}`,
    };
  }

  #folders(): readonly string[] {
    return [`${clientsFolder(this.#root)}/any`, ...dueIndexes.map((index) => `${dueFolder(this.#root, index)}/any`)];
  }

  #throwIfClosed(): void {
    if (this.#closing.signal.aborted) throw this.#closing.signal.reason;
  }
}

/** The best of so many bounds the server's clock well enough. */
const firstSamples = 3;

function unitOf(operations: readonly BoundOperation[], outcome: Pick<Unit, "deadlineMs" | "answer" | "fail">): Unit {
  const slots = new Set<Slot>();
  for (const { slot, fenceSlot, fencedBy } of operations) {
    slots.add(slot);
    if (fenceSlot !== undefined) slots.add(fenceSlot);
    if (fencedBy !== undefined) slots.add(fencedBy);
  }
  return { operations, slots: [...slots], needsReading: needReading([{ operations }]), ...outcome };
}
