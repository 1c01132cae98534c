import { type Clock, StateUnavailableError } from "@acteon/core";
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
import { Flusher } from "./flusher.ts";
import { GroupDecider, found } from "./group-decider.ts";
import type { Host } from "./host.ts";
import { Journal } from "./journal.ts";
import { bootText, dropText } from "./record.ts";
import { Replica } from "./replica.ts";
import { type Entry, isStored } from "./rows.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { Table, justBehind, pageSize } from "./table.ts";
import { TurnWrites } from "./turn-writes.ts";
import { type Access, Turns } from "./turns.ts";
import type { WriterLock } from "./writer-lock.ts";

/** How long a generation that another process has frozen may stay: that process compacts it, unless it has ended. */
const takeOverMs = 2_000;

/** Expired entries are looked for no more often. */
const minReclaimMs = 10_000;

export interface EmbeddedStorePorts {
  readonly directory: string;
  /** Does an answer wait until all it rests on is durable? */
  readonly sync: boolean;
  /** From this size on a generation is frozen. */
  readonly generationBytes: number;
  readonly clock: Clock;
  readonly host: Host;
  readonly lock: WriterLock;
  readonly tableFile: SqliteFile;
}

/**
 * State in a directory, shared by the processes of one machine (docs/adr/0002-embedded-store.md): a journal, into which every
 * call writes one record; a replica of it in memory; and a table, for what the journal need not hold any more. It answers at
 * once, unless another process is writing, or the answer waits for the disk.
 */
export class EmbeddedStateStore implements StateStore {
  readonly durability = "host";
  readonly capabilities = { locks: true, watch: false };
  readonly #ports: EmbeddedStorePorts;
  readonly #replica: Replica;
  readonly #journal: Journal;
  readonly #table: Table;
  readonly #writes: TurnWrites;
  readonly #decider: GroupDecider;
  readonly #turns: Turns;
  readonly #flusher: Flusher;
  readonly #compactor: Compactor;
  /** The frozen generation that this process knows of. */
  #frozen: number | undefined;
  #cancelTakeOver: () => void = nothingToCancel;
  #cancelReclaim: () => void = nothingToCancel;
  #isClosed = false;

