import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

const policy = { baseMs: 100, capMs: 30_000 };

test.each([
  [0, 0, 0],
  [0, 0.999, 99],
  [1, 0.5, 100],
  [3, 0.999, 799],
  [8, 0.999, 25_574],
  [9, 0.999, 29_970],
  [1_000, 0.5, 15_000],
])("before retry %i, chance %d gives %i ms", (attempt, chance, expected) => {
  expect(backoffMs(attempt, policy, () => chance)).toBe(expected);
});

test("the delay is a whole number in [0, min(cap, base · 2^attempt))", () => {
  const cases = fc.record({
    attempt: fc.nat(2_000),
    baseMs: fc.integer({ min: 1, max: 10_000 }),
    capMs: fc.integer({ min: 1, max: 600_000 }),
    chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, ({ attempt, baseMs, capMs, chance }) => {
      const delay = backoffMs(attempt, { baseMs, capMs }, () => chance);
      expect(Number.isInteger(delay)).toBe(true);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThan(Math.min(capMs, baseMs * 2 ** attempt));
    }),
  );
});

test.each([-1, 0.5, Number.NaN])("an attempt of %d is a bug in the caller", (attempt) => {
  expect(() => backoffMs(attempt, policy, () => 0)).toThrow(RangeError);
});
