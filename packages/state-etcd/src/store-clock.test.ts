import { createFakeClock } from "@acteon/core/testing";
import type { FakeClock } from "@acteon/core/testing";
import { expect, test } from "vitest";
import type { ClockLead } from "./server-date.ts";
import { StoreClock } from "./store-clock.ts";

const hourMs = 3_600_000;

/** A clock next to a server whose time is the fake clock's elapsed one, told to the second. */
function beside({ leadMs }: { readonly leadMs: number }) {
  const clock: FakeClock = createFakeClock();
  const startMs = clock.nowMs();
  const serverMs = (): number => startMs + leadMs + clock.monotonicMs();
  const corrections: number[] = [];
  const storeClock = new StoreClock(clock, {
    readLead: async (): Promise<ClockLead> => {
      const dateMs = Math.floor(serverMs() / 1_000) * 1_000;
      return { leastMs: dateMs - clock.nowMs(), mostMs: dateMs + 1_000 - clock.nowMs() };
    },
    onCorrected: (lead) => corrections.push(lead),
  });
  return { clock, storeClock, serverMs, corrections };
}

test("a machine that is in step with the server goes by its own clock, to the millisecond", async () => {
  for (const leadMs of [0, 400, -400, 990, -990]) {
    const { clock, storeClock, corrections } = beside({ leadMs });
    await storeClock.start();
    expect(storeClock.nowMs()).toBe(clock.nowMs());
    expect(corrections).toEqual([]);
  }
});

test("a machine whose clock is off goes by the server's, and says so (guarantees §8 row 71)", async () => {
  for (const leadMs of [600_000, -600_000, 5_300, -5_300]) {
    const { clock, storeClock, serverMs, corrections } = beside({ leadMs });
    await storeClock.start();
    for (let i = 0; i < 10; i++) {
      expect(Math.abs(storeClock.nowMs() - serverMs())).toBeLessThanOrEqual(1_000);
      await clock.advanceAsync(12_345);
    }
    expect(corrections.length).toBeLessThanOrEqual(2);
    expect(Math.abs((corrections[0] ?? 0) - leadMs)).toBeLessThanOrEqual(500);
    storeClock.close();
  }
});

test("somebody who sets the clock moves nothing, neither at once nor once the server was asked", async () => {
  const { clock, storeClock, serverMs } = beside({ leadMs: 0 });
  await storeClock.start();
  for (const stepMs of [hourMs, -hourMs, -hourMs, hourMs]) {
    clock.stepWallClock(stepMs);
    expect(Math.abs(storeClock.nowMs() - serverMs())).toBeLessThanOrEqual(1_000);
    await clock.advanceAsync(31_000);
    expect(Math.abs(storeClock.nowMs() - serverMs())).toBeLessThanOrEqual(1_000);
  }
  storeClock.close();
  expect(clock.nextDueMs()).toBeUndefined();
});

test("a server that does not tell its time leaves the machine's clock as it is", async () => {
  const clock = createFakeClock();
  const storeClock = new StoreClock(clock, { readLead: async () => undefined, onCorrected: () => {} });
  await storeClock.start();
  expect(storeClock.nowMs()).toBe(clock.nowMs());
  storeClock.close();
});
