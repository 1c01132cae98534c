import { forEachShared, forEachTwin } from "./id-list.ts";
import { rawIdOf, splitLines } from "./line-front.ts";
import { release } from "./release.ts";
import { BodyReader } from "./segment-body.ts";
import type { BuiltSegment } from "./segment-builder.ts";
import type { SegmentTable } from "./segment-table.ts";

/**
 * The rows whose record the trail has already, or that come a second time in their segment. New ids are greater than all
 * before them, or nearly, so that few segments have to be asked, and mostly none. Equal hashes only raise the suspicion.
 */
export function repeatedRows({ segment, blocks }: BuiltSegment, table: SegmentTable): Set<number> {
  const own = new OwnLines(blocks);
  const repeated = new Set<number>();
  forEachTwin(segment.recordIds, (row, laterRow) => {
    if (own.id(row) === own.id(laterRow)) repeated.add(laterRow);
  });
  const candidates = table.withIdsBetween(segment.minId, segment.maxId);
  const few = candidates.length > 0 && segment.rows <= fewRows ? own.sortedIds() : undefined;
  for (const stored of candidates) {
    if (few !== undefined && !someBetween(few, stored.minId, stored.maxId)) continue;
    const suspects: { readonly row: number; readonly storedRow: number }[] = [];
    const storedIds = table.recordIds(stored.id);
    forEachShared(segment.recordIds, storedIds, (row, storedRow) => suspects.push({ row, storedRow }));
    release(storedIds);
    if (suspects.length === 0) continue;
    const reader = new BodyReader(table.body(stored.id));
    for (const { row, storedRow } of suspects.sort((a, b) => a.storedRow - b.storedRow)) {
      if (own.id(row) === rawIdOf(reader.line(storedRow))) repeated.add(row);
    }
  }
  return repeated;
}

/** So many ids are worth being sorted: late rows are few, and reach over many segments that hold nothing of their time. */
const fewRows = 512;

function someBetween(sortedIds: readonly Buffer[], minId: Uint8Array, maxId: Uint8Array): boolean {
  let from = 0;
  let to = sortedIds.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (Buffer.compare(sortedIds[middle] ?? minId, minId) < 0) from = middle + 1;
    else to = middle;
  }
  const id = sortedIds[from];
  return id !== undefined && Buffer.compare(id, maxId) <= 0;
}

/** Lines of the segment in question, taken apart when first asked for. */
class OwnLines {
  readonly #blocks: readonly Buffer[];
  #lines: readonly string[] | undefined;

  constructor(blocks: readonly Buffer[]) {
    this.#blocks = blocks;
  }

  id(row: number): string {
    this.#lines ??= this.#blocks.flatMap(splitLines).map(String);
    return rawIdOf(this.#lines[row] ?? "");
  }

  sortedIds(): Buffer[] {
    const ids = this.#blocks.flatMap(splitLines).map((line) => Buffer.from(rawIdOf(line.toString())));
    return ids.sort((a, b) => Buffer.compare(a, b));
  }
}
