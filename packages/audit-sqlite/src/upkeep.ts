import type { DatabaseSync } from "node:sqlite";
import type { KnownProfiles } from "./known-profiles.ts";
import { splitLines } from "./line-front.ts";
import { decodeBody, decompressBlock } from "./segment-body.ts";
import { buildSegments } from "./segment-builder.ts";
import type { SegmentEntry, SegmentTable } from "./segment-table.ts";
import { inTransaction } from "./trail-database.ts";

/**
 * Segments of one size are merged when there are sixteen, so that a row is written again at most three times and a trail
 * that grows slowly still has few segments. What has 1,024 rows stays as it is: from some 25,000 rows a second on
 * nothing is written twice.
 */
const sizes = [
  { minRows: 1, maxRows: 7 },
  { minRows: 8, maxRows: 127 },
  { minRows: 128, maxRows: 1_023 },
];
const segmentsOfMerge = 16;
/** Holds a merge to about 20 ms, in which nobody else can write. */
const maxMergedRows = 8_192;

/** Keeps the trail in good order: merges small segments, removes what is old. */
export class Upkeep {
  readonly #database: DatabaseSync;
  readonly #table: SegmentTable;
  readonly #profiles: KnownProfiles;

  constructor(database: DatabaseSync, table: SegmentTable, profiles: KnownProfiles) {
    this.#database = database;
    this.#table = table;
    this.#profiles = profiles;
  }

  /** Merges once, if there is something to merge; says whether there was. */
  mergeSome(): boolean {
    return sizes.some(({ minRows, maxRows }) => {
      if (this.#table.ofSize(minRows, maxRows, segmentsOfMerge).length < segmentsOfMerge) return false;
      inTransaction(this.#database, () => this.#merge(this.#table.ofSize(minRows, maxRows, segmentsOfMerge)));
      return true;
    });
  }

  #merge(entries: readonly SegmentEntry[]): void {
    let rows = 0;
    const merged = entries.filter((entry) => (rows += entry.rows) <= maxMergedRows);
    if (merged.length < 2) return; // another process was faster
    this.#replace(merged, Buffer.concat(merged.map(({ id }) => this.#linesOf(id))));
  }

  /** Removes what was dispatched before, with a stop after each segment; returns how many records went. */
  *removeBefore(dispatchedAtMs: number): Generator<undefined, number> {
    let removed = 0;
    for (;;) {
      const rows = inTransaction(this.#database, () => this.#removeFromOldest(dispatchedAtMs));
      if (rows === 0) return removed;
      removed += rows;
      yield;
    }
  }

  #removeFromOldest(dispatchedAtMs: number): number {
    const entry = this.#table.oldestBegunBefore(dispatchedAtMs);
    if (entry === undefined) return 0;
    if (entry.maxAtMs < dispatchedAtMs) {
      this.#table.delete(entry.id);
      return entry.rows;
    }
    const { times } = this.#table.columns(entry.id);
    const kept = splitLines(this.#linesOf(entry.id)).filter((_line, row) => (times[row] ?? 0) >= dispatchedAtMs);
    this.#replace([entry], Buffer.concat(kept));
    return entry.rows - kept.length;
  }

  #linesOf(id: number): Buffer {
    return Buffer.concat(decodeBody(this.#table.body(id)).map(decompressBlock));
  }

  #replace(entries: readonly SegmentEntry[], lines: Buffer): void {
    for (const { id } of entries) this.#table.delete(id);
    const rows = entries.reduce((sum, entry) => sum + entry.rows, 0);
    for (const { segment } of buildSegments(this.#profiles, lines, rows)) this.#table.insert(segment);
  }
}
