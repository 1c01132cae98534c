import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DataDamagedError } from "@acteon/core";
import type { Host } from "./host.ts";
import { JournalFile, type JournalRead, type JournalTail } from "./journal-file.ts";
import { endText, readTurn, snapshotOf, snapshotText } from "./record.ts";
import type { Replica } from "./replica.ts";

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
  #tail: JournalTail = "nothing";
  /** Files that were written, or may have been, and are left for their successors. */
  #left: JournalFile[] = [];

  constructor(directory: string, host: Host, replica: Replica) {
    this.#directory = directory;
    this.#host = host;
    this.#replica = replica;
  }

  /** Of the active generation. */
  get bytes(): number {
    return this.#current().offset;
  }

  /** The file that is written, for who makes it durable. */
  get fd(): number {
    return this.#current().fd;
  }

  /** Files whose successor is there; whoever takes them closes them. */
  takeLeft(): readonly JournalFile[] {
    const left = this.#left;
    this.#left = [];
    return left;
  }

  /**
   * Forgets what the replica holds, and reads all that is not in the table.
   * @param compacted The last generation that is.
   * @throws {DataDamagedError} Files are missing, or have been exchanged.
   */
  load(compacted: number): void {
    this.#file?.close();
    this.#file = undefined;
    this.#replica.clear();
    this.#generation = compacted + 1;
    const file = this.#open(this.#generation);
    const first = file?.read();
    const snapshot = first !== undefined && "record" in first ? snapshotOf(first.record) : undefined;
    if (file !== undefined && snapshot !== undefined) {
      this.#file = file;
      this.#replica.restore(snapshot);
    } else {
      file?.close();
      this.#beginFirst(compacted, first);
    }
    this.#readOn("write");
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
      throw new DataDamagedError(`${this.#path()} is damaged at byte ${this.bytes}; nothing was deleted`);
    this.#current().cutOff();
    this.#tail = "nothing";
  }

  append(record: string): void {
    this.#current().append(record);
  }

  /** Freezes the active generation, and begins the next. */
  beginGeneration(): void {
    const former = this.#current();
    const next = this.#begin(this.#generation + 1, former.offset);
    former.append(endText);
    this.#moveTo(next);
  }

  close(): void {
    for (const file of this.takeLeft()) file.close();
    this.#file?.close();
    this.#file = undefined;
  }

  /** Begins the journal of a new directory. @param found What is where it would begin, should its making have been cut off. */
  #beginFirst(compacted: number, found: JournalRead | undefined): void {
    const isNew = compacted === 0 && journalGenerations(this.#directory).every((generation) => generation === 1);
    if (!isNew || (found !== undefined && ("record" in found || found.tail === "wrong")))
      throw new DataDamagedError(`${this.#path()} is missing or damaged; nothing was deleted`);
    this.#file = this.#begin(1, 0);
  }

  /** @param access `write`: a successor that a power loss has undone is made again. */
  #readOn(access: "read" | "write"): boolean {
    for (;;) {
      const file = this.#current();
      const bytesBefore = file.offset;
      const read = file.read();
      if ("tail" in read) {
        this.#tail = read.tail;
        return true;
      }
      if (read.record !== endText) {
        readTurn(read.record, this.#replica, this.#replica.recent);
        continue;
      }
      const next = this.#open(this.#generation + 1);
      const first = next?.read();
      const snapshot = first !== undefined && "record" in first ? snapshotOf(first.record) : undefined;
      if (next !== undefined && snapshot?.previousBytes === bytesBefore) {
        this.#moveTo(next);
        this.#replica.restore(snapshot);
        continue;
      }
      next?.close();
      if (access === "read") return false;
      this.#moveTo(this.#begin(this.#generation + 1, bytesBefore));
    }
  }

  #moveTo(next: JournalFile): void {
    if (this.#replica.frozen !== undefined)
      throw new DataDamagedError(`${this.#directory}: the table is older than the journal; nothing was deleted`);
    this.#left.push(this.#current());
    this.#replica.freeze(this.#generation);
    this.#file = next;
    this.#generation++;
  }

  /** Begins the file of a generation with what the replica says. */
  #begin(generation: number, previousBytes: number): JournalFile {
    const file = new JournalFile(journalPath(this.#directory, generation), "w+");
    const text = snapshotText(this.#replica.snapshot(previousBytes));
    file.append(text);
    // What the leases hold was cut from records, and keeps each of them in memory; now it is cut from this one.
    const snapshot = snapshotOf(text);
    if (snapshot !== undefined) this.#replica.restore(snapshot);
    return file;
  }

  #open(generation: number): JournalFile | undefined {
    try {
      return new JournalFile(journalPath(this.#directory, generation), "r+");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
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
