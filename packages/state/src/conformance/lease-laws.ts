import { expect } from "vitest";
import { stateKey } from "../state-key.ts";
import type { StateStore } from "../state-store.ts";
import { acme, lockName, longMs, scopeOf, valueKey } from "./fixtures.ts";
import { applied, fromClients, inTime, law, one } from "./law.ts";
import type { Law } from "./law.ts";

const lock = lockName("a");

export const leaseLaws: readonly Law[] = (
  [
    law("L1: a held lock is refused to everybody, its owner included, on every client", async ({ store, connect }) => {
      const other = await connect();
      await acquired(store, "me");
      for (const client of [store, other])
        for (const owner of ["me", "you"]) {
          const [result] = await applied(client, [{ op: "acquire", lock, owner, leaseMs: longMs }]);
          expect(result).toMatchObject({ kind: "refused", at: 0, found: { kind: "held" } });
        }
    }),

    law("L1: of 50 contenders at the same time exactly one has the lock", async (context) => {
      const answers = await fromClients(context, 50, (client, i) =>
        one(client, { op: "acquire", lock, owner: `owner-${i}`, leaseMs: longMs }),
      );
      expect(answers.filter(({ kind }) => kind === "acquired")).toHaveLength(1);
      expect(answers.filter(({ kind }) => kind === "held")).toHaveLength(49);
    }),

    law("L1: locks of other names, kinds, namespaces and tenants do not matter", async ({ store }) => {
      await acquired(store, "me");
      for (const name of [
        stateKey(acme, "lock", "a", undefined),
        stateKey(acme, "lock", "a", ""),
        lockName("b"),
        lockName("a", scopeOf("orders", "b")),
        lockName("a", scopeOf("o", "acme")),
      ])
        expect(await one(store, { op: "acquire", lock: name, owner: "you", leaseMs: longMs })).toMatchObject({
          kind: "acquired",
        });
    }),

    law("L2: tokens strictly grow over releases and refusals, on whatever client", async ({ store, connect }) => {
      const clients = [store, await connect()];
      let last = 0n;
      for (let i = 0; i < 12; i++) {
        const token = await acquired(clients[i % 2] ?? store, `owner-${i}`);
        expect(token).toBeGreaterThan(last);
        last = token;
        await one(store, { op: "acquire", lock, owner: "refused", leaseMs: longMs });
        await one(clients[(i + 1) % 2] ?? store, { op: "release", lock, owner: `owner-${i}` });
      }
    }),

    law("L2: tokens strictly grow for a lock that keeps no token after release", async ({ store }) => {
      let last = 0n;
      for (let i = 0; i < 5; i++) {
        const answer = await one(store, { op: "acquire", lock, owner: `owner-${i}`, leaseMs: longMs });
        const token = answer.kind === "acquired" ? answer.token : 0n;
        expect(token).toBeGreaterThan(last);
        last = token;
        await one(store, { op: "release", lock, owner: `owner-${i}` });
      }
    }),

    law("L7: who does not hold the lock neither releases nor extends it", async ({ store, connect }) => {
      const other = await connect();
      expect(await one(store, { op: "release", lock, owner: "me" })).toEqual({ kind: "lost" });
      expect(await one(store, { op: "extend", lock, owner: "me", leaseMs: longMs })).toEqual({ kind: "lost" });
      await acquired(store, "me");
      expect(await one(other, { op: "release", lock, owner: "you" })).toEqual({ kind: "lost" });
      expect(await one(other, { op: "extend", lock, owner: "you", leaseMs: longMs })).toEqual({ kind: "lost" });
      expect(await one(other, { op: "acquire", lock, owner: "you", leaseMs: longMs })).toMatchObject({ kind: "held" });
      expect(await one(store, { op: "release", lock, owner: "me" })).toEqual({ kind: "released" });
      expect(await one(store, { op: "release", lock, owner: "me" })).toEqual({ kind: "lost" });
    }),

    law("L7: a lost lease refuses nothing: the rest of its group takes effect", async ({ store }) => {
      const [result] = await applied(store, [
        { op: "extend", lock, owner: "me", leaseMs: longMs },
        { op: "release", lock, owner: "me" },
        { op: "indexDue", index: "retry", key: lock, dueAtMs: 1 },
      ]);
      expect(result).toEqual({ kind: "done", results: [{ kind: "lost" }, { kind: "lost" }, { kind: "indexed" }] });
    }),

    law(
      "L6: a lease that is over is free, and its former owner has lost it",
      async ({ store, connect, leaseMs, elapse }) => {
        const other = await connect();
        const first = await acquired(store, "me", leaseMs);
        await elapse(leaseMs);
        const second = await acquired(other, "you");
        expect(second).toBeGreaterThan(first);
        expect(await one(store, { op: "extend", lock, owner: "me", leaseMs })).toEqual({ kind: "lost" });
        expect(await one(store, { op: "release", lock, owner: "me" })).toEqual({ kind: "lost" });
        expect(await one(other, { op: "release", lock, owner: "you" })).toEqual({ kind: "released" });
      },
      { waits: true },
    ),

    law(
      "L6: a lease that is over is lost to its owner even if nobody took it",
      async ({ store, leaseMs, elapse }) => {
        for (const [name, op] of Object.entries({ b: "extend", c: "release" } as const)) {
          await one(store, { op: "acquire", lock: lockName(name), owner: "me", leaseMs });
          await elapse(leaseMs);
          expect(await one(store, { op, lock: lockName(name), owner: "me", leaseMs: longMs })).toEqual({
            kind: "lost",
          });
          expect(await one(store, { op: "acquire", lock: lockName(name), owner: "me", leaseMs })).toMatchObject({
            kind: "acquired",
          });
        }
      },
      { waits: true },
    ),

    law(
      "L5: an extended lease lives on past its first end",
      ({ store, leaseMs, elapse }) =>
        inTime(leaseMs, async (shortMs) => {
          await one(store, { op: "release", lock, owner: "me" });
          await acquired(store, "me", shortMs);
          const { kind } = await one(store, { op: "extend", lock, owner: "me", leaseMs: longMs });
          if (kind === "lost") return "late";
          await elapse(shortMs);
          expect(await one(store, { op: "acquire", lock, owner: "you", leaseMs })).toMatchObject({ kind: "held" });
          expect(await one(store, { op: "release", lock, owner: "me" })).toEqual({ kind: "released" });
          return "done";
        }),
      { waits: true },
    ),

    law(
      "L5: an extension may shorten a lease",
      async ({ store, leaseMs, elapse }) => {
        await acquired(store, "me", longMs);
        await one(store, { op: "extend", lock, owner: "me", leaseMs });
        await elapse(leaseMs);
        expect(await one(store, { op: "acquire", lock, owner: "you", leaseMs })).toMatchObject({ kind: "acquired" });
      },
      { waits: true },
    ),

    law(
      "L3: a write under the current or a later token is let through, under an earlier one refused",
      async ({ store }) => {
        const stale = await acquired(store, "first");
        await one(store, { op: "release", lock, owner: "first" });
        const current = await acquired(store, "second");
        const write = (token: bigint) =>
          one(store, { op: "set", key: valueKey("value"), value: String(token), fence: { lock, token } });
        expect(await write(current)).toMatchObject({ kind: "stored" });
        expect(await write(stale)).toEqual({ kind: "staleToken", token: current });
        expect(await write(current + 1n)).toMatchObject({ kind: "stored" });
        expect(await write(current)).toMatchObject({ kind: "stored" });
      },
    ),

    law("L3: the token of a fenced lock is remembered after its release", async ({ store, connect }) => {
      const other = await connect();
      const stale = await acquired(store, "first");
      await one(store, { op: "release", lock, owner: "first" });
      const current = await acquired(other, "second");
      await one(other, { op: "release", lock, owner: "second" });
      const answer = await one(store, { op: "delete", key: valueKey("value"), fence: { lock, token: stale } });
      expect(answer).toEqual({ kind: "staleToken", token: current });
    }),

    law("L3: the fence is looked at before anything else of its operation", async ({ store }) => {
      const key = valueKey("value");
      const stale = await acquired(store, "first");
      await one(store, { op: "release", lock, owner: "first" });
      const token = await acquired(store, "second");
      await one(store, { op: "set", key, value: "x" });
      const fence = { lock, token: stale };
      for (const operation of [
        { op: "checkAndSet", key, value: "y", fence },
        { op: "compareAndSwap", key, expected: "absent", value: "y", fence },
        { op: "delete", key, fence },
      ] as const)
        expect(await one(store, operation)).toEqual({ kind: "staleToken", token });
    }),

    law(
      "L3: the token of a fenced lock is remembered after its expiry, and outgrown by the next",
      async ({ store, leaseMs, elapse }) => {
        const stale = await acquired(store, "first", leaseMs);
        await elapse(leaseMs);
        const write = () => one(store, { op: "set", key: valueKey("v"), value: "x", fence: { lock, token: stale } });
        // Nobody has taken over: no larger token is known, and the write is safe.
        expect(await write()).toMatchObject({ kind: "stored" });
        const token = await acquired(store, "second", leaseMs);
        await elapse(leaseMs);
        expect(await write()).toEqual({ kind: "staleToken", token });
      },
      { waits: true },
    ),
  ] satisfies readonly Law[]
).map((each) => ({ ...each, needs: "locks" }));

async function acquired(store: StateStore, owner: string, leaseMs = longMs): Promise<bigint> {
  const answer = await one(store, { op: "acquire", lock, owner, leaseMs, fenced: true });
  if (answer.kind !== "acquired") throw new Error(`a free lock was ${answer.kind}`);
  return answer.token;
}
