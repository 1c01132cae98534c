import type { Namespace, TenantId } from "@acteon/core";
import { stateKey, stateScope } from "@acteon/state";
import type { StateKey } from "@acteon/state";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyMap } from "./key-map.ts";

/** Few ids, so that many keys begin alike. */
const anyKey: fc.Arbitrary<StateKey> = fc
  .record({
    tenant: fc.constantFrom("a", "b", undefined),
    kind: fc.constantFrom("execution", "lock"),
    first: fc.constantFrom("x", "y", undefined, "", "long".repeat(200)),
    second: fc.constantFrom("1", "2", undefined),
  })
  .map(({ tenant, kind, first, second }) =>
    stateKey(stateScope("n" as Namespace, tenant as TenantId | undefined), kind, first, second),
  );

test("K5: is a map by the whole key, however many keys begin alike", () => {
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
