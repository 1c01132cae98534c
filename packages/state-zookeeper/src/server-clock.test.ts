import { createFakeClock } from "@acteon/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ServerClock } from "./server-clock.ts";

const leader = (epoch: number): number => epoch * 2 ** 32 + 1;

/** The server's time less ours. */
const leadMs = 1_000_000;

/** A write that took `there` ms to the server and `back` ms from it. */
function exchange(
  clock: ReturnType<typeof createFakeClock>,
  serverClock: ServerClock,
  [there, back]: readonly [number, number],
  lead = leadMs,
): void {
  const sentAtMs = clock.monotonicMs();
  clock.advance(there);
  const timeMs = Math.floor(clock.monotonicMs() + lead);
  clock.advance(back);
  serverClock.learn(leader(1), timeMs, sentAtMs);
}

test("L6: however long the ways were, what it is at least at the server is never more than what it is", () => {
  const way = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 500 }));
  fc.assert(
    fc.property(fc.array(way, { minLength: 1, maxLength: 10 }), (ways) => {
      const clock = createFakeClock();
      const serverClock = new ServerClock(clock);
      for (const each of ways) exchange(clock, serverClock, each);
      clock.advance(20_000);
      const nowMs = clock.monotonicMs() + leadMs;
      expect(serverClock.leastNowMs(leader(1))).toBeLessThanOrEqual(nowMs);
      const fastest = Math.min(...ways.map(([there, back]) => there + back));
      expect(Math.abs(serverClock.nowMs() - nowMs)).toBeLessThanOrEqual(fastest + 1);
    }),
  );
});

test("L6: another leader has another clock, and the first is not asked any more", () => {
  const clock = createFakeClock();
  const serverClock = new ServerClock(clock);
  exchange(clock, serverClock, [1, 1]);
  const sentAtMs = clock.monotonicMs();
  serverClock.learn(leader(2), 5_000, sentAtMs);
  expect(serverClock.leastNowMs(leader(1))).toBeUndefined();
  expect(serverClock.leastNowMs(leader(2))).toBe(5_000);
  serverClock.learn(leader(1), 9_000_000, sentAtMs); // late
  expect(serverClock.leastNowMs(leader(2))).toBe(5_000);
});

test("a server's clock that is set, either way, is followed at the next word of it", () => {
  for (const step of [-10_000, 10_000]) {
    const clock = createFakeClock();
    const serverClock = new ServerClock(clock);
    exchange(clock, serverClock, [1, 1]);
    exchange(clock, serverClock, [1, 1], leadMs + step);
    expect(Math.abs(serverClock.nowMs() - (clock.monotonicMs() + leadMs + step))).toBeLessThanOrEqual(3);
  }
});

test("after a while without a word it wants to hear one", () => {
  const clock = createFakeClock();
  const serverClock = new ServerClock(clock);
  expect(serverClock.isStale()).toBe(true);
  exchange(clock, serverClock, [1, 1]);
  expect(serverClock.isStale()).toBe(false);
  clock.advance(16_000);
  expect(serverClock.isStale()).toBe(true);
});
