import { constants, PerformanceObserver } from "node:perf_hooks";
import type { PerformanceEntry } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { createFakeClock } from "@acteon/core/testing";
import { expect, test } from "vitest";
import { giveMemoryBack } from "./give-memory-back.ts";

/** Counts the collections of all there is that this process has made: nothing else asks for those. */
function countCollections(): { readonly count: () => Promise<number> } & Disposable {
  let forced = 0;
  const take = (entries: readonly PerformanceEntry[]): void => {
    for (const entry of entries) {
      const { flags } = (entry as PerformanceEntry & { readonly detail: { readonly flags: number } }).detail;
      if ((flags & constants.NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE) !== 0) forced++;
    }
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ entryTypes: ["gc"] });
  return {
    async count() {
      await sleep(20);
      take(observer.takeRecords());
      return forced;
    },
    [Symbol.dispose]: () => observer.disconnect(),
  };
}

test("memory is given back once, in the first second in which nothing was dispatched", async () => {
  using collections = countCollections();
  const clock = createFakeClock();
  let dispatched = 0;
  giveMemoryBack(clock, () => dispatched);
  for (let second = 0; second < 3; second++) {
    dispatched++;
    clock.advance(1_000);
  }
  expect(await collections.count()).toBe(0);
  clock.advance(1_000);
  const once = await collections.count();
  expect(once).toBeGreaterThan(0);
  dispatched++;
  clock.advance(10_000);
  expect(await collections.count()).toBe(once);
});

test("a server that is closed before gives nothing back", async () => {
  using collections = countCollections();
  const clock = createFakeClock();
  const cancel = giveMemoryBack(clock, () => 0);
  cancel();
  clock.advance(10_000);
  expect(await collections.count()).toBe(0);
});
