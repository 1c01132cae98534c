import { type Clock, StateUnavailableError } from "@acteon/core";
import type { Journal } from "./journal.ts";
import type { Replica } from "./replica.ts";
import { asStoreError } from "./sqlite-errors.ts";
import type { Table } from "./table.ts";
import type { TurnWrites } from "./turn-writes.ts";
import type { WriterLock } from "./writer-lock.ts";

/** How many times its size a generation may grow to while its forerunner is not in the table; then turns wait for that. */
const maxOvergrowth = 4;

/** Longest that a turn waits for other processes, or for room; then it is given up, and nothing of it has happened. */
const maxWaitMs = 5_000;

/** Calls that may wait (guarantees O1); a gateway has two out at a time. */
const maxWaiting = 1_000;

/** Between two attempts; timers are no finer. */
const retryMs = 1;

export interface TurnPorts {
  /** The directory, for messages. */
  readonly path: string;
  readonly clock: Clock;
  readonly lock: WriterLock;
  readonly journal: Journal;
  readonly replica: Replica;
  readonly writes: TurnWrites;
  readonly table: Table;
  /** From this size on a generation is frozen, once its forerunner is in the table. */
  readonly generationBytes: number;
  /** `Host.sinceBootMs`, by the clock of this store. */
  sinceBootMs(): number;
  /** Why there is no room in the journal, if that is known. */
  whyFull(): string | undefined;
  /** After every turn. @param mustCompact It has frozen a generation, or waits until one is in the table. */
  onTurn(mustCompact: boolean): void;
}

/**
 * A turn that reads sees what was written before it began, and keeps nobody from writing. One that makes room goes before
 * all others, which may be waiting for that.
 */
export type Access = "read" | "write" | "makeRoom";

interface Waiting {
  /** False: not yet. */
  attempt(): boolean;
  giveUp(error: StateUnavailableError): void;
  readonly untilMs: number;
}

/**
 * Turns: what this process does with the directory, one after another. A turn first reads what other processes have written;
 * one that writes has the writer's lock meanwhile, so what it decides it decides on the newest state, and it alone. It ends
 * with one record in the journal: with that, and not before, it has happened.
 *
 * Who finds another process writing waits in order of arrival and without keeping the event loop.
 */
export class Turns {
  readonly #ports: TurnPorts;
  /** Does the replica say what the journal does? Not at first, nor after a turn that failed. */
  #isLoaded = false;
  #isFull = false;
  #hasFrozen = false;
  /** Has somebody else written since the last turn? */
  #hasCompany = false;
  #waiting: Waiting[] = [];
  #cancelRetry: (() => void) | undefined;
  #closedBy: StateUnavailableError | undefined;

  constructor(ports: TurnPorts) {
    this.#ports = ports;
  }

