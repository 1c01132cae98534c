import { expect } from "vitest";
import { listKey, longMs } from "./fixtures.ts";
import { fromClients, inTime, law, one } from "./law.ts";
import type { Law } from "./law.ts";

const key = listKey("members");

export const listLaws: readonly Law[] = [
  law("a list has its members in the order of their appends, doubles included", async ({ store }) => {
    expect(await one(store, { op: "members", key })).toEqual({ kind: "list", values: [] });
    for (const [i, value] of ["b", "a", "b", ""].entries())
      expect(await one(store, { op: "append", key, value })).toEqual({ kind: "appended", size: i + 1 });
    expect(await one(store, { op: "members", key })).toEqual({ kind: "list", values: ["b", "a", "b", ""] });
  }),

  law("an append past the limit is refused with the size", async ({ store }) => {
    await one(store, { op: "append", key, value: "a", atMost: 2 });
    await one(store, { op: "append", key, value: "b", atMost: 2 });
    expect(await one(store, { op: "append", key, value: "c", atMost: 2 })).toEqual({ kind: "full", size: 2 });
    expect(await one(store, { op: "members", key })).toEqual({ kind: "list", values: ["a", "b"] });
  }),

  law("delete takes a whole list away", async ({ store }) => {
    await one(store, { op: "append", key, value: "a" });
    expect(await one(store, { op: "delete", key })).toEqual({ kind: "deleted" });
    expect(await one(store, { op: "members", key })).toEqual({ kind: "list", values: [] });
    expect(await one(store, { op: "append", key, value: "b" })).toEqual({ kind: "appended", size: 1 });
  }),

  law("concurrent appends are all kept, each at the place it was told", async (context) => {
    const results = await fromClients(context, 40, (store, i) => one(store, { op: "append", key, value: `m${i}` }));
    const list = await one(context.store, { op: "members", key });
    const values = list.kind === "list" ? list.values : [];
    expect(values).toHaveLength(40);
    for (const [i, result] of results.entries())
      expect(result.kind === "appended" && values[result.size - 1]).toBe(`m${i}`);
  }),

  law(
    "a list lives from its first member on, and is gone as a whole",
    ({ store, ttlMs, elapse }) =>
      inTime(ttlMs, async (lifeMs) => {
        const aging = listKey(`aging-${lifeMs}`);
        await one(store, { op: "append", key: aging, value: "a", ttlMs: lifeMs });
        await elapse(lifeMs / 2);
        const second = await one(store, { op: "append", key: aging, value: "b", ttlMs: longMs });
        if (second.kind === "appended" && second.size === 1) return "late";
        await elapse(lifeMs / 2);
        expect(await one(store, { op: "members", key: aging })).toEqual({ kind: "list", values: [] });
        expect(await one(store, { op: "append", key: aging, value: "c", atMost: 1 })).toEqual({
          kind: "appended",
          size: 1,
        });
        return "done";
      }),
    { waits: true },
  ),
];
