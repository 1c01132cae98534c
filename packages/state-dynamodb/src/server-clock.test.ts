import { createFakeClock } from "@acteon/core/testing";
import { expect, test } from "vitest";
import { ServerClock } from "./server-clock.ts";

/** An answer that took `tripMs`, from a server that is ahead by `aheadMs`, whose `Date` has whole seconds. */
function answer(
  clock: ReturnType<typeof createFakeClock>,
  server: ServerClock,
  { tripMs, trueOffsetMs }: { readonly tripMs: number; readonly trueOffsetMs: number },
): void {
  const sentAtMs = clock.monotonicMs();
  clock.advance(tripMs / 2);
  const dateMs = Math.floor((clock.monotonicMs() + trueOffsetMs) / 1_000) * 1_000;
  clock.advance(tripMs / 2);
  server.observe(dateMs, sentAtMs);
}

test("a clock that agrees with the server is left alone", () => {
  const clock = createFakeClock();
  const server = new ServerClock(clock);
  const trueOffsetMs = clock.nowMs() - clock.monotonicMs();
  for (let i = 0; i < 50; i++) {
    answer(clock, server, { tripMs: 4, trueOffsetMs });
    clock.advance(137);
    expect(server.nowMs()).toBe(Math.floor(clock.nowMs()));
  }
  expect(server.aheadMs()).toBeLessThan(1);
});

test.each([600_000, -600_000, 3_600_000])("a clock that is off by %d ms is soon right to a round trip", (offMs) => {
  const clock = createFakeClock();
  const trueOffsetMs = clock.nowMs() - clock.monotonicMs() - offMs;
  const server = new ServerClock(clock);
  const errorMs = () => Math.abs(server.nowMs() - (clock.monotonicMs() + trueOffsetMs));
  answer(clock, server, { tripMs: 4, trueOffsetMs });
  expect(errorMs()).toBeLessThanOrEqual(1_004);
  for (let i = 0; i < 100; i++) {
    clock.advance(93);
    answer(clock, server, { tripMs: 4, trueOffsetMs });
  }
  expect(errorMs()).toBeLessThanOrEqual(60);
  expect(server.aheadMs()).toBeCloseTo(offMs, -2);
});

test("a wall clock that steps while the store is open changes nothing (§8 row 71)", () => {
  const clock = createFakeClock();
  const server = new ServerClock(clock);
  const trueOffsetMs = clock.nowMs() - clock.monotonicMs();
  answer(clock, server, { tripMs: 4, trueOffsetMs });
  const before = server.nowMs();
  clock.stepWallClock(3_600_000);
  clock.advance(10);
  expect(server.nowMs()).toBe(before + 10);
});

test("a server whose clock was set is followed", () => {
  const clock = createFakeClock();
  const server = new ServerClock(clock);
  const trueOffsetMs = clock.nowMs() - clock.monotonicMs();
  for (let i = 0; i < 20; i++) {
    answer(clock, server, { tripMs: 4, trueOffsetMs });
    clock.advance(93);
  }
  answer(clock, server, { tripMs: 4, trueOffsetMs: trueOffsetMs + 60_000 });
  expect(server.nowMs() - (clock.monotonicMs() + trueOffsetMs)).toBeGreaterThanOrEqual(58_996);
});
