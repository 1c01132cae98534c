import { expect } from "vitest";
import {
  getExpiredTimeouts,
  getReadyChains,
  indexChainReady,
  indexTimeout,
  removeChainReadyIndex,
  removeTimeoutIndex,
} from "../operations.ts";
import type { StateKey } from "../state-key.ts";
import { dueIndexes } from "../state-store.ts";
import { scopeOf, valueKey } from "./fixtures.ts";
import { fromClients, law, one } from "./law.ts";
import type { Law } from "./law.ts";

const all = { limit: 100, holdMs: 0 };

export const dueLaws: readonly Law[] = [
  law(
    "what is due is told earliest first, up to the limit, of all tenants, and nothing else is",
    async ({ store, signal }) => {
      const keys = [scopeOf("orders", "acme"), scopeOf("orders", undefined), scopeOf("billing", "b")].map((scope) =>
        valueKey("a", scope),
      );
      const [first, second, third] = keys as [StateKey, StateKey, StateKey];
      await indexTimeout(store, third, 300, { signal });
      await indexTimeout(store, first, 100, { signal });
      await indexTimeout(store, second, 200, { signal });
      const due = async (nowMs: number, limit: number) => {
        const answer = await one(store, { op: "takeDue", index: "timeout", nowMs, limit, holdMs: 0 });
        return answer.kind === "due" && answer.entries.map(({ key, dueAtMs }) => [key.fullText, dueAtMs]);
      };
      expect(await due(99, 10)).toEqual([]);
      expect(await due(200, 1)).toEqual([[first.fullText, 100]]);
      expect(await getExpiredTimeouts(store, 300, { ...all, signal })).toHaveLength(3);
    },
  ),

  law("a due key comes back whole", async ({ store, signal }) => {
    const key = valueKey("ünï/ç:ø#{}", scopeOf("n-s", undefined));
    await indexTimeout(store, key, 1, { signal });
    expect(await getExpiredTimeouts(store, 1, { ...all, signal })).toEqual([key]);
  }),

  law("what was taken is due again once the hold is over, unless it was unindexed", async ({ store, signal }) => {
    await indexTimeout(store, valueKey("stays"), 100, { signal });
    await indexTimeout(store, valueKey("goes"), 100, { signal });
    const taken = (nowMs: number) => getExpiredTimeouts(store, nowMs, { limit: 10, holdMs: 50, signal });
    expect(await taken(1_000)).toHaveLength(2);
    expect(await taken(1_049)).toEqual([]);
    expect(await removeTimeoutIndex(store, valueKey("goes"), { signal })).toBe(true);
    expect(await removeTimeoutIndex(store, valueKey("goes"), { signal })).toBe(false);
    expect(await taken(1_050)).toEqual([valueKey("stays")]);
  }),

  law("without a hold what was taken stays due", async ({ store, signal }) => {
    await indexTimeout(store, valueKey("a"), 100, { signal });
    expect(await getExpiredTimeouts(store, 200, { ...all, signal })).toEqual([valueKey("a")]);
    expect(await getExpiredTimeouts(store, 200, { ...all, signal })).toEqual([valueKey("a")]);
  }),

  law("indexing again moves the due time, either way", async ({ store, signal }) => {
    const key = valueKey("a");
    const due = async (nowMs: number) => (await getExpiredTimeouts(store, nowMs, { ...all, signal })).length;
    await indexTimeout(store, key, 100, { signal });
    await indexTimeout(store, key, 500, { signal });
    expect(await due(499)).toBe(0);
    await indexTimeout(store, key, 50, { signal });
    expect(await due(50)).toBe(1);
  }),

  law("each index knows its own keys only", async ({ store, signal }) => {
    for (const [i, index] of dueIndexes.entries())
      await one(store, { op: "indexDue", index, key: valueKey(index), dueAtMs: i });
    for (const index of dueIndexes)
      expect(await one(store, { op: "takeDue", index, nowMs: 1_000, limit: 10, holdMs: 0 })).toMatchObject({
        entries: [{ key: { id: [index] } }],
      });
    await indexChainReady(store, valueKey("more"), 3, { signal });
    await removeChainReadyIndex(store, valueKey("chain_ready"), { signal });
    expect(await getReadyChains(store, 1_000, { ...all, signal })).toEqual([valueKey("more")]);
  }),

  law("an entry needs no value under its key, and a deleted value leaves it", async ({ store, signal }) => {
    await one(store, { op: "set", key: valueKey("a"), value: "x" });
    await indexTimeout(store, valueKey("a"), 1, { signal });
    await one(store, { op: "delete", key: valueKey("a") });
    expect(await getExpiredTimeouts(store, 1, { ...all, signal })).toEqual([valueKey("a")]);
  }),

  law("of several takers with a hold each entry goes to one", async (context) => {
    const { store, signal } = context;
    for (let i = 0; i < 40; i++) await indexTimeout(store, valueKey(`k${i}`), i, { signal });
    const taken = await fromClients(context, 12, (client) =>
      getExpiredTimeouts(client, 1_000, { limit: 5, holdMs: 60_000, signal }),
    );
    const texts = taken.flat().map(({ text }) => text);
    expect(texts).toHaveLength(40);
    expect(new Set(texts).size).toBe(40);
  }),

  law("due times beyond 2^31 and before 1970 keep their order", async ({ store, signal }) => {
    const times = [-5, 0, 5, 2 ** 31, 4_102_444_800_000];
    for (const dueAtMs of times.toReversed()) await indexTimeout(store, valueKey(String(dueAtMs)), dueAtMs, { signal });
    const due = await getExpiredTimeouts(store, 5_000_000_000_000, { ...all, signal });
    expect(due.map(({ id }) => id[0])).toEqual(times.map(String));
  }),
];
