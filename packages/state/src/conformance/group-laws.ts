import { expect } from "vitest";
import type { Fence, StateGroup, StateOperation, StateStore, Version } from "../state-store.ts";
import { countKey, listKey, lockName, longMs, scopeOf, valueKey } from "./fixtures.ts";
import { applied, fromClients, law, one } from "./law.ts";
import type { Law } from "./law.ts";

export const groupLaws: readonly Law[] = [
  law("results stand in the order of groups and of their operations", async ({ store }) => {
    const results = await applied(
      store,
      [{ op: "set", key: valueKey("a"), value: "1" }],
      [
        { op: "get", key: valueKey("a") },
        { op: "increment", key: countKey("n"), delta: 2 },
        { op: "get", key: valueKey("b") },
      ],
      [{ op: "delete", key: valueKey("a") }],
    );
    expect(results).toMatchObject([
      { kind: "done", results: [{ kind: "stored" }] },
      { kind: "done", results: [{ kind: "found", value: "1" }, { kind: "counted", count: 2 }, { kind: "absent" }] },
      { kind: "done", results: [{ kind: "deleted" }] },
    ]);
  }),

  law("a call without groups, and a group without operations, are done", async ({ store }) => {
    expect(await applied(store)).toEqual([]);
    expect(await applied(store, [])).toEqual([{ kind: "done", results: [] }]);
  }),

  law("two groups on one key in one call take effect in their order", async ({ store }) => {
    const key = valueKey("a");
    const results = await applied(
      store,
      [{ op: "checkAndSet", key, value: "first" }],
      [{ op: "checkAndSet", key, value: "second" }],
      [{ op: "delete", key }],
      [{ op: "checkAndSet", key, value: "third" }],
      [{ op: "get", key }],
    );
    expect(results).toMatchObject([
      { kind: "done" },
      { kind: "refused", at: 0, found: { kind: "found", value: "first" } },
      { kind: "done", results: [{ kind: "deleted" }] },
      { kind: "done" },
      { kind: "done", results: [{ kind: "found", value: "third" }] },
    ]);
  }),

  law("a refused group does not touch its neighbours in the call", async ({ store }) => {
    await one(store, { op: "set", key: valueKey("taken"), value: "x" });
    const results = await applied(
      store,
      [{ op: "set", key: valueKey("before"), value: "1" }],
      [
        { op: "set", key: valueKey("within"), value: "2" },
        { op: "checkAndSet", key: valueKey("taken"), value: "y" },
      ],
      [{ op: "set", key: valueKey("after"), value: "3" }],
    );
    expect(results.map(({ kind }) => kind)).toEqual(["done", "refused", "done"]);
    expect(await one(store, { op: "get", key: valueKey("before") })).toMatchObject({ value: "1" });
    expect(await one(store, { op: "get", key: valueKey("within") })).toEqual({ kind: "absent" });
    expect(await one(store, { op: "get", key: valueKey("after") })).toMatchObject({ value: "3" });
  }),

  law("groups of one call may be of different namespaces and tenants", async ({ store }) => {
    const keys = [scopeOf("orders", "acme"), scopeOf("orders", undefined), scopeOf("billing", "acme")].map((scope) =>
      valueKey("a", scope),
    );
    await applied(store, ...keys.map((key, i): StateGroup => [{ op: "set", key, value: String(i) }]));
    for (const [i, key] of keys.entries())
      expect(await one(store, { op: "get", key })).toMatchObject({ value: String(i) });
  }),

  law(
    "who reads in a group sees other groups whole: a sum that each of them keeps is kept at every look",
    async (context) => {
      const [a, b] = [countKey("a"), countKey("b")];
      const looks = await fromClients(context, 60, async (store, i) => {
        if (i % 2 === 0) {
          await applied(store, [
            { op: "increment", key: a, delta: 1 },
            { op: "increment", key: b, delta: -1 },
          ]);
          return 0;
        }
        const [look] = await applied(store, [
          { op: "get", key: a },
          { op: "get", key: b },
        ]);
        const counts =
          look?.kind === "done" ? look.results.map((found) => (found.kind === "found" ? Number(found.value) : 0)) : [];
        return counts.reduce((sum, count) => sum + count, 0);
      });
      expect(looks).toEqual(Array(60).fill(0));
      expect(await one(context.store, { op: "get", key: a })).toMatchObject({ value: "30" });
    },
  ),

  law("a call of 120 groups and 1,000 operations is carried out whole", async ({ store }) => {
    const groups = Array.from({ length: 120 }, (_, i): StateGroup =>
      Array.from({ length: i < 40 ? 9 : 8 }, (__, j) => ({ op: "increment", key: countKey(`${i}-${j}`), delta: 1 })),
    );
    const results = await applied(store, ...groups);
    expect(results.filter(({ kind }) => kind === "done")).toHaveLength(120);
    expect(await applied(store, [{ op: "get", key: countKey("119-7") }])).toMatchObject([
      { results: [{ kind: "found", value: "1" }] },
    ]);
  }),

  law("a signal that has aborted stops the call before anything of it takes effect", async ({ store }) => {
    const reason = new Error("gone");
    const call = async () =>
      store.apply([[{ op: "set", key: valueKey("a"), value: "x" }]], { signal: AbortSignal.abort(reason) });
    await expect(call()).rejects.toBe(reason);
    expect(await one(store, { op: "get", key: valueKey("a") })).toEqual({ kind: "absent" });
  }),

  ...Object.entries(refusers()).map(([name, refuser]) =>
    law(
      `of a group refused by ${name} nothing is written, wherever that operation stands`,
      async ({ store }) => {
        const { operation, found } = await refuser(store);
        const companions = await prepareCompanions(store);
        const before = await seen(store);
        for (const at of [0, Math.floor(companions.length / 2), companions.length]) {
          const [result] = await applied(store, companions.toSpliced(at, 0, operation));
          expect(result).toMatchObject({ kind: "refused", at, found });
          expect(await seen(store)).toEqual(before);
        }
      },
      { needs: "locks" },
    ),
  ),

  law(
    "a group that is not refused writes everything",
    async ({ store }) => {
      const companions = await prepareCompanions(store);
      const [result] = await applied(store, companions);
      expect(result).toMatchObject({
        kind: "done",
        results: [
          { kind: "stored" },
          { kind: "stored" },
          { kind: "stored" },
          { kind: "stored" },
          { kind: "stored" },
          { kind: "deleted" },
          { kind: "counted", count: 1 },
          { kind: "counted", count: 6 },
          { kind: "appended", size: 1 },
          { kind: "appended", size: 2 },
          { kind: "acquired" },
          { kind: "extended" },
          { kind: "released" },
          { kind: "lost" },
          { kind: "indexed" },
          { kind: "indexed" },
          { kind: "deleted" },
        ],
      });
      expect(await seen(store)).toMatchObject({
        values: [["new", "1"], ["old", "2"], ["checked", "3"], ["swapped", "4"], ["swappedNew", "5"], ["deleted"]].map(
          ([, value]) => (value === undefined ? { kind: "absent" } : { kind: "found", value }),
        ),
        counts: [{ value: "1" }, { value: "6" }],
        lists: [{ values: ["m"] }, { values: ["m0", "m"] }],
        leases: [{ kind: "extended" }, { kind: "extended" }, { kind: "lost" }],
        due: { entries: [{ dueAtMs: 5 }, { dueAtMs: 30 }] },
      });
    },
    { needs: "locks" },
  ),
];

