import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeIdList,
  encodeIdList,
  forEachShared,
  forEachTwin,
  idEntry,
  maxSegmentRows,
  rowsWithHash,
} from "./id-list.ts";
import type { IdList } from "./id-list.ts";

/** Few hashes, at both ends of what there is. */
const hash = fc.constantFrom(0, 1, 2, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1);
const hashes = fc.array(hash, { maxLength: 12 });

function listOf(hashesOfRows: readonly number[]): IdList {
  return Float64Array.from(hashesOfRows, idEntry).sort();
}

test("a list gives the rows of a hash, ascending, and no other", () => {
  fc.assert(
    fc.property(hashes, hash, (all, wanted) => {
      const rows = all.flatMap((one, row) => (one === wanted ? [row] : []));
      expect(rowsWithHash(listOf(all), wanted)).toEqual(rows);
    }),
  );
});

test("what two lists share, and what one has twice, is found", () => {
  fc.assert(
    fc.property(hashes, hashes, (a, b) => {
      const shared: [number, number][] = [];
      forEachShared(listOf(a), listOf(b), (row, other) => shared.push([row, other]));
      const pairs = a.flatMap((one, row) => b.flatMap((two, other) => (one === two ? [[row, other]] : [])));
      expect(shared.map(String).sort()).toEqual(pairs.map(String).sort());

      const twins: [number, number][] = [];
      forEachTwin(listOf(a), (row, later) => twins.push([row, later]));
      const twice = a.flatMap((one, row) =>
        a.flatMap((two, later) => (row < later && one === two ? [[row, later]] : [])),
      );
      expect(twins.map(String).sort()).toEqual(twice.map(String).sort());
    }),
  );
});

test("the greatest hash and the last row fit, and a list survives storing, also at an odd place in memory", () => {
  const list = Float64Array.of(idEntry(7, 0), idEntry(2 ** 32 - 1, maxSegmentRows - 1));
  expect(rowsWithHash(list, 2 ** 32 - 1)).toEqual([maxSegmentRows - 1]);
  const bytes = encodeIdList(list);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(decodeIdList(bytes)).toEqual(list);
  expect(decodeIdList(shifted.subarray(3))).toEqual(list);
});
