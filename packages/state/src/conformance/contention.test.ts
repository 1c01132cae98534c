import { systemClock, systemRandom } from "@acteon/core";
import { type MemoryStateStore, openMemoryState } from "@acteon/state-memory";
import { describe, expect, test } from "vitest";
import { acquireLock, tryAcquireLock } from "../distributed-lock.ts";
import type { DistributedLock } from "../distributed-lock.ts";
import type { GroupResult, StateGroup, StateStore } from "../state-store.ts";
import { type ContentionSubject, contend, orderOfWaiters } from "./contention.ts";

const contest = { contenders: 50, forMs: 600, withinApply: 0 };

test("clients of one store in memory hold to it, and say what it took", async () => {
  const result = await contend(memory(), contest);
  expect(result.requests.herds).toBe(0);
  expect(result.handOvers).toBeGreaterThan(10);
});

test("locks within apply and by name exclude each other", async () => {
  const result = await contend(memory(), { contenders: 12, forMs: 600, withinApply: 6 });
  expect(result.handOvers).toBeGreaterThan(10);
});

test("waiters of one client get the lock in their order", async () => {
  const order = await orderOfWaiters(memory(), 5);
  expect(order.filter((i) => i % 5 === 2)).toEqual([2, 7]);
});

describe("planted bugs are found (T14)", () => {
  test("a lock that two get at a time", async () => {
    let acquires = 0;
    const twice = memory((store, groups) => {
      const [operation] = groups[0] ?? [];
      if (operation?.op !== "acquire" || ++acquires % 20 !== 0) return store.apply(groups, { signal });
      return [{ kind: "done", results: [{ kind: "acquired", token: BigInt(acquires) }] }];
    });
    await expect(contend(twice, contest)).rejects.toThrow();
  });

  test("tokens that do not grow", async () => {
    const flat = memory((store, groups) => {
      const [operation] = groups[0] ?? [];
      const answer = store.apply(groups, { signal });
      if (operation?.op !== "acquire" || answer[0]?.kind !== "done") return answer;
      return [{ kind: "done", results: [{ kind: "acquired", token: 1n << 62n }] }];
    });
    await expect(contend(flat, contest)).rejects.toThrow(/tokens not larger/);
  });

  test("every waiter asking at every release", async () => {
    const herd = { ...memory(), locksOf: eachByItself };
    const { requests } = await contend(herd, contest);
    // The law allows none; how many there are hangs on how fast the machine hands over.
    expect(requests.herds).toBeGreaterThan(0);
  });
});

/** Locks whose waiters do not know of each other. */
function eachByItself(store: StateStore): DistributedLock {
  const ports = { clock: systemClock, random: systemRandom };
  return {
    acquire: (name, options) => acquireLock(store, name, { ...options, ...ports }),
    tryAcquire: (name, options) => tryAcquireLock(store, name, { ...options, ...ports }),
  };
}

const { signal } = new AbortController();

type Applied = (store: MemoryStateStore, groups: readonly StateGroup[]) => readonly GroupResult[];

/** Clients in turn of the event loop, as any network has it. */
function memory(applied: Applied = (store, groups) => store.apply(groups, { signal })): ContentionSubject {
  return {
    name: "memory",
    backend: "memory",
    open() {
      const store = openMemoryState({ clock: systemClock });
      const connect = (): Promise<StateStore> =>
        Promise.resolve({
          durability: store.durability,
          capabilities: store.capabilities,
          async apply(groups) {
            await new Promise((resolve) => setImmediate(resolve));
            return applied(store, groups);
          },
          scan: (range, options) => store.scan(range, options),
          watch: (range, options) => store.watch(range, options),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        });
      const restart = (): Promise<void> => Promise.reject(new TypeError("nobody asks for it"));
      return Promise.resolve({ connect, restart, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() });
    },
  };
}
