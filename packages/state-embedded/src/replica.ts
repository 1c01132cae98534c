import { DataDamagedError } from "@acteon/core";
import type { Host } from "./host.ts";
import { type Journal, type Position, ringSlots } from "./journal.ts";
import { LeaseTable, type Lease } from "./lease-table.ts";
import { type Entry, Memtable } from "./memtable.ts";
import { type RecordReader, type Snapshot, readRecord, snapshotText } from "./record.ts";

/** Of the snapshot that a new journal begins with. */
export const firstSeq = 1;

/**
 * What the journal says, in the memory of this process: a pure function of the records from the tail on. Every process of
 * the directory has its own, and reads what others appended before it decides anything.
 */
export class Replica implements RecordReader {
  readonly memtable = new Memtable();
  readonly leases: LeaseTable;
  lastVersion = 0;
  lastToken = 0;
  usesLists = false;
  readonly #path: string;
  /** The snapshot that a load begins with. */
  #tail: Position = { slot: 0, seq: 0 };
  /** The snapshot that ends the frozen generation, while there is one. */
  #frozenBy: Position | undefined;
  /** Where the record that is being read lies. */
  #reading: Position = this.#tail;

  constructor(host: Host, path: string) {
    this.leases = new LeaseTable(host);
    this.#path = path;
  }

  get frozenBy(): Position | undefined {
    return this.#frozenBy;
  }

  /** Where the journal begins. */
  get tail(): Position {
    return this.#tail;
  }

  /** Rows from the tail, or from the last snapshot, up to the end of the journal. */
  rows(journal: Journal, from: "tail" | "lastSnapshot"): number {
    const first = from === "tail" ? this.#tail : (this.#frozenBy ?? this.#tail);
    return (journal.next.slot - first.slot + ringSlots) % ringSlots;
  }

  /**
   * Forgets everything, and reads what there is from `tail` on.
   * @throws {DataDamagedError} There is no snapshot at the tail, in a journal that is not new.
   */
  load(journal: Journal, tail: Position): void {
    this.memtable.clear();
    this.#frozenBy = undefined;
    this.#tail = tail;
    journal.moveTo(tail);
    const isWhole = this.catchUp(journal) === "done" && (journal.next.seq > tail.seq || tail.seq === firstSeq);
    if (!isWhole)
      throw new DataDamagedError(`${this.#path}: the journal does not begin where it should; nothing was deleted`);
  }

  /** Reads what was appended since. */
  catchUp(journal: Journal): "done" | "overtaken" {
    for (;;) {
      this.#reading = journal.next;
      const record = journal.read();
      if (record === undefined) return "done";
      if (record === "overtaken") return "overtaken";
      readRecord(record, this);
    }
  }

  /** Ends the active generation with a snapshot. */
  appendSnapshot(journal: Journal, sinceBootMs: number): void {
    this.leases.prune(sinceBootMs);
    const { lastVersion, lastToken, usesLists } = this;
    this.#reading = journal.next;
    const snapshot = { lastVersion, lastToken, usesLists, leases: [...this.leases.entries()] };
    journal.append(snapshotText(snapshot));
    this.freeze(snapshot);
  }

  put(text: string, { value, version, expiresAtMs, tuple }: Omit<Entry, "isFirst">): void {
    this.memtable.put(text, { value, version, expiresAtMs, tuple, isFirst: false });
  }

  remove(text: string, hadNothingBelow: boolean): void {
    if (hadNothingBelow) this.memtable.forget(text);
    else this.memtable.remove(text);
  }

  acquire(lock: string, lease: Lease): void {
    this.leases.put(lock, lease);
  }

  extend(lock: string, endsAtMs: number, leaseMs: number): void {
    const lease = this.leases.find(lock);
    if (lease !== undefined) this.leases.put(lock, { ...lease, endsAtMs, leaseMs });
  }

  release(lock: string, atMs: number): void {
    this.leases.release(lock, atMs);
  }

  useList(): void {
    this.usesLists = true;
  }

  boot(atMs: number): void {
    this.leases.endAll(atMs);
  }

  drop(snapshotSeq: number): void {
    if (this.#frozenBy?.seq !== snapshotSeq) return;
    this.memtable.dropFrozen();
    this.#tail = this.#frozenBy;
    this.#frozenBy = undefined;
  }

  count(lastVersion: number, lastToken: number): void {
    this.lastVersion = lastVersion;
    this.lastToken = lastToken;
  }

  freeze({ lastVersion, lastToken, usesLists, leases }: Snapshot): void {
    this.count(lastVersion, lastToken);
    this.usesLists = usesLists;
    this.leases.replaceAll(leases);
    // The snapshot at the tail is where a load begins: before it there is nothing.
    if (this.#reading.seq === this.#tail.seq) return;
    this.memtable.freeze();
    this.#frozenBy = this.#reading;
  }
}
