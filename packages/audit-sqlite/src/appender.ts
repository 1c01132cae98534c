import type { DatabaseSync } from "node:sqlite";
import { forEachShared, forEachTwin } from "./id-list.ts";
import type { KnownProfiles } from "./known-profiles.ts";
import { rawIdOf, splitLines } from "./line-front.ts";
import { BodyReader } from "./segment-body.ts";
import { buildSegments } from "./segment-builder.ts";
import type { BuiltSegment, Segment } from "./segment-builder.ts";
import type { SegmentTable } from "./segment-table.ts";
import { inTransaction } from "./trail-database.ts";

/**
 * Writes the segments of a batch. Whoever has the write lock also looks whether the trail knows one of the ids already: a
 * record written twice is one record, the first (guarantees G9). New ids are greater than all before them, or nearly, so
 * that few segments have to be asked, and mostly none.
 */
export class Appender {
  readonly #database: DatabaseSync;
  readonly #table: SegmentTable;
  readonly #profiles: KnownProfiles;

  constructor(database: DatabaseSync, table: SegmentTable, profiles: KnownProfiles) {
    this.#database = database;
    this.#table = table;
    this.#profiles = profiles;
  }

  append(built: readonly BuiltSegment[]): void {
    inTransaction(this.#database, () => {
      for (const { segment, lines } of built) {
        const repeated = this.#repeatedRows(segment, lines);
        if (repeated.size === 0) this.#table.insert(segment);
        else if (repeated.size < segment.rows) this.#insertOthers(lines, repeated);
      }
    });
  }

  #insertOthers(lines: Buffer, repeated: ReadonlySet<number>): void {
    const kept = splitLines(lines).filter((_line, row) => !repeated.has(row));
    for (const { segment } of buildSegments(this.#profiles, Buffer.concat(kept), kept.length))
      this.#table.insert(segment);
  }

  #repeatedRows(segment: Segment, lines: Buffer): Set<number> {
    const repeated = new Set<number>();
    let ownLines: readonly Buffer[] | undefined;
    const ownId = (row: number): string => rawIdOf(((ownLines ??= splitLines(lines))[row] ?? lines).toString());
    forEachTwin(segment.recordIds, (row, laterRow) => {
      if (ownId(row) === ownId(laterRow)) repeated.add(laterRow);
    });
    for (const stored of this.#table.withIdsBetween(segment.minId, segment.maxId)) {
      const pairs: { row: number; storedRow: number }[] = [];
      forEachShared(segment.recordIds, this.#table.recordIds(stored), (row, storedRow) => {
        if (!repeated.has(row)) pairs.push({ row, storedRow });
      });
      if (pairs.length === 0) continue;
      const reader = new BodyReader(this.#table.body(stored));
      for (const { row, storedRow } of pairs.sort((a, b) => a.storedRow - b.storedRow)) {
        if (ownId(row) === rawIdOf(reader.line(storedRow))) repeated.add(row);
      }
    }
    return repeated;
  }
}
