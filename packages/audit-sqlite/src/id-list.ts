/** A row number has 15 bits beside the 32 of a hash, so that both fit into one exact number. */
export const maxSegmentRows = 32_768;

/**
 * The ids of a segment: one number an id, its hash above the number of its row, sorted. Equal ids stand together, and a
 * search is a few comparisons.
 */
export type IdList = Float64Array;

export function idEntry(hash: number, row: number): number {
  return hash * maxSegmentRows + row;
}

export function rowOf(entry: number): number {
  return entry % maxSegmentRows;
}

export function hashOf(entry: number): number {
  return Math.floor(entry / maxSegmentRows);
}

/** Rows whose id has this hash. */
export function rowsWithHash(list: IdList, hash: number): number[] {
  const rows: number[] = [];
  for (let at = lowerBound(list, idEntry(hash, 0)); at < list.length; at++) {
    const entry = list[at] ?? 0;
    if (hashOf(entry) !== hash) break;
    rows.push(rowOf(entry));
  }
  return rows;
}

/** Where the first entry stands that is not smaller. */
function lowerBound(list: IdList, entry: number): number {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((list[middle] ?? 0) < entry) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Calls `visit` for each pair of a row of `a` and a row of `b` with the same hash. */
export function forEachShared(a: IdList, b: IdList, visit: (rowOfA: number, rowOfB: number) => void): void {
  let j = 0;
  for (const entry of a) {
    const hash = hashOf(entry);
    while (j < b.length && hashOf(b[j] ?? 0) < hash) j += 1;
    for (let k = j; k < b.length && hashOf(b[k] ?? 0) === hash; k++) visit(rowOf(entry), rowOf(b[k] ?? 0));
  }
}

/** Calls `visit` for each pair of rows, the earlier one first, that have the same hash. */
export function forEachTwin(list: IdList, visit: (row: number, laterRow: number) => void): void {
  for (let at = 1; at < list.length; at++) {
    const hash = hashOf(list[at] ?? 0);
    for (let before = at - 1; before >= 0 && hashOf(list[before] ?? 0) === hash; before--) {
      visit(rowOf(list[before] ?? 0), rowOf(list[at] ?? 0));
    }
  }
}

export function encodeIdList(list: IdList): Uint8Array {
  return new Uint8Array(list.buffer, list.byteOffset, list.byteLength);
}

export function decodeIdList(blob: Uint8Array): IdList {
  // A typed array begins at a multiple of its element's size.
  const bytes = blob.byteOffset % 8 === 0 ? blob : blob.slice();
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 3);
}
