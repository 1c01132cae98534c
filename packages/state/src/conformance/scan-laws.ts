import fc from "fast-check";
import { expect } from "vitest";
import { scanKeys, scanKeysByKind, set } from "../operations.ts";
import { inScanRange } from "../scan-range.ts";
import type { ScanRange } from "../scan-range.ts";
import { stateKey } from "../state-key.ts";
import type { StateKey } from "../state-key.ts";
import type { StateEntry, StateGroup, StateStore } from "../state-store.ts";
import { acme, longMs, scopeOf, valueKey } from "./fixtures.ts";
import { anyKey } from "./generated-keys.ts";
import { law, one } from "./law.ts";
import type { Law } from "./law.ts";

export const scanLaws: readonly Law[] = [
  law("a scan gives the entries of its kind and scope with value, version and life", async ({ store, signal }) => {
    const forGood = await set(store, valueKey("a"), "1", { signal });
    await set(store, valueKey("b"), "2", { signal, ttlMs: longMs });
    await set(store, stateKey(acme, "suppression", "c"), "3", { signal });
    await set(store, valueKey("d", scopeOf("orders", "other")), "4", { signal });
    const entries = await scanned(store, { kind: "state", scope: acme });
    expect(entries).toEqual([
      expect.objectContaining({ key: valueKey("a"), value: "1", version: forGood, remainingMs: undefined }),
      expect.objectContaining({ key: valueKey("b"), value: "2", remainingMs: expect.any(Number) }),
    ]);
  }),

  law("a scan of a kind sees all tenants; a scan of none sees nothing", async ({ store, signal }) => {
    const keys = [acme, scopeOf("orders", undefined), scopeOf("billing", "acme")].map((scope) => valueKey("a", scope));
    for (const key of keys) await set(store, key, "x", { signal });
    const seen = [];
    for await (const { key } of scanKeysByKind(store, "state", { signal })) seen.push(key);
    expect(texts(seen)).toEqual(texts(keys));
    expect(await scanned(store, { kind: "dead_letter" })).toEqual([]);
  }),

  law(
    "the prefix of a scope is a whole tenant: `a` sees neither `ab`, `a.b` nor no tenant (K4)",
    async ({ store, signal }) => {
      for (const tenant of ["a", "ab", "a.b", "a-b", "A", undefined])
        await set(store, valueKey("k", scopeOf("n", tenant)), String(tenant), { signal });
      await set(store, valueKey("k", scopeOf("n.a", "a")), "x", { signal });
      const entries = await scanned(store, { kind: "state", scope: scopeOf("n", "a") });
      expect(entries.map(({ value }) => value)).toEqual(["a"]);
    },
  ),

  law(
    "an id prefix is text, whatever characters it has, of keys long and short (K3, K4)",
    async ({ store, signal }) => {
      const long = "x".repeat(500);
      const ids = [
        "",
        "%",
        "%a",
        "_",
        "*",
        "a",
        "ab",
        "a/b",
        "a:b",
        "A",
        "=",
        "=h",
        "é",
        "ée",
        "😀",
        long,
        `${long}y`,
        `a${long}`,
      ];
      for (const id of ids) await set(store, valueKey(id), id, { signal });
      await set(store, stateKey(acme, "state", undefined), "none", { signal });
      for (const idPrefix of ["%", "_", "*", "a", "a/", "=", "=h", "é", "😀", "x", long, `${long}y`, "zz"]) {
        const found = [];
        for await (const { value } of scanKeys(store, { scope: acme, kind: "state", idPrefix }, { signal }))
          found.push(value);
        expect(found.toSorted()).toEqual(ids.filter((id) => id.startsWith(idPrefix)).toSorted());
      }
      expect(await scanned(store, { kind: "state", scope: acme, idPrefix: "" })).toHaveLength(ids.length + 1);
    },
  ),

  law("whatever the keys, a scan finds exactly those of its range, each with its tuple", async ({ store, signal }) => {
    const keys = fc.sample(anyKey, { numRuns: 200, seed: 1 });
    const written = new Map(keys.map((key) => [key.fullText, key]));
    const writes = [...written.values()].map((key): StateGroup => [{ op: "set", key, value: key.fullText }]);
    await store.apply(writes, { signal });
    for (const { kind, scope, id } of keys.slice(0, 40)) {
      for (const range of [
        { kind },
        { kind, scope },
        { kind, scope, idPrefix: id[0]?.slice(0, 2) ?? "" },
        { kind, idPrefix: "a" },
      ]) {
        const entries = await scanned(store, range);
        const expected = [...written.values()].filter((key) => inScanRange(range, key));
        expect(entries.map(({ key }) => key)).toEqual(byText(expected));
        for (const { key, value } of entries) expect(value).toBe(key.fullText);
      }
    }
  }),

  law("a scan of 2,000 entries gives each once", async ({ store, signal }) => {
    for (let i = 0; i < 2_000; i += 100)
      await store.apply(
        Array.from({ length: 100 }, (_, j) => [{ op: "set", key: valueKey(`k${i + j}`), value: "x" }]),
        { signal },
      );
    const entries = await scanned(store, { kind: "state", scope: acme });
    expect(new Set(entries.map(({ key }) => key.text)).size).toBe(2_000);
    expect(entries).toHaveLength(2_000);
  }),

  law("what is deleted, a lock or a list is in no scan", async ({ store, signal }) => {
    await set(store, valueKey("a"), "x", { signal });
    await one(store, { op: "delete", key: valueKey("a") });
    await one(store, { op: "acquire", lock: stateKey(acme, "named_lock", "l"), owner: "me", leaseMs: longMs });
    await one(store, { op: "append", key: stateKey(acme, "parked", "list"), value: "m" });
    for (const kind of ["state", "named_lock", "parked"] as const) expect(await scanned(store, { kind })).toEqual([]);
  }),

  law(
    "what has expired is in no scan",
    async ({ store, signal, ttlMs, elapse }) => {
      await set(store, valueKey("a"), "x", { signal, ttlMs });
      await set(store, valueKey("b"), "x", { signal, ttlMs: longMs });
      await elapse(ttlMs);
      expect(texts((await scanned(store, { kind: "state" })).map(({ key }) => key))).toEqual([valueKey("b").text]);
    },
    { waits: true },
  ),

  law("what is written while a scan runs does not hide what was there", async ({ store, signal }) => {
    for (let i = 0; i < 50; i++) await set(store, valueKey(`k${i}`), "x", { signal });
    const seen = new Set<string>();
    for await (const { key } of store.scan({ kind: "state" }, { signal })) {
      seen.add(key.text);
      await set(store, valueKey(`new-${seen.size % 50}`), "y", { signal });
      await one(store, { op: "delete", key: valueKey(`new-${(seen.size * 7) % 50}`) });
      if (seen.size > 500) break;
    }
    for (let i = 0; i < 50; i++) expect(seen).toContain(valueKey(`k${i}`).text);
  }),

  law("a scan ends with the reason of its signal", async ({ store, signal }) => {
    for (let i = 0; i < 10; i++) await set(store, valueKey(`k${i}`), "x", { signal });
    const reason = new Error("gone");
    const gone = new AbortController();
    const scan = async () => {
      for await (const _ of store.scan({ kind: "state" }, { signal: gone.signal })) gone.abort(reason);
    };
    await expect(scan()).rejects.toBe(reason);
  }),
];

/** In the order of their texts: a scan promises none. */
async function scanned(store: StateStore, range: ScanRange): Promise<readonly StateEntry[]> {
  const entries: StateEntry[] = [];
  for await (const entry of store.scan(range, { signal: new AbortController().signal })) entries.push(entry);
  return entries.toSorted((a, b) => compareTexts(a.key, b.key));
}

function byText(keys: readonly StateKey[]): readonly StateKey[] {
  return keys.toSorted(compareTexts);
}

function compareTexts(a: StateKey, b: StateKey): number {
  return a.text < b.text ? -1 : 1;
}

function texts(keys: readonly StateKey[]): readonly string[] {
  return keys.map(({ text }) => text).toSorted();
}
