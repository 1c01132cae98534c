import fc from "fast-check";
import { expect, test } from "vitest";
import { scopeOf } from "./conformance/fixtures.ts";
import { KeyMap } from "./key-map.ts";
import { stateKey } from "./state-key.ts";
import type { StateKey } from "./state-key.ts";

/** Few tuples, and hardly any hashes, so that keys are met again and collide. */
const anyKey: fc.Arbitrary<StateKey> = fc
  .record({
    tenant: fc.constantFrom("a", "b", undefined),
    kind: fc.constantFrom("execution", "lock"),
    first: fc.constantFrom("x", "y", undefined, "", "long".repeat(200)),
    second: fc.constantFrom("1", "2", undefined),
  })
  .map(({ tenant, kind, first, second }) => {
    const key = stateKey(scopeOf("n", tenant), kind, first, second);
    return { ...key, hash: key.hash & 3 };
  });

test("K5: is a map by the whole key, however many share a hash", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyKey, fc.boolean()), { maxLength: 60 }), (steps) => {
      const map = new KeyMap<{ readonly key: StateKey }>();
      const model = new Map<string, { readonly key: StateKey }>();
      for (const [key, sets] of steps) {
        if (sets) {
          const entry = { key };
          map.set(entry);
          model.set(key.fullText, entry);
        } else {
          map.delete(key);
          model.delete(key.fullText);
        }
        expect(map.size).toBe(model.size);
        for (const [again] of steps) expect(map.get(again)).toBe(model.get(again.fullText));
      }
      expect(new Set(map.values())).toEqual(new Set(model.values()));
    }),
  );
});

test("keys that count up, or are random at either end or in the middle, seldom share a hash", () => {
  const scope = scopeOf("orders", "acme");
  const shapes: readonly ((i: number) => string)[] = [
    (i) => `${i}`,
    (i) => `order-${String(i).padStart(8, "0")}`,
    (i) => `a-rather-long-prefix-of-orders-${String(i).padStart(12, "0")}`,
    (i) => `${String(i).padStart(12, "0")}-a-rather-long-suffix-of-orders`,
    (i) => `order-${((i + 1) * 2_654_435_761).toString(36).padStart(16, "x")}-of-acme`,
    (i) =>
      `0192f0c1-${i.toString(16).padStart(4, "0")}-7000-8000-${((i + 1) * 0x9e37_79b9).toString(16).padStart(12, "0")}`,
  ];
  for (const shape of shapes) {
    const hashes = new Set(Array.from({ length: 10_000 }, (_, i) => stateKey(scope, "dedup", shape(i)).hash));
    expect(hashes.size).toBeGreaterThan(9_900);
  }
  const tenants = Array.from(
    { length: 10_000 },
    (_, i) => stateKey(scopeOf("orders", `tenant-${i}`), "throttle", "daily").hash,
  );
  expect(new Set(tenants).size).toBeGreaterThan(9_900);
});
