import { LockTimeoutError, OverloadedError, StaleTokenError, StateUnavailableError } from "@acteon/core";
import { expect } from "vitest";
import { createDistributedLock } from "../distributed-lock.ts";
import type { DistributedLock } from "../distributed-lock.ts";
import type { LockGuard } from "../lock-guard.ts";
import { LockLostError } from "../lock-lost-error.ts";
import { get, set } from "../operations.ts";
import type { GroupResult, StateGroup, StateStore } from "../state-store.ts";
import { lockName, longMs, valueKey } from "./fixtures.ts";
import { law, one } from "./law.ts";
import type { Law, LawContext } from "./law.ts";

const name = lockName("a");

export const guardLaws: readonly Law[] = (
  [
    law(
      "L1, L3: what twelve holders in turn read, change and write under their guards loses nothing",
      async (context) => {
        const { store, connect, signal, settled } = context;
        const clients = [store, await connect(), await connect()].map((client) => locksOf(context, client));
        const tokens: bigint[] = [];
        const work = Array.from({ length: 12 }, async (_, i) => {
          const locks = clients[i % 3] ?? locksOf(context);
          await using guard = await locks.acquire(name, { leaseMs: longMs, waitMs: longMs, signal });
          tokens.push(guard.fencingToken);
          const count = Number((await get(store, valueKey("n"), { signal }))?.value ?? 0);
          await guard.apply([[{ op: "set", key: valueKey("n"), value: String(count + 1) }]], { signal });
        });
        await settled(Promise.all(work));
        expect(await get(store, valueKey("n"), { signal })).toMatchObject({ value: "12" });
        expect(tokens).toEqual(tokens.toSorted((a, b) => (a < b ? -1 : 1)));
      },
    ),

    law("a lock taken within apply and one taken by name exclude each other", async (context) => {
      const { store, signal } = context;
      const locks = locksOf(context);
      const guard = await locks.tryAcquire(name, { leaseMs: longMs, signal });
      expect(await one(store, { op: "acquire", lock: name, owner: "you", leaseMs: longMs })).toMatchObject({
        kind: "held",
      });
      expect(await guard?.release()).toBe(true);
      await one(store, { op: "acquire", lock: name, owner: "you", leaseMs: longMs });
      expect(await locks.tryAcquire(name, { leaseMs: longMs, signal })).toBeUndefined();
    }),

    law("a guard is released once, when it is disposed or before, and its signal says so", async (context) => {
      const { signal } = context;
      const locks = locksOf(context);
      const guard = await locks.acquire(name, { leaseMs: longMs, waitMs: 0, signal });
      expect(guard.isHeld()).toBe(true);
      expect(guard.signal.aborted).toBe(false);
      {
        await using held = guard;
        expect(await locks.tryAcquire(name, { leaseMs: longMs, signal })).toBeUndefined();
        expect(await held.extend()).toBe(true);
      }
      expect(guard.isHeld()).toBe(false);
      expect(guard.signal.reason).toBeInstanceOf(LockLostError);
      expect(await guard.release()).toBe(true);
      expect(await guard.extend()).toBe(false);
      await using next = await locks.acquire(name, { leaseMs: longMs, waitMs: 0, signal });
      expect(next.fencingToken).toBeGreaterThan(guard.fencingToken);
      expect(next.owner).not.toBe(guard.owner);
    }),

    law(
      "L8: who waits longer than it may is told so, and leaves nothing behind",
      async (context) => {
        const { clock, signal, settled } = context;
        const locks = locksOf(context);
        const guard = await locks.acquire(name, { leaseMs: longMs, waitMs: 0, signal });
        const startedAtMs = clock.monotonicMs();
        const waiting = locks.acquire(name, { leaseMs: longMs, waitMs: 120, signal });
        await expect(settled(waiting)).rejects.toThrow(LockTimeoutError);
        expect(clock.monotonicMs() - startedAtMs).toBeGreaterThanOrEqual(119);
        await guard.release();
        await using again = await locks.acquire(name, { leaseMs: longMs, waitMs: 0, signal });
        expect(again.isHeld()).toBe(true);
      },
      { waits: true },
    ),

    law("L8: a waiter whose signal aborts gets its reason, and the lock goes to the next", async (context) => {
      const { signal, settled } = context;
      const locks = locksOf(context);
      const guard = await locks.acquire(name, { leaseMs: longMs, waitMs: 0, signal });
      const reason = new Error("gone");
      const leaving = new AbortController();
      const left = locks.acquire(name, { leaseMs: longMs, waitMs: longMs, signal: leaving.signal });
      const stays = locks.acquire(name, { leaseMs: longMs, waitMs: longMs, signal });
      leaving.abort(reason);
      await expect(left).rejects.toBe(reason);
      await guard.release();
      await using next = await settled(stays);
      expect(next.isHeld()).toBe(true);
    }),

    law("L8: so many may wait for one name, and no more", async (context) => {
      const { store, clock, random, signal, settled } = context;
      const locks = createDistributedLock(store, { clock, random, maxWaitersPerName: 2 });
      const options = { leaseMs: longMs, waitMs: longMs, signal };
      const guard = await locks.acquire(name, options);
      // Over several connections they may come to wait in any order: one of three is too many, whichever.
      const asked = Array.from({ length: 3 }, () => locks.acquire(name, options).catch((error: unknown) => error));
      expect(await Promise.race(asked)).toBeInstanceOf(OverloadedError);
      await using other = await locks.acquire(lockName("b"), options);
      expect(other.isHeld()).toBe(true);
      await guard.release();
      let acquired = 0;
      for (const each of asked) {
        const answer = await settled(each);
        if (answer instanceof OverloadedError) continue;
        acquired++;
        await (answer as LockGuard).release();
      }
      expect(acquired).toBe(2);
    }),

    law("L8: a waiter gets the lock that another client released", async (context) => {
      const { connect, signal, settled } = context;
      const guard = await locksOf(context).acquire(name, { leaseMs: longMs, waitMs: 0, signal });
      const waiting = locksOf(context, await connect()).acquire(name, { leaseMs: longMs, waitMs: longMs, signal });
      await guard.release();
      await using next = await settled(waiting);
      expect(next.fencingToken).toBeGreaterThan(guard.fencingToken);
    }),

    law(
      "L8: a waiter gets the lock of a holder that died",
      async (context) => {
        const { store, leaseMs, signal, settled } = context;
        await one(store, { op: "acquire", lock: name, owner: "dead", leaseMs });
        await using guard = await settled(locksOf(context).acquire(name, { leaseMs, waitMs: longMs, signal }));
        expect(guard.isHeld()).toBe(true);
      },
      { waits: true },
    ),

    law(
      "L5: a guard renews its lease for as long as it is held",
      async (context) => {
        const { signal, elapse } = context;
        const leaseMs = 3 * context.leaseMs; // a busy machine may be late with a renewal, and has two thirds of it to be so
        const locks = locksOf(context);
        await using guard = await locks.acquire(name, { leaseMs, waitMs: 0, signal });
        await elapse(1.2 * leaseMs);
        expect(guard.isHeld()).toBe(true);
        expect(await locks.tryAcquire(name, { leaseMs, signal })).toBeUndefined();
      },
      { waits: true },
    ),

    law(
      "L5: without an answer to its renewals a guard ends before its lease does",
      async (context) => {
        const { store, leaseMs, clock, signal, elapse } = context;
        const locks = locksOf(context, failing(store, { after: "extend", effect: false }));
        const askedAtMs = clock.monotonicMs();
        const guard = await locks.acquire(name, { leaseMs, waitMs: 0, signal });
        const { signal: lost } = guard;
        let endedAtMs = Infinity;
        lost.addEventListener("abort", () => (endedAtMs = clock.monotonicMs()));
        await elapse(leaseMs);
        expect(guard.isHeld()).toBe(false);
        expect(lost.reason).toBeInstanceOf(LockLostError);
        // The timer may be late, and with it the event; not the answer of `isHeld`.
        expect(endedAtMs - askedAtMs).toBeGreaterThanOrEqual(leaseMs - leaseMs / 100 - 6);
      },
      { waits: true },
    ),

    law(
      "L5: a guard whose lease another has taken ends at its next renewal",
      async (context) => {
        const { store, leaseMs, signal, elapse } = context;
        const guard = await locksOf(context).acquire(name, { leaseMs, waitMs: 0, signal });
        await one(store, { op: "release", lock: name, owner: guard.owner });
        await one(store, { op: "acquire", lock: name, owner: "you", leaseMs: longMs });
        await elapse(leaseMs / 2);
        expect(guard.signal.reason).toBeInstanceOf(LockLostError);
        expect(await guard.release()).toBe(false);
        expect(await one(store, { op: "release", lock: name, owner: "you" })).toEqual({ kind: "released" });
      },
      { waits: true },
    ),

    law("L3: a write under a guard that was overtaken changes nothing, and ends the guard", async (context) => {
      const { store, signal } = context;
      const guard = await locksOf(context).acquire(name, { leaseMs: longMs, waitMs: 0, signal });
      await one(store, { op: "release", lock: name, owner: guard.owner });
      await one(store, { op: "acquire", lock: name, owner: "you", leaseMs: longMs });
      await set(store, valueKey("v"), "theirs", { signal });
      const [result] = await guard.apply([[{ op: "set", key: valueKey("v"), value: "mine" }]], { signal });
      expect(result).toMatchObject({ kind: "refused", found: { kind: "staleToken" } });
      expect(await get(store, valueKey("v"), { signal })).toMatchObject({ value: "theirs" });
      expect(guard.isHeld()).toBe(false);
      expect(guard.signal.reason).toBeInstanceOf(StaleTokenError);
      await expect(guard.apply([], { signal })).rejects.toBe(guard.signal.reason);
    }),

    law("L7: an acquire whose answer was lost counts as not acquired, and leaves the lock free", async (context) => {
      const { store, signal } = context;
      const locks = locksOf(context, failing(store, { after: "acquire", effect: true }));
      await expect(locks.acquire(name, { leaseMs: longMs, waitMs: longMs, signal })).rejects.toThrow(
        StateUnavailableError,
      );
      expect(await one(store, { op: "acquire", lock: name, owner: "you", leaseMs: longMs })).toMatchObject({
        kind: "acquired",
      });
    }),

    law("L9: while the store does not answer, nobody acquires, and nobody waits", async (context) => {
      const { store, signal } = context;
      const locks = locksOf(context, failing(store, { after: "acquire", effect: false }));
      for (const attempt of [
        locks.acquire(name, { leaseMs: longMs, waitMs: longMs, signal }),
        locks.tryAcquire(name, { leaseMs: longMs, signal }),
      ])
        await expect(attempt).rejects.toThrow(StateUnavailableError);
    }),

    law(
      "L4: an answer that takes as long as the lease is no lock, and the lock is given back",
      async (context) => {
        const { store, leaseMs, clock, signal, settled } = context;
        const slow: Pick<StateStore, "apply"> = {
          async apply(groups, options) {
            const results = await store.apply(groups, options);
            if (isAbout(groups, "acquire")) await new Promise<void>((resolve) => clock.after(leaseMs, resolve));
            return results;
          },
        };
        const attempt = createDistributedLock(slow, context).tryAcquire(name, { leaseMs, signal });
        expect(await settled(attempt)).toBeUndefined();
        expect(await one(store, { op: "acquire", lock: name, owner: "you", leaseMs })).toMatchObject({
          kind: "acquired",
        });
      },
      { waits: true },
    ),

    law("L9: a lease is a whole number of ms from 500 to 600,000", async (context) => {
      const { signal } = context;
      for (const leaseMs of [0, 499, 499.5, 500.5, 600_001, Number.NaN, Infinity, -1])
        await expect(locksOf(context).tryAcquire(name, { leaseMs, signal })).rejects.toThrow(RangeError);
    }),
  ] satisfies readonly Law[]
).map((each) => ({ ...each, needs: "locks" }));

function locksOf(
  { clock, random, store }: LawContext,
  client: Pick<StateStore, "apply" | "watch"> = store,
): DistributedLock {
  return createDistributedLock(client, { clock, random });
}

/** The store, except that calls with that operation have no answer, whether they took effect or not. */
function failing(
  store: StateStore,
  { after, effect }: { readonly after: "acquire" | "extend"; readonly effect: boolean },
): Pick<StateStore, "apply"> {
  return {
    async apply(groups, options): Promise<readonly GroupResult[]> {
      if (!isAbout(groups, after)) return store.apply(groups, options);
      if (effect) await store.apply(groups, options);
      throw new StateUnavailableError("the answer was lost, as this test wants it");
    },
  };
}

function isAbout(groups: readonly StateGroup[], op: "acquire" | "extend"): boolean {
  return groups.some((group) => group.some((operation) => operation.op === op));
}
