import { expect } from "vitest";
import { countKey, listKey, lockName, longMs, valueKey } from "./fixtures.ts";
import { applied, law, one } from "./law.ts";
import type { Law } from "./law.ts";

export const durabilityLaws: readonly Law[] = [
  law("what was acknowledged is there after a restart", async ({ store, restart }) => {
    await applied(
      store,
      [
        { op: "set", key: valueKey("a"), value: "1" },
        { op: "set", key: valueKey("b"), value: "2", ttlMs: longMs },
        { op: "increment", key: countKey("n"), delta: 3 },
        { op: "append", key: listKey("l"), value: "m" },
        { op: "indexDue", index: "retry", key: valueKey("a"), dueAtMs: 7 },
      ],
      [{ op: "set", key: valueKey("gone"), value: "x" }],
      [{ op: "delete", key: valueKey("gone") }],
    );
    const [before] = await applied(store, [{ op: "get", key: valueKey("a") }]);
    const again = await restart();
    const [after, ...rest] = await applied(
      again,
      [{ op: "get", key: valueKey("a") }],
      [{ op: "get", key: valueKey("b") }],
      [{ op: "get", key: countKey("n") }],
      [{ op: "members", key: listKey("l") }],
      [{ op: "takeDue", index: "retry", nowMs: 10, limit: 10, holdMs: 0 }],
      [{ op: "get", key: valueKey("gone") }],
    );
    expect(after).toEqual(before);
    expect(rest).toMatchObject([
      { results: [{ value: "2", remainingMs: expect.any(Number) }] },
      { results: [{ value: "3" }] },
      { results: [{ values: ["m"] }] },
      { results: [{ entries: [{ dueAtMs: 7 }] }] },
      { results: [{ kind: "absent" }] },
    ]);
  }),

  law("versions do not return over a restart", async ({ store, restart }) => {
    const before = await one(store, { op: "set", key: valueKey("a"), value: "same" });
    await one(store, { op: "delete", key: valueKey("a") });
    const after = await one(await restart(), { op: "set", key: valueKey("a"), value: "same" });
    expect(before.kind === "stored" && after.kind === "stored" && before.version !== after.version).toBe(true);
  }),

  law("L2: tokens strictly grow over a restart, and stale ones are refused after it", async ({ store, restart }) => {
    const lock = lockName("a");
    const acquire = { op: "acquire", lock, leaseMs: longMs, fenced: true } as const;
    const first = await one(store, { ...acquire, owner: "first" });
    await one(store, { op: "release", lock, owner: "first" });
    const second = await one(store, { ...acquire, owner: "second" });
    await one(store, { op: "release", lock, owner: "second" });
    const stale = first.kind === "acquired" ? first.token : 0n;
    const current = second.kind === "acquired" ? second.token : 0n;
    const again = await restart();
    expect(await one(again, { op: "set", key: valueKey("v"), value: "x", fence: { lock, token: stale } })).toEqual({
      kind: "staleToken",
      token: current,
    });
    const third = await one(again, { ...acquire, owner: "third" });
    expect(third.kind === "acquired" && third.token > current).toBe(true);
  }),
];