/** An operation of every kind that can refuse, in a place where it does. */
function refusers(): Readonly<Record<string, (store: StateStore) => Promise<Refuser>>> {
  const taken = valueKey("taken");
  const missing = valueKey("missing");
  const put = (store: StateStore) => written(store, taken, "there");
  return {
    "checkAndSet of what is there": async (store) => {
      await put(store);
      return { operation: { op: "checkAndSet", key: taken, value: "x" }, found: { kind: "found", value: "there" } };
    },
    "compareAndSwap of what is there against absent": async (store) => {
      await put(store);
      const operation = { op: "compareAndSwap", key: taken, expected: "absent", value: "x" } as const;
      return { operation, found: { kind: "found", value: "there" } };
    },
    "compareAndSwap of another version": async (store) => {
      const expected = await put(store);
      const version = await put(store);
      const operation = { op: "compareAndSwap", key: taken, expected, value: "x" } as const;
      return { operation, found: { kind: "found", value: "there", version } };
    },
    "compareAndSwap of what is gone": async (store) => {
      const expected = await written(store, missing, "x");
      await one(store, { op: "delete", key: missing });
      return { operation: { op: "compareAndSwap", key: missing, expected, value: "x" }, found: { kind: "absent" } };
    },
    "delete of another version": async (store) => {
      const expected = await put(store);
      const version = await put(store);
      return { operation: { op: "delete", key: taken, expected }, found: { kind: "found", version } };
    },
    "delete of what is gone": async (store) => {
      const expected = await written(store, missing, "x");
      await one(store, { op: "delete", key: missing });
      return { operation: { op: "delete", key: missing, expected }, found: { kind: "absent" } };
    },
    "increment past its limit": async (store) => {
      await one(store, { op: "increment", key: countKey("full"), delta: 3 });
      const operation = { op: "increment", key: countKey("full"), delta: 2, atMost: 4 } as const;
      return { operation, found: { kind: "counted", count: 3 } };
    },
    "append to a full list": async (store) => {
      await one(store, { op: "append", key: listKey("full"), value: "m" });
      return {
        operation: { op: "append", key: listKey("full"), value: "x", atMost: 1 },
        found: { kind: "full", size: 1 },
      };
    },
    "acquire of a held lock": async (store) => {
      await one(store, { op: "acquire", lock: lockName("busy"), owner: "somebody", leaseMs: longMs });
      const operation = { op: "acquire", lock: lockName("busy"), owner: "me", leaseMs: longMs } as const;
      return { operation, found: { kind: "held" } };
    },
    "set under a stale token": (store) =>
      staleOperation(store, (fence) => ({ op: "set", key: taken, value: "x", fence })),
    "delete under a stale token": (store) => staleOperation(store, (fence) => ({ op: "delete", key: taken, fence })),
    "compareAndSwap under a stale token": (store) =>
      staleOperation(store, (fence) => ({ op: "compareAndSwap", key: missing, expected: "absent", value: "x", fence })),
    "checkAndSet under a stale token": (store) =>
      staleOperation(store, (fence) => ({ op: "checkAndSet", key: missing, value: "x", fence })),
    "increment under a stale token": (store) =>
      staleOperation(store, (fence) => ({ op: "increment", key: countKey("none"), delta: 1, fence })),
    "append under a stale token": (store) =>
      staleOperation(store, (fence) => ({ op: "append", key: listKey("none"), value: "x", fence })),
  };
}

