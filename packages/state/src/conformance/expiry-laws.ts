import { expect } from "vitest";
import { set } from "../operations.ts";
import { countKey, longMs, valueKey } from "./fixtures.ts";
import { applied, law, one } from "./law.ts";
import type { Law } from "./law.ts";

const key = valueKey("a");

export const expiryLaws: readonly Law[] = [
  law(
    "an expired key is absent at once, to whatever operation",
    async ({ store, ttlMs, elapse, signal }) => {
      const names = ["get", "checkAndSet", "swapAbsent", "swapVersion", "delete", "deleteVersion", "increment"];
      const versions = new Map<string, Awaited<ReturnType<typeof set>>>();
      for (const name of names) versions.set(name, await set(store, valueKey(name), "1", { ttlMs, signal }));
      await elapse(ttlMs);
      const swapped = versions.get("swapVersion") ?? "absent";
      const results = await applied(
        store,
        [{ op: "get", key: valueKey("get") }],
        [{ op: "checkAndSet", key: valueKey("checkAndSet"), value: "x" }],
        [{ op: "compareAndSwap", key: valueKey("swapAbsent"), expected: "absent", value: "x" }],
        [{ op: "compareAndSwap", key: valueKey("swapVersion"), expected: swapped, value: "x" }],
        [{ op: "delete", key: valueKey("delete") }],
        [{ op: "delete", key: valueKey("deleteVersion"), expected: versions.get("deleteVersion") }],
        [{ op: "increment", key: valueKey("increment"), delta: 1 }],
      );
      expect(results).toMatchObject([
        { kind: "done", results: [{ kind: "absent" }] },
        { kind: "done", results: [{ kind: "stored" }] },
        { kind: "done", results: [{ kind: "stored" }] },
        { kind: "refused", found: { kind: "absent" } },
        { kind: "done", results: [{ kind: "absent" }] },
        { kind: "refused", found: { kind: "absent" } },
        { kind: "done", results: [{ kind: "counted", count: 1, remainingMs: undefined }] },
      ]);
    },
    { waits: true },
  ),

  law(
    "a write without a TTL stays for good, whatever TTL the key had",
    async ({ store, ttlMs, elapse, signal }) => {
      await set(store, valueKey("set"), "x", { ttlMs, signal });
      const swapped = await set(store, valueKey("swap"), "x", { ttlMs, signal });
      await applied(
        store,
        [{ op: "set", key: valueKey("set"), value: "y" }],
        [{ op: "compareAndSwap", key: valueKey("swap"), expected: swapped, value: "y" }],
      );
      await elapse(ttlMs);
      expect(await one(store, { op: "get", key: valueKey("set") })).toMatchObject({ remainingMs: undefined });
      expect(await one(store, { op: "get", key: valueKey("swap") })).toMatchObject({ remainingMs: undefined });
    },
    { waits: true },
  ),

  law(
    "a write with a TTL shortens or lengthens the life that the key had",
    async ({ store, ttlMs, elapse, signal }) => {
      await set(store, valueKey("shorter"), "x", { ttlMs: longMs, signal });
      await set(store, valueKey("shorter"), "x", { ttlMs, signal });
      await set(store, valueKey("longer"), "x", { ttlMs, signal });
      await set(store, valueKey("longer"), "x", { ttlMs: longMs, signal });
      await elapse(ttlMs);
      expect(await one(store, { op: "get", key: valueKey("shorter") })).toEqual({ kind: "absent" });
      expect(await one(store, { op: "get", key: valueKey("longer") })).toMatchObject({ kind: "found" });
    },
    { waits: true },
  ),

  law(
    "a write that is refused does not touch the TTL",
    async ({ store, ttlMs, elapse, signal }) => {
      await set(store, key, "x", { ttlMs, signal });
      await one(store, { op: "checkAndSet", key, value: "y", ttlMs: longMs });
      await one(store, { op: "compareAndSwap", key, expected: "absent", value: "y" });
      await elapse(ttlMs);
      expect(await one(store, { op: "get", key })).toEqual({ kind: "absent" });
    },
    { waits: true },
  ),

  law(
    "what has expired does not come back by a version that it had",
    async ({ store, ttlMs, elapse, signal }) => {
      const expired = await set(store, key, "same", { ttlMs, signal });
      await elapse(ttlMs);
      expect(await set(store, key, "same", { signal })).not.toBe(expired);
    },
    { waits: true },
  ),

  law("the life of a count is told with it", async ({ store }) => {
    const counted = await one(store, { op: "increment", key: countKey("n"), delta: 1, ttlMs: longMs });
    const remainingMs = counted.kind === "counted" ? counted.remainingMs : undefined;
    expect(remainingMs).toBeGreaterThan(longMs / 2);
    expect(remainingMs).toBeLessThanOrEqual(longMs);
  }),
];
