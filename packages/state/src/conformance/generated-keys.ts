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

const separator = fc.constantFrom("/", ":", "#", "=", "", "=2F");

/**
 * Two keys that are one text when their components are joined carelessly: the second has the components of the first, joined
 * and cut elsewhere.
 */
const resplitKeys: fc.Arbitrary<readonly [StateKey, StateKey]> = fc
  .tuple(
    fc.tuple(hostileText, hostileText, hostileText, hostileText),
    separator,
    fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
  )
  .map(([parts, joint, cuts]) => {
    const joined = parts.join(joint);
    const [a = 0, b = 0, c = 0] = cuts.map((cut) => cut % (joined.length + 1)).toSorted((x, y) => x - y);
    const cut = (from: number, to?: number): string => joined.slice(from, to).toWellFormed();
    const recut = [cut(0, a), cut(a, b), cut(b, c), cut(c)] as const;
    return [executionKey(parts), executionKey(recut)];
  });

function executionKey([namespace, tenant, first, second]: readonly [string, string, string, string]): StateKey {
  return stateKey(scopeOf(namespace, tenant), "execution", first, second);
}

/** Two keys of which nothing is known, or of which much is the same. */
export const anyTwoKeys = fc.oneof(fc.tuple(anyKey, anyKey), resplitKeys);
