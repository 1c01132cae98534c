import fc from "fast-check";
import { stateKey } from "../state-key.ts";
import type { StateKey } from "../state-key.ts";
import { scopeOf } from "./fixtures.ts";

/**
 * Texts that a careless encoding confuses: separators and escapes of every layout, and words of which others are parts. Of few
 * letters, so that two of them often join to the same text when they are cut elsewhere.
 */
const hostileText = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.string({ unit: fc.constantFrom("a", "b", "/", ":", "#", "=", "{", "}", "-", "_"), maxLength: 4 }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "=-",
      "=_",
      "=h",
      "=2F",
      "%2F",
      "..",
      "*",
      "_global",
      "v1",
      "lock",
      "état",
      "😀",
      "\u0001",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 8 }) },
  { weight: 1, arbitrary: fc.nat({ max: 20 }).map((n) => "a".repeat(395 + n)) },
);

const component = fc.option(hostileText, { nil: undefined, freq: 6 });

const anyScope = fc.tuple(hostileText, component).map(([namespace, tenant]) => scopeOf(namespace, tenant));

/** Keys of kinds with ids of one and of two components. */
export const anyKey: fc.Arbitrary<StateKey> = fc.oneof(
  fc
    .tuple(anyScope, fc.constantFrom("state", "dedup", "suppression"), component)
    .map(([scope, kind, id]) => stateKey(scope, kind, id)),
  fc
    .tuple(anyScope, fc.constantFrom("execution", "counter"), component, component)
    .map(([scope, kind, first, second]) => stateKey(scope, kind, first, second)),
);
