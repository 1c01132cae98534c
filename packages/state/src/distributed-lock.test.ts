import { LockTimeoutError, StateUnavailableError } from "@acteon/core";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import type { FakeClock } from "@acteon/core/testing";
import { openMemoryState } from "@acteon/state-memory";
import type { MemoryStateStore } from "@acteon/state-memory";
import { describe, expect, test, vi } from "vitest";
import { lockName } from "./conformance/fixtures.ts";
import { acquireLock, createDistributedLock, tryAcquireLock } from "./distributed-lock.ts";
import type { DistributedLock } from "./distributed-lock.ts";
import { LockLostError } from "./lock-lost-error.ts";
import type { GroupResult, StateGroup, StateStore } from "./state-store.ts";

const name = lockName("a");
const { signal } = new AbortController();
const forever = { leaseMs: 30_000, waitMs: 600_000, signal };

interface Bench {
  readonly clock: FakeClock;
  readonly store: MemoryStateStore;
  readonly locks: DistributedLock;
  /** The operations that reached the store, with the moment. */
  readonly asked: { readonly op: string; readonly atMs: number }[];
  /** The signals of the watches that were begun. */
  readonly watches: AbortSignal[];
}

/** Locks over a memory store without `watch`, unless said, so that what is polled shows. */
function openBench({ watch = false, failing = new Set<string>() } = {}): Bench {
  const clock = createFakeClock();
  const store = openMemoryState({ clock });
  const asked: Bench["asked"] = [];
  const watches: AbortSignal[] = [];
  const observed: Pick<StateStore, "apply" | "watch"> = {
    apply(groups: readonly StateGroup[], options): readonly GroupResult[] {
      for (const { op } of groups.flat()) {
        asked.push({ op, atMs: clock.monotonicMs() });
        if (failing.has(op)) throw new StateUnavailableError("away");
      }
      return store.apply(groups, options);
    },
    ...(watch && {
      watch(range, options) {
        watches.push(options.signal);
        return store.watch(range, options);
      },
    }),
  };
  const locks = createDistributedLock(observed, { clock, random: createSeededRandom(7) });
  return { clock, store, locks, asked, watches };
}

