import { KeyMap } from "@acteon/state";
import type { StateKey } from "@acteon/state";
import type { Journal } from "./journal.ts";
import { MinHeap } from "./min-heap.ts";

/** What a table holds under a key. A row is never changed, only replaced, so that the journal can put the old one back. */
export abstract class Row {
  readonly key: StateKey;
  /** On the store's monotonic clock; from here on the row counts as absent. Infinity: never. */
  readonly expiresAtMs: number;
  /** Where the table keeps it for reclaiming; the table's own. */
  bucket: Bucket | undefined = undefined;
  slot = 0;

  constructor(key: StateKey, expiresAtMs: number) {
    this.key = key;
    this.expiresAtMs = expiresAtMs;
  }
}

/** Rows that expire within the same second, in any order. */
interface Bucket {
  /** Everything in it has expired by then. */
  readonly dueAtMs: number;
  readonly rows: Row[];
}

/** Width of a bucket: how much longer than its life a row's memory may be kept. */
const bucketMs = 1_000;

/**
 * Rows by key. A row that may expire lies in a bucket as well, from which it is taken in constant time when it is replaced: so
 * nothing but live rows, and expired ones not yet reclaimed, takes memory, and there is neither a timer nor a heap node per
 * key.
 */
export class Table<Held extends Row> {
  readonly #journal: Journal<Row>;
  readonly #rows = new KeyMap<Held>();
  readonly #buckets = new Map<number, Bucket>();
  readonly #due = new MinHeap<Bucket>((bucket) => bucket.dueAtMs);
  /** The bucket of the last row: nearly always that of the next. */
  #recent: Bucket | undefined;

  constructor(journal: Journal<Row>) {
    this.#journal = journal;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The row under that key, expired or not. */
  find(key: StateKey): Held | undefined {
    return this.#rows.get(key);
  }

  /** @param previous What `find` gives: whoever writes has just looked. */
  put(row: Held, previous: Held | undefined): void {
    this.#journal.record(this, row.key, previous);
    if (previous !== undefined) unlink(previous);
    this.#rows.set(row);
    if (row.expiresAtMs !== Infinity) this.#link(row);
  }

  remove(row: Held): void {
    this.#journal.record(this, row.key, row);
    unlink(row);
    this.#rows.delete(row.key);
  }

  /** For the journal: as it was before a write. */
  restore(key: StateKey, previous: Held | undefined): void {
    const written = this.#rows.get(key);
    if (written !== undefined) unlink(written);
    if (previous === undefined) {
      this.#rows.delete(key);
      return;
    }
    this.#rows.set(previous);
    if (previous.expiresAtMs !== Infinity) this.#link(previous);
  }

  rows(): Generator<Held, void, void> {
    return this.#rows.values();
  }

  /** Drops up to `limit` rows that have expired, and maybe are long gone; returns how many it dropped. */
  reclaim(nowMs: number, limit: number): number {
    let dropped = 0;
    for (;;) {
      const bucket = this.#due.least();
      if (bucket === undefined || bucket.dueAtMs > nowMs) return dropped;
      for (; dropped < limit; dropped++) {
        const row = bucket.rows.pop();
        if (row === undefined) break;
        row.bucket = undefined;
        this.#rows.delete(row.key);
      }
      if (bucket.rows.length > 0) return dropped;
      this.#due.popLeast();
      this.#buckets.delete(bucket.dueAtMs);
      if (this.#recent === bucket) this.#recent = undefined;
    }
  }

  #link(row: Held): void {
    const dueAtMs = Math.ceil(row.expiresAtMs / bucketMs) * bucketMs;
    let bucket = this.#recent;
    if (bucket?.dueAtMs !== dueAtMs) {
      bucket = this.#buckets.get(dueAtMs) ?? this.#open(dueAtMs);
      this.#recent = bucket;
    }
    row.bucket = bucket;
    row.slot = bucket.rows.push(row) - 1;
  }

  #open(dueAtMs: number): Bucket {
    const bucket: Bucket = { dueAtMs, rows: [] };
    this.#buckets.set(dueAtMs, bucket);
    this.#due.push(bucket);
    return bucket;
  }
}

function unlink(row: Row): void {
  const { bucket, slot } = row;
  if (bucket === undefined) return;
  row.bucket = undefined;
  const last = bucket.rows.pop() as Row;
  if (last === row) return;
  bucket.rows[slot] = last;
  last.slot = slot;
}
