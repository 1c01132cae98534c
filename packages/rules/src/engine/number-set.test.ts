import fc from "fast-check";
import { expect, test } from "vitest";
import { NumberSet } from "./number-set.ts";

const size = 200;
const lists = fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 30 }), { maxLength: 8 });
const rising = (numbers: Iterable<number>): number[] => [...numbers].toSorted((a, b) => a - b);

test("gives what was added since it was cleared and what is always there, each once, rising", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(size - 1), { maxLength: 5 }),
      fc.array(lists, { maxLength: 3 }),
      (always, turns) => {
        const set = new NumberSet(size, always);
        const numbers = new Uint32Array(size);
        for (const turn of turns) {
          set.clear();
          for (const [i, list] of turn.entries()) {
            if (i % 2 === 0) set.add(Uint32Array.from(rising(list)));
            else for (const number of list) set.addOne(number);
          }
          const count = set.writeTo(numbers);
          expect(Array.from(numbers.subarray(0, count))).toEqual(rising(new Set([...always, ...turn.flat()])));
        }
      },
    ),
  );
});

test("has room for numbers that stand in many lists", () => {
  const all = Uint32Array.from({ length: size }, (_, i) => i);
  const set = new NumberSet(size, []);
  const numbers = new Uint32Array(size);
  for (let i = 0; i < 50; i++) set.add(all);
  expect(set.writeTo(numbers)).toBe(size);
  expect(numbers).toEqual(all);
});
