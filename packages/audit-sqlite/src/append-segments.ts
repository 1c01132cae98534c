import type { DatabaseSync } from "node:sqlite";
import type { KnownProfiles } from "./known-profiles.ts";
import { splitLines } from "./line-front.ts";
import { repeatedRows } from "./repeated-rows.ts";
import { buildSegments } from "./segment-builder.ts";
import type { BuiltSegment } from "./segment-builder.ts";
import type { SegmentTable } from "./segment-table.ts";
import { inTransaction } from "./trail-database.ts";

/**
 * Writes the segments of a batch. Whoever holds the write lock also looks whether the trail knows one of the ids already: a
 * record written twice is one record, the first (guarantees G9).
 */
export function appendSegments(
  database: DatabaseSync,
  table: SegmentTable,
  profiles: KnownProfiles,
  built: readonly BuiltSegment[],
): void {
  inTransaction(database, () => {
    for (const one of built) {
      const repeated = repeatedRows(one, table);
      if (repeated.size === 0) table.insert(one.segment);
      else if (repeated.size < one.segment.rows) {
        const kept = one.blocks.flatMap(splitLines).filter((_line, row) => !repeated.has(row));
        for (const { segment } of buildSegments(profiles, Buffer.concat(kept), kept.length)) table.insert(segment);
      }
    }
  });
}
