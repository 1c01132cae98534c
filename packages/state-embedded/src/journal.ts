import { fsyncSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DataDamagedError } from "@acteon/core";
import type { Host } from "./host.ts";
import { flushNames } from "./flush-names.ts";
import { JournalFile, type JournalTail } from "./journal-file.ts";
import { type Snapshot, endText, readTurn, snapshotOf, snapshotText } from "./record.ts";
import type { Replica } from "./replica.ts";
import { isMissing } from "./sqlite-errors.ts";

export function journalPath(directory: string, generation: number): string {
  return join(directory, `journal-${generation}.log`);
}

/** The generations of which there is a file, in no promised order. */
export function journalGenerations(directory: string): readonly number[] {
  return readdirSync(directory)
    .map((name) => /^journal-(\d+)\.log$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number);
}

/** Who loads makes a successor again that a power loss has undone. */
type Access = "read" | "load";

/**
 * The journal of a directory: a file for each generation, of which the last is written. It keeps the replica up to date.
 * Whoever writes, or loads, has the writer's lock; reading needs none.
 */
export class Journal {
  readonly #directory: string;
  readonly #host: Host;
  readonly #replica: Replica;
  #generation = 0;
  #file: JournalFile | undefined;
  #snapshotBytes = 0;
  #tail: JournalTail = "nothing";

  constructor(directory: string, host: Host, replica: Replica) {
    this.#directory = directory;
    this.#host = host;
    this.#replica = replica;
  }

  /** Written in the active generation. */
  get bytes(): number {
    return this.#current().offset - this.#snapshotBytes;
  }

  /** Up to where it was read or written: another after each record. */
  get position(): number {
    return this.#generation * 2 ** 32 + this.#current().offset;
  }

  /** The one that is written. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Forgets what the replica holds, and reads all that is not in the table.
   * @param compacted Gives the last generation that is.
   * @throws {DataDamagedError} Files are missing, or have been exchanged.
   */
  load(compacted: () => number): void {
    this.#file?.close();
    this.#file = undefined;
    this.#replica.clear();
    const file = this.#openFirst(compacted);
    const snapshot = file === undefined ? undefined : readSnapshot(file);
    if (file === undefined || snapshot === undefined) {
      file?.close();
      throw new DataDamagedError(`${this.#path()} is missing or damaged; nothing was deleted`);
    }
    this.#moveTo(file, snapshot);
    this.#readOn("load");
    this.cutOffTail();
  }

  /** Reads what others have written since. False: it is no longer to be had, and all must be loaded. */
  catchUp(): boolean {
    return this.#readOn("read");
  }

  /**
   * What a writer does after it has read everything: whoever left the beginning of a record has died.
   * @throws {DataDamagedError} There is something else, and the machine was not started anew: no power loss has left it.
   */
  cutOffTail(): void {
    if (this.#tail === "nothing") return;
    const { bootId } = this.#host;
    const wasKilled = this.#tail === "beginning";
    if (!wasKilled && bootId !== undefined && this.#replica.bootId === bootId)
      throw new DataDamagedError(`${this.#path()} is damaged at byte ${this.#current().offset}; nothing was deleted`);
    this.#current().cutOff();
    this.#tail = "nothing";
  }

  append(record: string): void {
    this.#current().append(record);
  }

  /** Freezes the active generation, and begins the next. */
  beginGeneration(): void {
    const former = this.#current();
    const { next, snapshot } = this.#begin(former.offset);
    former.append(endText);
    this.#leave("read");
    this.#moveTo(next, snapshot);
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #readOn(access: Access): boolean {
    for (;;) {
      const file = this.#current();
      const bytesBefore = file.offset;
      const read = file.read();
      if ("tail" in read) {
        this.#tail = read.tail;
        return true;
      }
      if (read.record !== endText) {
        this.#readTurn(read.record);
        continue;
      }
      const next = this.#open(this.#generation + 1);
      const snapshot = next === undefined ? undefined : readSnapshot(next);
      if (next !== undefined && snapshot?.previousBytes === bytesBefore) {
        this.#leave(access);
        this.#moveTo(next, snapshot);
        continue;
      }
      next?.close();
      if (access === "read") return false;
      const made = this.#begin(bytesBefore);
      this.#leave(access);
      this.#moveTo(made.next, made.snapshot);
    }
  }

  #readTurn(record: string): void {
    try {
      readTurn(record, this.#replica, this.#replica.recent);
    } catch (cause) {
      if (!(cause instanceof DataDamagedError)) throw cause;
      const before = `the record before byte ${this.#current().offset} cannot be read`;
      throw new DataDamagedError(`${this.#path()}: ${before}; nothing was deleted`, { cause });
    }
  }

  /** The current file has ended. */
  #leave(access: Access): void {
    const { frozen } = this.#replica;
    if (frozen !== undefined) {
      if (access === "load")
        throw new DataDamagedError(`${this.#directory}: the table is older than the journal; nothing was deleted`);
      // Nobody ends a generation whose forerunner is not in the table. Who brought it there died before it said so.
      this.#replica.drop(frozen);
    }
    this.#current().close();
    this.#replica.freeze(this.#generation);
    this.#generation++;
  }

  #moveTo(file: JournalFile, snapshot: Snapshot): void {
    this.#file = file;
    this.#snapshotBytes = file.offset;
    this.#replica.restore(snapshot);
  }

  /** Begins the file of the next generation with what the replica says. */
  #begin(previousBytes: number): { readonly next: JournalFile; readonly snapshot: Snapshot } {
    const next = new JournalFile(journalPath(this.#directory, this.#generation + 1), "w+");
    const text = snapshotText(this.#replica.snapshot(previousBytes));
    next.append(text);
    // What the leases hold was cut from records, and keeps each of those in memory; now it is cut from this one.
    return { next, snapshot: snapshotOf(text) ?? this.#replica.snapshot(previousBytes) };
  }

  /** The file of the first generation that is not in the table. It may be compacted, and gone, before it is opened. */
  #openFirst(compacted: () => number): JournalFile | undefined {
    for (;;) {
      const last = compacted();
      this.#generation = last + 1;
      const isNew = last === 0 && journalGenerations(this.#directory).length === 0;
      if (isNew) beginJournal(this.#directory, snapshotText(this.#replica.snapshot(0)));
      const file = this.#open(this.#generation);
      if (file !== undefined || compacted() === last) return file;
    }
  }

  #open(generation: number): JournalFile | undefined {
    try {
      return new JournalFile(journalPath(this.#directory, generation), "r+");
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #current(): JournalFile {
    if (this.#file === undefined) throw new TypeError("the journal was not loaded");
    return this.#file;
  }

  #path(): string {
    return journalPath(this.#directory, this.#generation);
  }
}

function readSnapshot(file: JournalFile): Snapshot | undefined {
  const read = file.read();
  return "record" in read ? snapshotOf(read.record) : undefined;
}

/** Makes the first file of a journal, which from then on is there, and whole, whatever happens. */
function beginJournal(directory: string, snapshot: string): void {
  const path = journalPath(directory, 1);
  const file = new JournalFile(`${path}.new`, "w+");
  file.append(snapshot);
  fsyncSync(file.fd);
  file.close();
  renameSync(`${path}.new`, path);
  flushNames(directory);
}
