import fc from "fast-check";
import { expect, test } from "vitest";
import { idFilterOf, mayHold } from "./id-filter.ts";
import { idEntry } from "./id-list.ts";

const hash = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test("a filter never denies an id that is there", () => {
  fc.assert(
    fc.property(fc.array(hash, { minLength: 1, maxLength: 50 }), (hashes) => {
      const filter = idFilterOf(Float64Array.from(hashes, idEntry));
      expect(hashes.filter((one) => !mayHold(filter, one))).toEqual([]);
    }),
  );
});

test("of ids that are not there it denies nearly all", () => {
  const spread = (n: number) => Math.imul(n, 0x85ebca6b) >>> 0;
  const filter = idFilterOf(Float64Array.from({ length: 4_000 }, (_, n) => idEntry(spread(n), n)));
  const absent = Array.from({ length: 20_000 }, (_, n) => spread(n + 4_000));
  expect(absent.filter((one) => mayHold(filter, one)).length).toBeLessThan(400);
});
