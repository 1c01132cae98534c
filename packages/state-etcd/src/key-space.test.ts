import type { Namespace } from "@acteon/core";
import { stateKey, stateScope } from "@acteon/state";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeySpace } from "./key-space.ts";

const space = new KeySpace("acteon");
const key = stateKey(stateScope("orders" as Namespace, undefined), "state", "a");

test("due times sort as text as they do in time, before 1970 too", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
      const earlier = space.due("retry", Math.min(a, b), key);
      const later = space.due("retry", Math.max(a, b), key);
      expect(earlier <= later).toBe(true);
      const { from, to } = space.dueUntil("retry", Math.min(a, b));
      expect(from <= earlier && earlier < to).toBe(true);
      expect(later < to).toBe(a === b);
    }),
  );
});

test("no prefix of an operator's choice reaches into another", () => {
  const { from, to } = new KeySpace("a").all;
  for (const other of ["a/b", "a0", "ab", "A", ""]) {
    const raw = new KeySpace(other).of(key);
    expect(raw < from || raw >= to).toBe(true);
  }
});
