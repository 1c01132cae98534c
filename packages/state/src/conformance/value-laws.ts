import { expect } from "vitest";
import { checkAndSet, compareAndSwap, get, set } from "../operations.ts";
import type { Version } from "../state-store.ts";
import { longMs, valueKey } from "./fixtures.ts";
import { fromClients, law, one } from "./law.ts";
import type { Law } from "./law.ts";

const key = valueKey("a");

export const valueLaws: readonly Law[] = [
  law("what was never written is absent", async ({ store }) => {
    expect(await one(store, { op: "get", key })).toEqual({ kind: "absent" });
  }),

  law("a value comes back as it went in, whatever text it is", async ({ store }) => {
    for (const value of ["", "0", "null", " x ", "é ¿ 漢 😀", "a\nb\tc\r", "'\"`\\%_*?{}[]$:#/", "x".repeat(262_144)]) {
      await one(store, { op: "set", key, value });
      expect(await one(store, { op: "get", key })).toMatchObject({ kind: "found", value, remainingMs: undefined });
    }
  }),

  law("a value of 1.5 MiB comes back as it went in", async ({ store }) => {
    const value = "0123456789abcdef".repeat(98_304);
    await one(store, { op: "set", key, value });
    expect(await one(store, { op: "get", key })).toMatchObject({ kind: "found", value });
  }),

  law("what one client wrote, another reads at once", async ({ store, connect }) => {
    const other = await connect();
    for (let i = 0; i < 20; i++) {
      await one(store, { op: "set", key, value: String(i) });
      expect(await one(other, { op: "get", key })).toMatchObject({ value: String(i) });
    }
  }),

  law("set replaces value and TTL", async ({ store }) => {
    await one(store, { op: "set", key, value: "first", ttlMs: longMs });
    const found = await one(store, { op: "get", key });
    expect(found).toMatchObject({ value: "first", remainingMs: expect.any(Number) });
    await one(store, { op: "set", key, value: "second" });
    expect(await one(store, { op: "get", key })).toMatchObject({ value: "second", remainingMs: undefined });
  }),

  law("the remaining life is in whole ms, above 0 and not above the TTL", async ({ store }) => {
    await one(store, { op: "set", key, value: "x", ttlMs: longMs });
    const found = await one(store, { op: "get", key });
    const remainingMs = found.kind === "found" ? found.remainingMs : undefined;
    expect(Number.isInteger(remainingMs)).toBe(true);
    expect(remainingMs).toBeGreaterThan(longMs / 2);
    expect(remainingMs).toBeLessThanOrEqual(longMs);
  }),

  law("delete says whether something was there", async ({ store }) => {
    expect(await one(store, { op: "delete", key })).toEqual({ kind: "absent" });
    await one(store, { op: "set", key, value: "x" });
    expect(await one(store, { op: "delete", key })).toEqual({ kind: "deleted" });
    expect(await one(store, { op: "get", key })).toEqual({ kind: "absent" });
  }),

  law(
    "delete with a version deletes that version, and refuses with what is there instead",
    async ({ store, signal }) => {
      const old = await set(store, key, "old", { signal });
      const current = await set(store, key, "current", { signal });
      expect(await one(store, { op: "delete", key, expected: old })).toMatchObject({
        kind: "found",
        value: "current",
        version: current,
      });
      expect(await one(store, { op: "delete", key, expected: current })).toEqual({ kind: "deleted" });
      // Absent is done without a version, and refused with one: the caller thought that it was there.
      expect(await one(store, { op: "delete", key, expected: current })).toEqual({ kind: "absent" });
    },
  ),

  law("a refused delete of an absent version refuses its group", async ({ store, signal }) => {
    const gone = await set(store, key, "x", { signal });
    await one(store, { op: "delete", key });
    const [result] = await store.apply([[{ op: "delete", key, expected: gone }]], { signal });
    expect(result).toEqual({ kind: "refused", at: 0, found: { kind: "absent" } });
  }),

  law("checkAndSet stores where nothing is, and says what is there otherwise", async ({ store, signal }) => {
    const first = await checkAndSet(store, key, "first", { signal, ttlMs: longMs });
    expect(first).toMatchObject({ kind: "stored" });
    const second = await checkAndSet(store, key, "second", { signal });
    expect(second).toMatchObject({
      kind: "exists",
      value: "first",
      version: first.version,
      remainingMs: expect.any(Number),
    });
    await one(store, { op: "delete", key });
    expect(await checkAndSet(store, key, "third", { signal })).toMatchObject({ kind: "stored" });
  }),

  law("compareAndSwap stores over the version it expects and over nothing else", async ({ store, signal }) => {
    const absentYet = await compareAndSwap(store, key, "absent", "first", { signal });
    expect(absentYet.kind).toBe("stored");
    expect(await compareAndSwap(store, key, "absent", "x", { signal })).toMatchObject({
      kind: "conflict",
      current: { value: "first" },
    });
    const first = versionIn(absentYet);
    const swapped = await compareAndSwap(store, key, first, "second", { signal, ttlMs: longMs });
    expect(await get(store, key, { signal })).toMatchObject({ value: "second", version: versionIn(swapped) });
    expect(await compareAndSwap(store, key, first, "x", { signal })).toMatchObject({
      kind: "conflict",
      current: { value: "second", version: versionIn(swapped), remainingMs: expect.any(Number) },
    });
  }),

  law("compareAndSwap of a version finds nothing to swap where nothing is", async ({ store, signal }) => {
    const version = await set(store, key, "x", { signal });
    await one(store, { op: "delete", key });
    expect(await compareAndSwap(store, key, version, "y", { signal })).toEqual({
      kind: "conflict",
      current: undefined,
    });
    expect(await one(store, { op: "get", key })).toEqual({ kind: "absent" });
  }),

  law("a version is read as it was given out, and every write gives another", async ({ store, signal }) => {
    const seen = new Set<Version>();
    for (let i = 0; i < 10; i++) {
      const version = await set(store, key, "same", { signal });
      expect((await get(store, key, { signal }))?.version).toBe(version);
      seen.add(version);
    }
    expect(seen.size).toBe(10);
  }),

  law("a version never returns, not even after a deletion", async ({ store, signal }) => {
    const before = await set(store, key, "same", { signal });
    await one(store, { op: "delete", key });
    const after = await set(store, key, "same", { signal });
    expect(after).not.toBe(before);
    expect(await compareAndSwap(store, key, before, "x", { signal })).toMatchObject({ kind: "conflict" });
  }),

  law("of 50 concurrent checkAndSet calls exactly one stores, and the rest see its value", async (context) => {
    const results = await fromClients(context, 50, (store, i) =>
      checkAndSet(store, key, `writer-${i}`, { ttlMs: longMs, signal: context.signal }),
    );
    const winner = results.findIndex(({ kind }) => kind === "stored");
    const losers = results.toSpliced(winner, 1);
    expect(losers.map((result) => result.kind === "exists" && result.value)).toEqual(
      Array(49).fill(`writer-${winner}`),
    );
  }),

  law("of 50 concurrent compareAndSwap calls on one version exactly one stores", async (context) => {
    const version = await set(context.store, key, "0", { signal: context.signal });
    const results = await fromClients(context, 50, (store, i) =>
      compareAndSwap(store, key, version, `writer-${i}`, { signal: context.signal }),
    );
    expect(results.filter(({ kind }) => kind === "stored")).toHaveLength(1);
  }),
];

function versionIn(result: Awaited<ReturnType<typeof compareAndSwap>>): Version {
  if (result.kind !== "stored") throw new Error(`a swap that should have stored: ${result.kind}`);
  return result.version;
}
