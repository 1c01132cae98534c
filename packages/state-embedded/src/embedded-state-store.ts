import { type Clock, DataDamagedError, StateUnavailableError } from "@acteon/core";
import {
  type ApplyOptions,
  type GroupResult,
  type ScanRange,
  type StateEntry,
  type StateGroup,
  type StateStore,
  inScanRange,
  parseStateKey,
  textRanges,
} from "@acteon/state";
import { Compactor } from "./compactor.ts";
import { DueTable } from "./due-table.ts";
import { EntryTable, justAfter, pageRows } from "./entry-table.ts";
import type { Flusher } from "./flusher.ts";
import { GroupWriter, found, isStored } from "./group-writer.ts";
import type { Host } from "./host.ts";
import { Journal } from "./journal.ts";
import { ListTable } from "./list-table.ts";
import type { Entry } from "./memtable.ts";
import { bootText, dropText } from "./record.ts";
import { Replica, firstSeq } from "./replica.ts";
import { type StateFile, readMeta, writeMeta } from "./state-files.ts";
import { Turns } from "./turns.ts";

/** How long a generation that another process has frozen may stay: that process compacts it, unless it has ended. */
const takeOverMs = 2_000;

/** Expired entries are looked for no more often. */
const minReclaimMs = 10_000;

/** Expired lists deleted in one turn. */
const listsPerTurn = 16;

export interface EmbeddedStorePorts {
  readonly directory: string;
  readonly clock: Clock;
  readonly host: Host;
  readonly state: StateFile;
  readonly table: StateFile;
  /** With it, an answer waits until all it rests on is durable. */
  readonly flusher: Flusher | undefined;
}

/**
 * State in a directory, shared by the processes of one machine (docs/adr/0002-embedded-store.md). A call is one transaction
 * on the journal; it answers at once unless another process is writing, or answers wait for the disk.
 */
export class EmbeddedStateStore implements StateStore {
  readonly durability = "host";
  readonly capabilities = { locks: true, watch: false };
  readonly #ports: EmbeddedStorePorts;
  readonly #journal: Journal;
  readonly #replica: Replica;
  readonly #table: EntryTable;
  readonly #lists: ListTable;
  readonly #writer: GroupWriter;
  readonly #turns: Turns;
  readonly #compactor: Compactor;
  /** The frozen generation that is known here, by its snapshot. */
  #frozenSeq: number | undefined;
  #cancelTakeOver: () => void = nothingToCancel;
  #cancelReclaim: () => void = nothingToCancel;
  #isClosed = false;

