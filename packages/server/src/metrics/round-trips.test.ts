import fc from "fast-check";
import { expect, test } from "vitest";
import { answersOf, mergeRoundTrips, quantileBoundMs, RoundTripHistogram, roundTripBoundsMs } from "./round-trips.ts";

function tripsOf(times: readonly number[]) {
  const histogram = new RoundTripHistogram();
  for (const ms of times) histogram.record(ms);
  return histogram.snapshot();
}

test("each answer is counted once, in the first bucket whose bound it keeps", () => {
  const { counts, sumMs } = tripsOf([0, 0.1, 0.11, 5_000, 5_001]);
  expect(counts).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
  expect(sumMs).toBeCloseTo(10_001.21);
});

test("a quantile is the least bound that keeps that share of the answers", () => {
  expect(quantileBoundMs(tripsOf([]), 0.5)).toBeUndefined();
  expect(quantileBoundMs(tripsOf([9_999]), 0.5)).toBeUndefined();
  const times = fc.array(fc.double({ min: 0, max: 4_999, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(times, fc.constantFrom(0.5, 0.9, 0.99, 1), (all, share) => {
      const bound = quantileBoundMs(tripsOf(all), share) ?? 0;
      const kept = (limit: number): number => all.filter((ms) => ms <= limit).length / all.length;
      expect(kept(bound)).toBeGreaterThanOrEqual(share);
      for (const lower of roundTripBoundsMs.filter((each) => each < bound)) expect(kept(lower)).toBeLessThan(share);
    }),
  );
});

test("those of several processes are added", () => {
  const merged = mergeRoundTrips([tripsOf([1, 2]), tripsOf([2, 9_000])]);
  expect(merged).toEqual(tripsOf([1, 2, 2, 9_000]));
  expect(answersOf(merged)).toBe(4);
});
