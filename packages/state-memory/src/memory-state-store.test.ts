import { StateUnavailableError } from "@acteon/core";
import type { Namespace } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import { stateKey, stateScope } from "@acteon/state";
import type { StateChange, StateGroup } from "@acteon/state";
import { describe, expect, test } from "vitest";
import { openMemoryState } from "./memory-state-store.ts";

const { signal } = new AbortController();
const scope = stateScope("orders" as Namespace, undefined);

function keys(count: number) {
  return Array.from({ length: count }, (_, i) => stateKey(scope, "state", `k${i}`));
}

test("answers at once, with a list", async () => {
  await using store = openMemoryState({ clock: createFakeClock() });
  expect(store.apply([[{ op: "get", key: stateKey(scope, "state", "a") }]], { signal })).toEqual([
    { kind: "done", results: [{ kind: "absent" }] },
  ]);
});

describe("what has expired", () => {
  test("is reclaimed in the course of later calls, a bounded part in each", async () => {
    const clock = createFakeClock();
    await using store = openMemoryState({ clock });
    for (const key of keys(1_000)) store.apply([[{ op: "set", key, value: "x", ttlMs: 5_000 }]], { signal });
    for (const key of keys(100)) store.apply([[{ op: "set", key, value: "x" }]], { signal });
    const lock = stateKey(scope, "named_lock", "dead");
    store.apply([[{ op: "acquire", lock, owner: "me", leaseMs: 5_000 }]], { signal });
    expect(store.heldRows).toBe(1_001);
    clock.advance(7_000);
    expect(store.heldRows).toBe(1_001);
    let calls = 0;
    for (let before = store.heldRows; store.heldRows > 100; before = store.heldRows) {
      store.apply([], { signal });
      calls++;
      expect(before - store.heldRows).toBeLessThanOrEqual(256);
    }
    expect(calls).toBe(4);
    expect(clock.nextDueMs()).toBeUndefined();
  });

  test("and was written again lives on", async () => {
    const clock = createFakeClock();
    await using store = openMemoryState({ clock });
    const [a, b] = keys(2) as [ReturnType<typeof stateKey>, ReturnType<typeof stateKey>];
    const set = (key: typeof a, ttlMs: number): StateGroup => [{ op: "set", key, value: "x", ttlMs }];
    store.apply([set(a, 1_000), set(b, 1_000), set(a, 60_000)], { signal });
    clock.advance(10_000);
    store.apply([set(b, 60_000)], { signal });
    clock.advance(10_000);
    expect(store.apply([[{ op: "get", key: a }], [{ op: "get", key: b }]], { signal })).toMatchObject([
      { results: [{ kind: "found", remainingMs: 40_000 }] },
      { results: [{ kind: "found", remainingMs: 50_000 }] },
    ]);
    expect(store.heldRows).toBe(2);
  });

  test("does not mind a wall clock that steps", async () => {
    const clock = createFakeClock();
    await using store = openMemoryState({ clock });
    const key = stateKey(scope, "state", "a");
    store.apply([[{ op: "set", key, value: "x", ttlMs: 1_000 }]], { signal });
    clock.stepWallClock(86_400_000);
    expect(store.apply([[{ op: "get", key }]], { signal })).toMatchObject([{ results: [{ remainingMs: 1_000 }] }]);
  });
});

test("a lock that is not fenced leaves nothing behind when it is released, a fenced one its token for a day", async () => {
  const clock = createFakeClock();
  await using store = openMemoryState({ clock });
  const take = (name: string, fenced: boolean) => {
    const lock = stateKey(scope, "named_lock", name);
    store.apply([[{ op: "acquire", lock, owner: "me", leaseMs: 30_000, fenced }]], { signal });
    store.apply([[{ op: "release", lock, owner: "me" }]], { signal });
  };
  take("plain", false);
  expect(store.heldRows).toBe(0);
  take("fenced", true);
  expect(store.heldRows).toBe(1);
  clock.advance(24 * 60 * 60 * 1_000 + 1_000);
  store.apply([], { signal });
  expect(store.heldRows).toBe(0);
});

test("a due entry that is moved again and again is told once, at its last time", async () => {
  const clock = createFakeClock();
  await using store = openMemoryState({ clock });
  const key = stateKey(scope, "state", "a");
  for (let i = 0; i < 10_000; i++) {
    store.apply([[{ op: "indexDue", index: "retry", key, dueAtMs: 1_000_000 + i }]], { signal });
    clock.advance(1);
  }
  expect(
    store.apply([[{ op: "takeDue", index: "retry", nowMs: 2_000_000, limit: 10, holdMs: 0 }]], { signal }),
  ).toMatchObject([{ results: [{ entries: [{ dueAtMs: 1_009_999 }] }] }]);
});

test("O1: a watcher that does not read misses the oldest changes, and has the last of each key", async () => {
  await using store = openMemoryState({ clock: createFakeClock() });
  const leaving = new AbortController();
  const changes = store.watch({ kind: "state" }, { signal: leaving.signal });
  const written = keys(10_500);
  for (const key of written) store.apply([[{ op: "set", key, value: "x" }]], { signal });
  for (const key of written.slice(-3)) store.apply([[{ op: "delete", key }]], { signal });
  const told: StateChange[] = [];
  for await (const change of changes) {
    told.push(change);
    if (change.key.text === written.at(-1)?.text) leaving.abort();
  }
  expect(told).toHaveLength(10_000);
  expect(told.filter(({ kind }) => kind === "deleted")).toHaveLength(3);
});

test("L9: a closed store answers nothing, and ends its watches", async () => {
  const store = openMemoryState({ clock: createFakeClock() });
  const changes = Array.fromAsync(store.watch({ kind: "state" }, { signal }));
  await store[Symbol.asyncDispose]();
  expect(await changes).toEqual([]);
  expect(() => store.apply([], { signal })).toThrow(StateUnavailableError);
  await expect(Array.fromAsync(store.scan({ kind: "state" }, { signal }))).rejects.toThrow(StateUnavailableError);
});
