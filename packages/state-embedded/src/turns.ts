import type { StatementSync } from "node:sqlite";
import { type Clock, StateUnavailableError } from "@acteon/core";
import type { EntryTable } from "./entry-table.ts";
import type { GroupWriter } from "./group-writer.ts";
import { type Journal, ringSlots } from "./journal.ts";
import type { Replica } from "./replica.ts";
import { asStoreError, isBusy } from "./sqlite-errors.ts";
import { type StateFile, prepared, readMeta } from "./state-files.ts";

/** A generation is frozen once it fills so many rows of the ring: 16 MiB. */
const generationRows = ringSlots / 4;

/** Room that a turn must find, and may use up: with less, turns wait for the compactor. */
const maxTurnRows = ringSlots / 4;

/** Longest that a turn waits for other processes, or for room; then it is given up, and nothing of it has happened. */
const maxWaitMs = 5_000;

/** Calls that may wait (guarantees O1); a gateway has two out at a time. */
const maxWaiting = 1_000;

/** Between two attempts; timers are no finer. */
const retryMs = 1;

export interface TurnPorts {
  readonly clock: Clock;
  readonly state: StateFile;
  readonly journal: Journal;
  readonly replica: Replica;
  readonly writer: GroupWriter;
  readonly table: EntryTable;
  /** `Host.sinceBootMs`, by the clock of this store. */
  sinceBootMs(): number;
  /** Why there is no room in the journal, if that is known. */
  whyFull(): string | undefined;
  /** After every turn. @param hasFrozen It has ended the active generation. */
  onTurn(hasFrozen: boolean): void;
}

type Access = "read" | "write";

interface Waiting {
  /** False: not yet. */
  attempt(): boolean;
  giveUp(error: StateUnavailableError): void;
  readonly untilMs: number;
}

/**
 * Turns: what this process does with the directory, one transaction each. A turn first reads what other processes have
 * appended; so what it decides, it decides on the newest state, and it alone.
 *
 * Who finds another process writing waits in order of arrival and without keeping the event loop; SQLite's own waiting
 * would stop the process.
 */
export class Turns {
  readonly #ports: TurnPorts;
  readonly #begin: Readonly<Record<Access, StatementSync>>;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  /** Does the replica hold what the journal says up to its place? Not at first, nor after a turn that failed. */
  #isLoaded = false;
  #waiting: Waiting[] = [];
  #cancelRetry: (() => void) | undefined;
  #closed: StateUnavailableError | undefined;
  #isFull = false;

  constructor(ports: TurnPorts) {
    const { database } = ports.state;
    this.#ports = ports;
    this.#begin = { read: prepared(database, "BEGIN"), write: prepared(database, "BEGIN IMMEDIATE") };
    this.#commit = prepared(database, "COMMIT");
    this.#rollback = prepared(database, "ROLLBACK");
  }

  /**
   * What `work` gives, at once if it can be had. If `work` throws, nothing of the turn has happened.
   * @throws {StateUnavailableError} Nothing of the turn has happened, or, where the commit itself failed, it may have.
   */
  run<Result>(access: Access, work: () => Result): Result | Promise<Result> {
    if (this.#closed !== undefined) throw this.#closed;
    if (this.#waiting.length === 0) {
      const result = this.#attempt(access, work);
      if (result !== notYet) return result;
    }
    return this.#wait(access, work);
  }

  /** From here on every call fails with `error`, as do those that wait. */
  close(error: StateUnavailableError): void {
    this.#closed = error;
    this.#cancelRetry?.();
    for (const waiting of this.#waiting) waiting.giveUp(error);
    this.#waiting = [];
  }

  #attempt<Result>(access: Access, work: () => Result): Result | typeof notYet {
    const { clock, writer, journal, table, state } = this.#ports;
    try {
      if (!this.#tryBegin(access)) return notYet;
      this.#catchUp();
      const hasFrozen = access === "write" && this.#freezeIfLarge();
      this.#isFull = access === "write" && !this.#hasRoom();
      if (this.#isFull) {
        this.#rollback.run();
        return notYet;
      }
      writer.beginTurn(this.#ports.sinceBootMs(), clock.nowMs());
      const result = work();
      const record = writer.endTurn();
      if (record !== undefined) this.#append(journal, record);
      table.endReading();
      this.#commit.run();
      this.#ports.onTurn(hasFrozen);
      return result;
    } catch (error) {
      this.#isLoaded = false;
      table.endReading();
      if (state.database.isTransaction) this.#rollback.run();
      throw asStoreError(error, state.path);
    }
  }

  #tryBegin(access: Access): boolean {
    try {
      this.#begin[access].run();
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }

  #catchUp(): void {
    const { replica, journal, state } = this.#ports;
    if (this.#isLoaded && replica.catchUp(journal) === "done") return;
    replica.load(journal, readMeta(state.database).tail);
    this.#isLoaded = true;
  }

  /** Ends the active generation if it is large and its forerunner is gone. */
  #freezeIfLarge(): boolean {
    const { replica, journal } = this.#ports;
    if (replica.frozenBy !== undefined || replica.rows(journal, "lastSnapshot") < generationRows) return false;
    replica.appendSnapshot(journal, this.#ports.sinceBootMs());
    return true;
  }

  #hasRoom(): boolean {
    return ringSlots - this.#ports.replica.rows(this.#ports.journal, "tail") > maxTurnRows;
  }

  #append(journal: Journal, record: string): void {
    if (journal.rowsOf(record) > maxTurnRows)
      throw new RangeError(`${record.length} characters are too many for one call of the embedded store`);
    journal.append(record);
  }

  #wait<Result>(access: Access, work: () => Result): Promise<Result> {
    const { clock } = this.#ports;
    if (this.#waiting.length >= maxWaiting) throw this.#unavailable("too many calls wait for it");
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        attempt: () => {
          try {
            const result = this.#attempt(access, work);
            if (result === notYet) return false;
            resolve(result);
          } catch (error) {
            reject(error as Error);
          }
          return true;
        },
        giveUp: reject,
        untilMs: clock.monotonicMs() + maxWaitMs,
      });
      this.#cancelRetry ??= clock.after(retryMs, () => this.#retry());
    });
  }

  #retry(): void {
    const { clock } = this.#ports;
    this.#cancelRetry = undefined;
    while (this.#waiting[0]?.attempt() === true) this.#waiting.shift();
    while (this.#waiting[0] !== undefined && this.#waiting[0].untilMs <= clock.monotonicMs())
      this.#waiting
        .shift()
        ?.giveUp(this.#unavailable(this.#isFull ? this.#whyFull() : "another process keeps it locked"));
    if (this.#waiting.length > 0) this.#cancelRetry = clock.after(retryMs, () => this.#retry());
  }

  #whyFull(): string {
    return `the journal is full, ${this.#ports.whyFull() ?? "compaction is behind"}`;
  }

  #unavailable(reason: string): StateUnavailableError {
    return new StateUnavailableError(`${this.#ports.state.path}: ${reason}`);
  }
}

const notYet = Symbol("not yet");