  constructor(ports: EmbeddedStorePorts) {
    const { directory, clock, host, state, table } = ports;
    // The clock of this store runs like the machine's, and begins elsewhere.
    const bootOffsetMs = host.sinceBootMs() - clock.monotonicMs();
    this.#ports = ports;
    this.#journal = new Journal(state.database, state.path);
    this.#replica = new Replica(host, state.path);
    this.#table = new EntryTable(table.database);
    this.#lists = new ListTable(state.database);
    this.#writer = new GroupWriter({
      host,
      replica: this.#replica,
      table: this.#table,
      lists: this.#lists,
      due: new DueTable(state.database),
    });
    this.#compactor = new Compactor({
      directory,
      clock,
      onCompacted: (upTo) => this.#inBackground(() => this.#dropGeneration(upTo)),
      onReclaimed: () => this.#inBackground(() => this.#reclaimLists()),
    });
    this.#turns = new Turns({
      clock,
      state,
      journal: this.#journal,
      replica: this.#replica,
      writer: this.#writer,
      table: this.#table,
      sinceBootMs: () => clock.monotonicMs() + bootOffsetMs,
      whyFull: () => this.#compactor.failure,
      onTurn: (hasFrozen) => this.#lookAtFrozen(hasFrozen),
    });
  }

  /**
   * The first turn; before it nothing else may be called.
   * @throws {DataDamagedError} The two files do not fit together.
   * @throws {StateUnavailableError} Others keep the directory locked, or it cannot be written.
   */
  async start(): Promise<void> {
    await this.#turns.run("write", () => {
      this.#checkFiles();
      if (this.#journal.next.seq === firstSeq) this.#replica.appendSnapshot(this.#journal, 0);
      this.#noteBoot();
    });
    this.#inBackground(() => this.#armReclaim());
  }

  apply(
    groups: readonly StateGroup[],
    { signal }: ApplyOptions,
  ): readonly GroupResult[] | Promise<readonly GroupResult[]> {
    signal.throwIfAborted();
    const results = this.#turns.run(isReading(groups) ? "read" : "write", () => this.#writer.apply(groups));
    return this.#ports.flusher === undefined ? results : durable(results, this.#ports.flusher);
  }

  async *scan(range: ScanRange, { signal }: ApplyOptions): AsyncGenerator<StateEntry, void, void> {
    signal.throwIfAborted();
    const { clock } = this.#ports;
    const { memtable } = this.#replica;
    const ranges = textRanges(range);
    const recent = await this.#turns.run("read", () =>
      [...memtable.entries()].filter(([text]) => ranges.some(({ from, to }) => from <= text && text < to)),
    );
    const seen = new Set<string>();
    for (const [text, entry] of recent) {
      seen.add(text);
      yield* this.#inRange(range, text, entry);
      signal.throwIfAborted();
    }
    for (const { from, to } of ranges)
      for (let start = from; ;) {
        const page = await this.#turns.run("read", () => this.#table.page({ from: start, to }));
        for (const [text, entry] of page) {
          if (seen.has(text)) continue;
          yield* this.#inRange(range, text, memtable.find(text) ?? entry);
          signal.throwIfAborted();
        }
        const last = page[pageRows - 1];
        if (last === undefined) break;
        start = justAfter(last[0]);
        await new Promise<void>((resolve) => clock.defer(resolve));
      }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { flusher, state, table } = this.#ports;
    this.#turns.close(new StateUnavailableError(`${state.path}: the store is closed`));
    this.#cancelTakeOver();
    this.#cancelReclaim();
    await this.#compactor.close();
    await flusher?.close();
    // Who closes last brings what lies in the write-ahead logs into the files: a bounded work, since they are bounded.
    table.database.close();
    state.database.close();
  }

  *#inRange(range: ScanRange, text: string, entry: Entry): Generator<StateEntry, void, void> {
    const nowMs = this.#ports.clock.nowMs();
    if (!isStored(entry) || entry.expiresAtMs <= nowMs) return;
    const key = parseStateKey(entry.tuple ?? text);
    if (!inScanRange(range, key)) return;
    const { value, version, remainingMs } = found(entry, nowMs);
    yield { key, value, version, remainingMs };
  }

  /** A table that the journal knows nothing of, or the other way round, was brought here by hand. */
  #checkFiles(): void {
    const { state, table } = this.#ports;
    const compactedSeq = this.#table.compactedSeq();
    const { tail } = this.#replica;
    if (compactedSeq >= this.#journal.next.seq)
      throw new DataDamagedError(`${table.path} is newer than ${state.path}; nothing was deleted`);
    if (tail.seq > firstSeq && compactedSeq < tail.seq)
      throw new DataDamagedError(`${table.path} is older than ${state.path}; nothing was deleted`);
  }

  /** No lease outlives the machine's uptime. */
  #noteBoot(): void {
    const { state, host } = this.#ports;
    const { tail, bootId } = readMeta(state.database);
    if (bootId === host.bootId) return;
    this.#replica.leases.endAll(host.sinceBootMs());
    this.#writer.note(bootText);
    writeMeta(state.database, { tail, bootId: host.bootId });
  }

  /** Sees to it that a frozen generation is compacted. */
  #lookAtFrozen(hasFrozen: boolean): void {
    const seq = this.#replica.frozenBy?.seq;
    if (seq === this.#frozenSeq) return;
    this.#frozenSeq = seq;
    this.#cancelTakeOver();
    if (seq === undefined) return;
    if (hasFrozen) this.#compactor.compact(seq);
    else this.#cancelTakeOver = this.#ports.clock.after(takeOverMs, () => this.#compactor.compact(seq));
  }

  /** The generation that ends with that snapshot is in the table: its rows of the journal may be overwritten. */
  #dropGeneration(upTo: number): void {
    const { frozenBy } = this.#replica;
    if (frozenBy?.seq !== upTo) return;
    const { database } = this.#ports.state;
    writeMeta(database, { ...readMeta(database), tail: frozenBy });
    this.#writer.note(dropText(upTo));
    this.#replica.drop(upTo);
    this.#armReclaim();
  }

  #armReclaim(): void {
    const { clock } = this.#ports;
    const nextMs = Math.min(this.#table.nextExpiryAtMs() ?? Infinity, this.#lists.nextExpiryAtMs() ?? Infinity);
    this.#cancelReclaim();
    if (nextMs === Infinity) return;
    const delayMs = Math.max(minReclaimMs, nextMs - clock.nowMs());
    this.#cancelReclaim = clock.after(delayMs, () => this.#compactor.reclaim());
  }

  #reclaimLists(): void {
    const { clock } = this.#ports;
    const isMore = this.#lists.reclaim(clock.nowMs(), listsPerTurn) === listsPerTurn;
    if (isMore) clock.defer(() => this.#inBackground(() => this.#reclaimLists()));
    else this.#armReclaim();
  }

  /** A turn that nobody waits for. What cannot be done now is done at the next occasion, or by another process. */
  #inBackground(work: () => void): void {
    try {
      Promise.resolve(this.#turns.run("write", work)).catch(ignore);
    } catch {
      // As above: the store is closed, or cannot write, which the next call will hear.
    }
  }
}

/** @returns The same, once what it rests on is durable. */
async function durable<Results>(results: Results | Promise<Results>, flusher: Flusher): Promise<Results> {
  const value = await results;
  await flusher.flushed();
  return value;
}

/** A turn without writes keeps no others from theirs. */
function isReading(groups: readonly StateGroup[]): boolean {
  return groups.every((group) => group.every(({ op }) => op === "get" || op === "members"));
}

function nothingToCancel(): void {}

function ignore(): void {}