describe("waiting for a lock (L8)", () => {
  test("polls with full jitter, ever more slowly up to 400 ms", async () => {
    const { clock, locks, asked } = openBench();
    await using _ = await locks.acquire(name, forever);
    const waiting = locks.acquire(name, { ...forever, leaseMs: 600_000, waitMs: 60_000 });
    waiting.catch(() => {});
    await clock.advanceAsync(60_000);
    const polls = asked.filter(({ op }) => op === "acquire").map(({ atMs }) => atMs);
    const gaps = polls.slice(2).map((atMs, i) => atMs - (polls[i + 1] ?? 0));
    for (const [i, gap] of gaps.entries()) expect(gap).toBeLessThan(Math.min(400, 25 * 2 ** i) + 1e-6);
    expect(Math.max(...gaps)).toBeGreaterThan(300);
    await expect(waiting).rejects.toThrow(LockTimeoutError);
  });

  test("in one process goes first come, first served, and only the first asks the store", async () => {
    const { clock, locks, asked } = openBench();
    const guard = await locks.acquire(name, forever);
    const order: number[] = [];
    const waiting = Array.from({ length: 20 }, async (_, i) => {
      await using held = await locks.acquire(name, forever);
      order.push(i);
      expect(held.isHeld()).toBe(true);
    });
    await clock.advanceAsync(2_000);
    const before = asked.length;
    await clock.advanceAsync(4_000);
    expect(asked.length - before).toBeLessThan(60); // one poller: 20 a second at most
    await guard.release();
    await clock.advanceAsync(0);
    await Promise.all(waiting);
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test("ends at once when a guard of this process is released", async () => {
    const { clock, locks } = openBench();
    const guard = await locks.acquire(name, forever);
    const waiting = locks.acquire(name, forever);
    await clock.advanceAsync(5_000);
    const releasedAtMs = clock.monotonicMs();
    await guard.release();
    await using _ = await waiting;
    expect(clock.monotonicMs()).toBe(releasedAtMs);
  });

  test("ends at once when the store tells of a release by somebody else", async () => {
    const { clock, store, locks } = openBench({ watch: true });
    store.apply([[{ op: "acquire", lock: name, owner: "other", leaseMs: 600_000 }]], { signal });
    const waiting = locks.acquire(name, forever);
    await clock.advanceAsync(5_000);
    const releasedAtMs = clock.monotonicMs();
    store.apply([[{ op: "release", lock: name, owner: "other" }]], { signal });
    await using _ = await waiting;
    expect(clock.monotonicMs()).toBe(releasedAtMs);
  });

  test("leaves no timer, no watch and no listener behind, however it ends", async () => {
    const { clock, locks, watches } = openBench({ watch: true });
    const leaving = new AbortController();
    const added = vi.spyOn(leaving.signal, "addEventListener");
    const removed = vi.spyOn(leaving.signal, "removeEventListener");
    const guard = await locks.acquire(name, forever);
    const aborted = locks.acquire(name, { ...forever, signal: leaving.signal });
    const late = locks.acquire(name, { ...forever, waitMs: 100 });
    const next = locks.acquire(name, forever);
    late.catch(() => {});
    await clock.advanceAsync(200);
    leaving.abort(new Error("gone"));
    await expect(aborted).rejects.toBe(leaving.signal.reason);
    await expect(late).rejects.toThrow(LockTimeoutError);
    await guard.release();
    await (await next).release();
    expect(clock.nextDueMs()).toBeUndefined();
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
    expect(watches).toHaveLength(1);
    expect(watches[0]?.aborted).toBe(true);
  });

  test("of 0 ms is one try", async () => {
    const { locks, asked } = openBench();
    await using _ = await locks.acquire(name, forever);
    await expect(locks.acquire(name, { ...forever, waitMs: 0 })).rejects.toThrow(LockTimeoutError);
    expect(asked).toHaveLength(2);
  });

  test("goes on without a watch that fails", async () => {
    const { clock, store } = openBench();
    const watch = () => {
      throw new StateUnavailableError("away");
    };
    const apply: StateStore["apply"] = (groups, options) => store.apply(groups, options);
    const locks = createDistributedLock({ apply, watch }, { clock, random: createSeededRandom(1) });
    const guard = await locks.acquire(name, forever);
    const waiting = locks.acquire(name, forever);
    await guard.release();
    await clock.advanceAsync(500);
    await using next = await waiting;
    expect(next.isHeld()).toBe(true);
  });
});

describe("a guard", () => {
  test("L4: is held for the lease less 1 % and 5 ms, counted from before the request left", async () => {
    const { clock, store } = openBench({ failing: new Set(["extend"]) });
    const slow: Pick<StateStore, "apply"> = {
      async apply(groups, options) {
        if (groups[0]?.[0]?.op === "extend") throw new StateUnavailableError("away");
        const results = store.apply(groups, options);
        await new Promise<void>((resolve) => clock.after(100, resolve));
        return results;
      },
    };
    const asking = tryAcquireLock(slow, name, { clock, random: createSeededRandom(1), leaseMs: 1_000, signal });
    await clock.advanceAsync(100);
    const guard = await asking;
    await clock.advanceAsync(1_000 - 15 - 100 - 1);
    expect(guard?.isHeld()).toBe(true);
    await clock.advanceAsync(1);
    expect(guard?.isHeld()).toBe(false);
  });

  test("L5: renews at a third of its lease, and is held for a lease from each renewal", async () => {
    const { clock, locks, asked } = openBench();
    await using guard = await locks.acquire(name, { ...forever, leaseMs: 3_000 });
    await clock.advanceAsync(9_500);
    expect(asked.filter(({ op }) => op === "extend").map(({ atMs }) => atMs)).toEqual(
      Array.from({ length: 9 }, (_, i) => (i + 1) * 1_000),
    );
    expect(guard.isHeld()).toBe(true);
  });

  test("L5: knows by the clock that it is over, before any timer has fired", async () => {
    const { clock, locks } = openBench();
    const late = { ...clock, after: () => () => {} };
    const guard = await acquireLock(openMemoryState({ clock }), name, {
      ...forever,
      clock: late,
      random: createSeededRandom(1),
    });
    const held = guard.signal;
    clock.advance(30_000);
    expect(held.aborted).toBe(false);
    expect(guard.isHeld()).toBe(false);
    expect(held.reason).toBeInstanceOf(LockLostError);
    await expect(guard.apply([], { signal })).rejects.toBe(held.reason);
    await using other = await locks.acquire(name, forever);
    expect(other.isHeld()).toBe(true);
  });

  test("L5: is not troubled by a wall clock that steps", async () => {
    const { clock, locks } = openBench();
    await using guard = await locks.acquire(name, forever);
    clock.stepWallClock(3_600_000);
    expect(guard.isHeld()).toBe(true);
    clock.stepWallClock(-7_200_000);
    await clock.advanceAsync(60_000);
    expect(guard.isHeld()).toBe(true);
  });

  test("L5: asks again when a renewal has no answer, and goes on if the next one has", async () => {
    const failing = new Set(["extend"]);
    const { clock, locks, asked } = openBench({ failing });
    await using guard = await locks.acquire(name, { ...forever, leaseMs: 12_000 });
    await clock.advanceAsync(6_500);
    failing.delete("extend");
    await clock.advanceAsync(60_000);
    expect(guard.isHeld()).toBe(true);
    expect(
      asked
        .filter(({ op }) => op === "extend")
        .slice(0, 4)
        .map(({ atMs }) => atMs),
    ).toEqual([4_000, 5_000, 6_000, 7_000]);
  });

  test("that was released asks for nothing more", async () => {
    const { clock, locks, asked } = openBench();
    const guard = await locks.acquire(name, forever);
    await guard.release();
    await clock.advanceAsync(600_000);
    expect(asked.map(({ op }) => op)).toEqual(["acquire", "release"]);
    expect(clock.nextDueMs()).toBeUndefined();
  });

  test("whose release had no answer says so, is not held all the same, and can be released again", async () => {
    const failing = new Set(["release"]);
    const { locks } = openBench({ failing });
    const guard = await locks.acquire(name, forever);
    await expect(guard.release()).rejects.toThrow(StateUnavailableError);
    expect(guard.isHeld()).toBe(false);
    failing.clear();
    expect(await guard.release()).toBe(true);
    expect(await guard.release()).toBe(true);
  });

  test("L7: of an acquire that was aborted under way is released again", async () => {
    const { clock, store } = openBench();
    const leaving = new AbortController();
    const slow: Pick<StateStore, "apply"> = {
      async apply(groups, options) {
        const results = store.apply(groups, options);
        await new Promise<void>((resolve) => clock.after(10, resolve));
        return results;
      },
    };
    const asking = tryAcquireLock(slow, name, {
      clock,
      random: createSeededRandom(1),
      leaseMs: 1_000,
      signal: leaving.signal,
    });
    asking.catch(() => {});
    leaving.abort(new Error("gone"));
    await clock.advanceAsync(20);
    await expect(asking).rejects.toBe(leaving.signal.reason);
    expect(store.apply([[{ op: "acquire", lock: name, owner: "next", leaseMs: 500 }]], { signal })).toMatchObject([
      { kind: "done" },
    ]);
  });

  test("L7: of an acquire without an answer gives the store's error, although the release fails as well", async () => {
    const { locks, asked } = openBench({ failing: new Set(["acquire", "release"]) });
    await expect(locks.tryAcquire(name, forever)).rejects.toThrow("away");
    expect(asked.map(({ op }) => op)).toEqual(["acquire", "release"]);
  });
});
