import { expect } from "vitest";
import type { ScanRange } from "../scan-range.ts";
import type { StateChange, StateStore } from "../state-store.ts";
import { acme, lockName, longMs, scopeOf, valueKey } from "./fixtures.ts";
import { applied, law, one } from "./law.ts";
import type { Law } from "./law.ts";

export const watchLaws: readonly Law[] = [
  law(
    "a watcher is told what another client writes, deletes and releases in its range, and nothing else",
    async ({ store, connect, settled }) => {
      const other = await connect();
      await using values = watched(store, { kind: "state", scope: acme, idPrefix: "k" });
      await using locks = watched(store, { kind: "named_lock", scope: acme });
      await one(other, { op: "set", key: valueKey("j"), value: "x" });
      await one(other, { op: "set", key: valueKey("k", scopeOf("orders", "other")), value: "x" });
      await one(other, { op: "set", key: valueKey("k1"), value: "x" });
      expect(await settled(values.next())).toEqual({ key: valueKey("k1"), kind: "set" });
      await one(other, { op: "delete", key: valueKey("k1") });
      expect(await settled(values.next())).toEqual({ key: valueKey("k1"), kind: "deleted" });
      await one(other, { op: "acquire", lock: lockName("l"), owner: "me", leaseMs: longMs });
      await one(other, { op: "release", lock: lockName("l"), owner: "me" });
      expect(await settled(locks.next())).toEqual({ key: lockName("l"), kind: "released" });
    },
    { needs: "watch" },
  ),

  law(
    "a watcher is not told of a group that was refused",
    async ({ store, settled }) => {
      await one(store, { op: "set", key: valueKey("taken"), value: "x" });
      await using changes = watched(store, { kind: "state", scope: acme });
      await applied(
        store,
        [
          { op: "set", key: valueKey("refused"), value: "x" },
          { op: "checkAndSet", key: valueKey("taken"), value: "y" },
        ],
        [{ op: "set", key: valueKey("done"), value: "x" }],
      );
      expect(await settled(changes.next())).toMatchObject({ key: valueKey("done") });
    },
    { needs: "watch" },
  ),

  law(
    "a watch ends without an error when its signal aborts",
    async ({ store, settled }) => {
      const changes = watched(store, { kind: "state" });
      const last = changes.next();
      await changes[Symbol.asyncDispose]();
      expect(await settled(last)).toBeUndefined();
    },
    { needs: "watch" },
  ),
];

interface Watched extends AsyncDisposable {
  /** `undefined` once the watch has ended. */
  next(): Promise<StateChange | undefined>;
}

function watched(store: StateStore, range: ScanRange): Watched {
  const leaving = new AbortController();
  const changes = store.watch?.(range, { signal: leaving.signal })[Symbol.asyncIterator]();
  if (changes === undefined) throw new TypeError("a store that says it can be watched has no `watch`");
  return {
    next: async () => (await changes.next()).value as StateChange | undefined,
    async [Symbol.asyncDispose]() {
      leaving.abort();
      await changes.return?.();
    },
  };
}