  /**
   * What `work` gives, at once if it can be had. If `work` throws, nothing of the turn has happened.
   * @throws {StateUnavailableError} As a rule nothing of the turn has happened.
   */
  run<Result>(access: Access, work: () => Result): Result | Promise<Result> {
    if (this.#closedBy !== undefined) throw this.#closedBy;
    if (this.#waiting.length === 0 || access === "makeRoom") {
      const result = this.#attempt(access, work);
      if (result !== notYet) return result;
    }
    return this.#wait(access, work);
  }

  /** From here on every call fails with `error`, as do those that wait. */
  close(error: StateUnavailableError): void {
    this.#closedBy = error;
    this.#cancelRetry?.();
    for (const waiting of this.#waiting) waiting.giveUp(error);
    this.#waiting = [];
  }

  #attempt<Result>(access: Access, work: () => Result): Result | typeof notYet {
    const { path, table, lock } = this.#ports;
    let needsLock = true;
    let hasLock = false;
    let result: Result | typeof notYet;
    this.#hasFrozen = false;
    try {
      // Where others write, most of it is read before the lock is taken: so it is held for as short as can be.
      const hadCompany = this.#hasCompany;
      this.#hasCompany = false;
      if (hadCompany) this.#catchUp();
      // Loading may have to mend what a power loss left.
      needsLock = access !== "read" || !this.#isLoaded;
      if (needsLock) hasLock = lock.tryTake();
      if (needsLock && !hasLock) {
        this.#hasCompany = true;
        return notYet;
      }
      result = this.#turn(hasLock, access, work);
    } catch (error) {
      this.#isLoaded = false;
      throw asStoreError(error, path);
    } finally {
      table.endReading();
      if (hasLock) lock.giveBack();
    }
    this.#ports.onTurn(this.#hasFrozen || this.#isFull);
    return result;
  }

  #turn<Result>(hasLock: boolean, access: Access, work: () => Result): Result | typeof notYet {
    const { clock, journal, writes } = this.#ports;
    this.#catchUp();
    if (!this.#isLoaded) {
      if (!hasLock) return notYet;
      journal.load(() => this.#ports.table.compacted());
      this.#isLoaded = true;
    }
    if (hasLock) {
      journal.cutOffTail();
      this.#freezeIfLarge();
    }
    if (access === "write") {
      this.#isFull = journal.bytes >= maxOvergrowth * this.#ports.generationBytes;
      if (this.#isFull) return notYet;
    }
    writes.beginTurn(this.#ports.sinceBootMs(), clock.nowMs());
    const result = hasLock ? work() : this.#read(work);
    const record = writes.endTurn();
    if (record !== undefined) journal.append(record);
    return result;
  }

  /**
   * Without the lock, others may have ended the active generation and compacted it while `work` was reading: then it has
   * read values from the table that are newer than those of the replica, and reads again.
   */
  #read<Result>(work: () => Result): Result | typeof notYet {
    const { journal, table } = this.#ports;
    for (;;) {
      const { generation } = journal;
      const result = work();
      if (!table.isReading) return result;
      this.#catchUp();
      if (!this.#isLoaded) return notYet;
      if (journal.generation === generation) return result;
      table.endReading();
    }
  }

  #catchUp(): void {
    if (!this.#isLoaded) return;
    const { journal } = this.#ports;
    const before = journal.position;
    this.#isLoaded = journal.catchUp();
    if (journal.position !== before) this.#hasCompany = true;
  }

  /** Ends the active generation, if it is large and its forerunner is in the table. */
  #freezeIfLarge(): void {
    const { replica, journal, generationBytes } = this.#ports;
    if (replica.frozen !== undefined || journal.bytes < generationBytes) return;
    replica.leases.prune(this.#ports.sinceBootMs());
    journal.beginGeneration();
    this.#hasFrozen = true;
  }

  #wait<Result>(access: Access, work: () => Result): Promise<Result> {
    const { clock } = this.#ports;
    if (this.#waiting.length >= maxWaiting) throw this.#unavailable("too many calls wait for it");
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
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
      };
      if (access === "makeRoom") this.#waiting.unshift(waiting);
      else this.#waiting.push(waiting);
      this.#cancelRetry ??= clock.after(retryMs, () => this.#retry());
    });
  }

  #retry(): void {
    const { clock } = this.#ports;
    this.#cancelRetry = undefined;
    for (let first = this.#waiting.shift(); first !== undefined; first = this.#waiting.shift()) {
      if (first.attempt()) continue;
      if (clock.monotonicMs() < first.untilMs) {
        this.#waiting.unshift(first);
        break;
      }
      const reason = this.#isFull
        ? `the journal is full: ${this.#ports.whyFull() ?? "the compactor is behind"}`
        : "another process keeps it locked";
      first.giveUp(this.#unavailable(reason));
    }
    if (this.#waiting.length > 0) this.#cancelRetry = clock.after(retryMs, () => this.#retry());
  }

  #unavailable(reason: string): StateUnavailableError {
    return new StateUnavailableError(`${this.#ports.path}: ${reason}`);
  }
}

const notYet = Symbol("not yet");