interface Refuser {
  readonly operation: StateOperation;
  /** As `toMatchObject` takes it. */
  readonly found: object;
}

async function staleOperation(store: StateStore, operation: (fence: Fence) => StateOperation): Promise<Refuser> {
  const lock = lockName("fence");
  const stale = await acquired(store, "first");
  await one(store, { op: "release", lock, owner: "first" });
  const token = await acquired(store, "second");
  return { operation: operation({ lock, token: stale }), found: { kind: "staleToken", token } };

  async function acquired(from: StateStore, owner: string): Promise<bigint> {
    const answer = await one(from, { op: "acquire", lock, owner, leaseMs: longMs, fenced: true });
    if (answer.kind !== "acquired") throw new Error(`a free lock was ${answer.kind}`);
    return answer.token;
  }
}

/** Writes of every kind, each of which would show. */
async function prepareCompanions(store: StateStore): Promise<StateGroup> {
  await written(store, valueKey("old"), "0");
  const swapped = await written(store, valueKey("swapped"), "0");
  await written(store, valueKey("deleted"), "0");
  await one(store, { op: "increment", key: countKey("old"), delta: 5 });
  await one(store, { op: "append", key: listKey("old"), value: "m0" });
  await one(store, { op: "acquire", lock: lockName("extended"), owner: "me", leaseMs: longMs });
  await one(store, { op: "acquire", lock: lockName("released"), owner: "me", leaseMs: longMs });
  await one(store, { op: "indexDue", index: "timeout", key: valueKey("moved"), dueAtMs: 10 });
  await one(store, { op: "indexDue", index: "timeout", key: valueKey("unindexed"), dueAtMs: 20 });
  return [
    { op: "set", key: valueKey("new"), value: "1" },
    { op: "set", key: valueKey("old"), value: "2" },
    { op: "checkAndSet", key: valueKey("checked"), value: "3" },
    { op: "compareAndSwap", key: valueKey("swapped"), expected: swapped, value: "4" },
    { op: "compareAndSwap", key: valueKey("swappedNew"), expected: "absent", value: "5" },
    { op: "delete", key: valueKey("deleted") },
    { op: "increment", key: countKey("new"), delta: 1, ttlMs: longMs },
    { op: "increment", key: countKey("old"), delta: 1 },
    { op: "append", key: listKey("new"), value: "m" },
    { op: "append", key: listKey("old"), value: "m" },
    { op: "acquire", lock: lockName("acquired"), owner: "me", leaseMs: longMs },
    { op: "extend", lock: lockName("extended"), owner: "me", leaseMs: longMs },
    { op: "release", lock: lockName("released"), owner: "me" },
    { op: "release", lock: lockName("never"), owner: "me" },
    { op: "indexDue", index: "timeout", key: valueKey("indexed"), dueAtMs: 5 },
    { op: "indexDue", index: "timeout", key: valueKey("moved"), dueAtMs: 30 },
    { op: "unindexDue", index: "timeout", key: valueKey("unindexed") },
  ];
}

/** All that `prepareCompanions` touches. A lease is looked at by extending it: that changes none that is not held. */
async function seen(store: StateStore) {
  const read = (operations: readonly StateOperation[]) => Promise.all(operations.map((each) => one(store, each)));
  const names = ["new", "old", "checked", "swapped", "swappedNew", "deleted"];
  return {
    values: await read(names.map((name) => ({ op: "get", key: valueKey(name) }))),
    counts: await read(["new", "old"].map((name) => ({ op: "get", key: countKey(name) }))),
    lists: await read(["new", "old"].map((name) => ({ op: "members", key: listKey(name) }))),
    leases: await read(
      ["acquired", "extended", "released"].map((name) => ({
        op: "extend",
        lock: lockName(name),
        owner: "me",
        leaseMs: longMs,
      })),
    ),
    due: await one(store, { op: "takeDue", index: "timeout", nowMs: 1_000, limit: 10, holdMs: 0 }),
  };
}

async function written(store: StateStore, key: ReturnType<typeof valueKey>, value: string): Promise<Version> {
  const answer = await one(store, { op: "set", key, value });
  if (answer.kind !== "stored") throw new Error(`a set without condition was ${answer.kind}`);
  return answer.version;
}