  constructor(ports: EmbeddedStorePorts) {
    const { directory, generationBytes, clock, host, lock, tableFile } = ports;
    const offsetMs = bootOffsetMs(host, clock);
    this.#ports = ports;
    this.#replica = new Replica(host);
    this.#journal = new Journal(directory, host, this.#replica);
    this.#table = new Table(tableFile);
    this.#writes = new TurnWrites(host, this.#replica);
    this.#decider = new GroupDecider(this.#replica, this.#table, this.#writes);
    this.#flusher = new Flusher(directory, () => ({
      first: this.#replica.frozen ?? this.#journal.generation,
      last: this.#journal.generation,
    }));
    this.#compactor = new Compactor({
      directory,
      clock,
      onCompacted: (generation) => this.#inBackground("makeRoom", () => this.#drop(generation)),
      onReclaimed: () => this.#lookForExpiry(),
    });
    this.#turns = new Turns({
      path: directory,
      clock,
      lock,
      journal: this.#journal,
      replica: this.#replica,
      writes: this.#writes,
      table: this.#table,
      generationBytes,
      sinceBootMs: () => clock.monotonicMs() + offsetMs,
      whyFull: () => this.#compactor.failure,
      onTurn: (mustCompact) => this.#lookAtFrozen(mustCompact),
    });
  }

  /**
   * The first turn; before it nothing else may be called.
   * @throws {DataDamagedError} The files are not what was written, or do not fit together.
   * @throws {StateUnavailableError} Others keep the directory locked, or it cannot be written.
   */
  async start(): Promise<void> {
    const { host } = this.#ports;
    await this.#turns.run("makeRoom", () => {
      const bootId = host.bootId ?? "";
      if (this.#replica.bootId === bootId) return;
      // No lease outlives the machine's uptime.
      this.#replica.boot(bootId, this.#writes.sinceBootMs);
      this.#writes.tell(bootText(bootId));
    });
    this.#lookForExpiry();
  }

  apply(
    groups: readonly StateGroup[],
    { signal }: ApplyOptions,
  ): readonly GroupResult[] | Promise<readonly GroupResult[]> {
    signal.throwIfAborted();
    const results = this.#turns.run(isReading(groups) ? "read" : "write", () => this.#decider.apply(groups));
    return this.#ports.sync ? this.#durable(results) : results;
  }

  async *scan(range: ScanRange, { signal }: ApplyOptions): AsyncGenerator<StateEntry, void, void> {
    signal.throwIfAborted();
    const { clock } = this.#ports;
    const { entries } = this.#replica.recent;
    const ranges = textRanges(range);
    const recent = await this.#turns.run("read", () =>
      [...entries.entries()].filter(([text]) => ranges.some(({ from, to }) => from <= text && text < to)),
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
          yield* this.#inRange(range, text, entries.find(text) ?? entry);
          signal.throwIfAborted();
        }
        const last = page[pageSize - 1];
        if (last === undefined) break;
        start = justBehind(last[0]);
        await new Promise<void>((resolve) => clock.defer(resolve));
      }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { directory, lock, tableFile } = this.#ports;
    this.#turns.close(new StateUnavailableError(`${directory}: the store is closed`));
    this.#cancelTakeOver();
    this.#cancelReclaim();
    await this.#compactor.close();
    await this.#flusher.close();
    this.#journal.close();
    tableFile.database.close();
    lock.close();
  }

  *#inRange(range: ScanRange, text: string, entry: Entry): Generator<StateEntry, void, void> {
    const nowMs = this.#ports.clock.nowMs();
    if (!isStored(entry) || entry.expiresAtMs <= nowMs) return;
    const key = parseStateKey(entry.tuple ?? text);
    if (!inScanRange(range, key)) return;
    const { value, version, remainingMs } = found(entry, nowMs);
    yield { key, value, version, remainingMs };
  }

  /** @returns The same, once what it rests on is durable. */
  async #durable<Results>(results: Results | Promise<Results>): Promise<Results> {
    const value = await results;
    await this.#flusher.flushed();
    return value;
  }

  /** Sees to it that a frozen generation is compacted; at once if this process has frozen it, or waits for room. */
  #lookAtFrozen(mustCompact: boolean): void {
    const { frozen } = this.#replica;
    if (frozen !== this.#frozen) {
      this.#frozen = frozen;
      this.#cancelTakeOver();
      if (frozen === undefined) this.#ports.clock.defer(() => this.#lookForExpiry());
      else if (!mustCompact)
        this.#cancelTakeOver = this.#ports.clock.after(takeOverMs, () => this.#compactor.compact(frozen));
    }
    if (frozen !== undefined && mustCompact) this.#compactor.compact(frozen);
  }

  /** That generation is in the table. */
  #drop(generation: number): void {
    if (this.#replica.frozen !== generation) return;
    this.#writes.tell(dropText(generation));
    this.#replica.drop(generation);
  }

  #lookForExpiry(): void {
    this.#inBackground("read", () => this.#armReclaim());
  }

  #armReclaim(): void {
    const { clock } = this.#ports;
    const nextMs = this.#table.nextExpiryAtMs();
    this.#cancelReclaim();
    if (nextMs === undefined || this.#isClosed) return;
    const delayMs = Math.max(minReclaimMs, nextMs - clock.nowMs());
    this.#cancelReclaim = clock.after(delayMs, () => this.#compactor.reclaim());
  }

  /** A turn that nobody waits for. What cannot be done now is done at the next occasion, or by another process. */
  #inBackground(access: Access, work: () => void): void {
    try {
      Promise.resolve(this.#turns.run(access, work)).catch(() => this.#lookAgain());
    } catch {
      this.#lookAgain(); // what keeps the store from this turn, the next call will hear
    }
  }

  /** At the next turn, whether a generation is to be compacted. */
  #lookAgain(): void {
    this.#frozen = undefined;
  }
}

/** A turn without writes keeps no others from theirs. */
function isReading(groups: readonly StateGroup[]): boolean {
  return groups.every((group) => group.every(({ op }) => op === "get" || op === "members"));
}

function nothingToCancel(): void {}

/**
 * What the clock of a store, which goes with the machine's, lacks of the time since its boot. A process that is interrupted
 * between the two readings takes it for less, so the largest of some is the nearest.
 */
function bootOffsetMs(host: Host, clock: Clock): number {
  return Math.max(...Array.from({ length: 5 }, () => host.sinceBootMs() - clock.monotonicMs()));
}
