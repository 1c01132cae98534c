import { createFakeClock } from "@acteon/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RevisionLog } from "./revision-log.ts";

test("a revision is told to be there no earlier than it was seen, and at most 10 ms later", () => {
  const steps = fc.array(fc.tuple(fc.nat({ max: 30 }), fc.integer({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, (sightings) => {
      const clock = createFakeClock();
      const log = new RevisionLog(clock);
      const firstSeenAtMs = new Map<number, number>();
      let revision = 0;
      for (const [ms, further] of sightings) {
        clock.advance(ms);
        for (let i = 0; i < further; i++) firstSeenAtMs.set(++revision, clock.monotonicMs());
        log.saw(revision);
      }
      for (const [each, atMs] of firstSeenAtMs) {
        expect(log.seenAtMs(each)).toBeGreaterThanOrEqual(atMs);
        expect(log.seenAtMs(each)).toBeLessThan(atMs + 10);
      }
      expect(log.seenAtMs(revision + 1)).toBeUndefined();
      expect(log.revision).toBe(revision);
    }),
  );
});

test("what was seen longer ago than any lease lasts is forgotten, and then counts as seen a little later", () => {
  const clock = createFakeClock();
  const log = new RevisionLog(clock);
  for (let revision = 1; revision <= 10_000; revision++) {
    log.saw(revision);
    clock.advance(1_000);
  }
  const nowMs = clock.monotonicMs();
  expect(nowMs - (log.seenAtMs(1) ?? nowMs)).toBeGreaterThan(600_000);
  expect(nowMs - (log.seenAtMs(9_999) ?? 0)).toBe(2_000);
});
