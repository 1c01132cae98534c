import { expect } from "vitest";
import { increment } from "../operations.ts";
import { countKey, longMs } from "./fixtures.ts";
import { fromClients, inTime, law, one } from "./law.ts";
import type { Law } from "./law.ts";

const key = countKey("n");

export const countLaws: readonly Law[] = [
  law("increment adds, answers the sum, and is read back as decimal text", async ({ store, signal }) => {
    expect(await one(store, { op: "increment", key, delta: 5 })).toEqual({
      kind: "counted",
      count: 5,
      remainingMs: undefined,
    });
    expect((await increment(store, key, -7, { signal })).count).toBe(-2);
    expect(await one(store, { op: "get", key })).toMatchObject({ kind: "found", value: "-2" });
    expect((await increment(store, key, 0, { signal })).count).toBe(-2);
  }),

  law("a count is exact up to 2^53 − 1, and refused past it", async ({ store, signal }) => {
    await one(store, { op: "increment", key, delta: Number.MAX_SAFE_INTEGER - 1 });
    expect(await one(store, { op: "increment", key, delta: 1 })).toMatchObject({ count: Number.MAX_SAFE_INTEGER });
    const [result] = await store.apply([[{ op: "increment", key, delta: 1 }]], { signal });
    expect(result).toMatchObject({ kind: "refused", found: { kind: "counted", count: Number.MAX_SAFE_INTEGER } });
    expect(await one(store, { op: "get", key })).toMatchObject({ value: "9007199254740991" });
  }),

  law("decimal text that was set can be counted on; other text refuses with itself", async ({ store }) => {
    await one(store, { op: "set", key, value: "41" });
    expect(await one(store, { op: "increment", key, delta: 1 })).toMatchObject({ kind: "counted", count: 42 });
    for (const value of ["", "forty", "1.5", "1e3", " 1", "01", "-0", "9007199254740992"]) {
      await one(store, { op: "set", key, value });
      expect(await one(store, { op: "increment", key, delta: 1 })).toMatchObject({ kind: "found", value });
      expect(await one(store, { op: "get", key })).toMatchObject({ value });
    }
  }),

  law("increment reaches atMost and does not pass it; what is refused does not count", async ({ store, signal }) => {
    const hit = (delta: number) => one(store, { op: "increment", key, delta, atMost: 3, ttlMs: longMs });
    expect(await hit(4)).toEqual({ kind: "counted", count: 0, remainingMs: undefined });
    expect(await one(store, { op: "get", key })).toEqual({ kind: "absent" });
    expect(await hit(2)).toMatchObject({ count: 2 });
    expect(await hit(1)).toMatchObject({ count: 3 });
    const [result] = await store.apply([[{ op: "increment", key, delta: 1, atMost: 3 }]], { signal });
    expect(result).toMatchObject({ kind: "refused", at: 0, found: { kind: "counted", count: 3 } });
    expect(result).toHaveProperty("found.remainingMs", expect.any(Number));
    expect(await one(store, { op: "get", key })).toMatchObject({ value: "3" });
  }),

  law("concurrent increments are all counted, none twice", async (context) => {
    const results = await fromClients(context, 60, (store) => increment(store, key, 1, { signal: context.signal }));
    expect(results.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
  }),

  law("of concurrent increments up to a limit exactly so many pass", async (context) => {
    const results = await fromClients(context, 60, async (store) => {
      const group = [{ op: "increment", key, delta: 1, atMost: 25 }] as const;
      const [result] = await store.apply([group], { signal: context.signal });
      return result?.kind;
    });
    expect(results.filter((kind) => kind === "done")).toHaveLength(25);
    expect(await one(context.store, { op: "get", key })).toMatchObject({ value: "25" });
  }),

  law("an increment changes the version", async ({ store }) => {
    await one(store, { op: "increment", key, delta: 1 });
    const before = await one(store, { op: "get", key });
    await one(store, { op: "increment", key, delta: 1 });
    const after = await one(store, { op: "get", key });
    expect(before.kind === "found" && after.kind === "found" && before.version !== after.version).toBe(true);
  }),

  law(
    "the window of a count starts at its first hit and is not moved by later ones",
    ({ store, ttlMs, elapse }) =>
      inTime(ttlMs, async (windowMs) => {
        const hit = (life: number) =>
          one(store, { op: "increment", key: countKey(`n-${windowMs}`), delta: 1, ttlMs: life });
        await hit(windowMs);
        await elapse(windowMs / 2);
        const second = await hit(windowMs);
        if (second.kind === "counted" && second.count === 1) return "late";
        await elapse(windowMs / 2);
        // Had the second hit moved the window, the count would be 3.
        expect(await hit(longMs)).toMatchObject({ count: 1 });
        return "done";
      }),
    { waits: true },
  ),

  law(
    "a refused increment does not start or move a window",
    async ({ store, ttlMs, elapse }) => {
      await one(store, { op: "increment", key, delta: 1, atMost: 1, ttlMs });
      await one(store, { op: "increment", key, delta: 1, atMost: 1, ttlMs: longMs });
      await elapse(ttlMs);
      expect(await one(store, { op: "increment", key, delta: 1, atMost: 1 })).toMatchObject({ count: 1 });
    },
    { waits: true },
  ),
];
