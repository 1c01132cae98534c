import { systemClock, systemRandom } from "@acteon/core";
import { expect } from "vitest";
import { createDistributedLock } from "../distributed-lock.ts";
import type { StateGroup } from "../state-store.ts";
import { asked, called, seen, within } from "./fault-law.ts";
import type { FaultLaw } from "./fault-law.ts";
import { countKey, lockName, valueKey } from "./fixtures.ts";
import { Load, countOf, numbers } from "./load.ts";

const { signal } = new AbortController();
const ports = { clock: systemClock, random: systemRandom };

/** What is promised while a server dies, stands still, or a holder of a lock is cut off (T7, T8; guarantees §4). */
export const crashFaultLaws: readonly FaultLaw[] = [
  {
    title: "what was acknowledged before the server was killed under load is there when it is back",
    async run({ recovered, store, direct, server, maxCallMs }) {
      const load = new Load(store, maxCallMs);
      await load.acknowledged(50);
      await server.kill();
      expect(await asked(store, { op: "get", key: valueKey("a") }, maxCallMs)).toBeUndefined();
      await server.start();
      const recoveredMs = await recovered(store);
      await recovered(direct);
      await load.acknowledged(20); // it goes on under load
      const { answered, unavailable } = await load.end();
      expect(answered).toBeGreaterThan(0);
      if (store.durability === "host" || store.durability === "strong") await load.expectKept(direct);
      const { lost } = await load.losses(direct);
      return `${answered} calls answered, ${unavailable} not, ${lost} lost; answered again after ${recoveredMs} ms`;
    },
  },
  {
    title: "L2: tokens grow over the death of the server, and stale ones are refused after it",
    needs: "locks",
    async run({ recovered, store, direct, server, leaseMs }) {
      if (store.durability === "process" || store.durability === "lossy") return "not promised";
      const lock = lockName("l");
      const tokenOf = async (client: typeof direct, owner: string): Promise<bigint> => {
        const answer = await seen(client, { op: "acquire", lock, owner, leaseMs, fenced: true });
        return answer.kind === "acquired" ? answer.token : 0n;
      };
      const stale = await tokenOf(direct, "first");
      await seen(direct, { op: "release", lock, owner: "first" });
      const current = await tokenOf(direct, "second");
      await server.kill();
      await server.start();
      await recovered(store);
      await recovered(direct);
      const write = { op: "set", key: valueKey("v"), value: "late", fence: { lock, token: stale } } as const;
      expect(await seen(store, write)).toEqual({ kind: "staleToken", token: current });
      await seen(direct, { op: "release", lock, owner: "second" });
      expect(await tokenOf(store, "third")).toBeGreaterThan(current);
      return undefined;
    },
  },
  {
    title: "a server that stands still is no answer in time; what it carries out later is done once",
    async run({ recovered, store, direct, server, maxCallMs }) {
      await recovered(store);
      for (const i of numbers(8)) await asked(store, { op: "get", key: countKey(`n${i}`) }, maxCallMs);
      const groups = numbers(8).map((i): StateGroup => [{ op: "increment", key: countKey(`n${i}`), delta: 1 }]);
      await server.pause();
      const outcomes = await Promise.all(groups.map((group) => called(store, [group], maxCallMs))).finally(() =>
        server.resume(),
      );
      expect(outcomes).toEqual(groups.map(() => ({ kind: "unavailable" })));
      await recovered(store);
      await recovered(direct);
      const counts = await Promise.all(numbers(8).map((i) => countOf(direct, `n${i}`)));
      expect(counts.filter((count) => count > 1)).toEqual([]);
      return `${counts.filter((count) => count === 1).length} of 8 were carried out later`;
    },
  },
  {
    title: "L3, L5: a holder that was cut off knows it before another holds, and every late write of it is refused",
    needs: "locks",
    async run({ recovered, store, direct, network, leaseMs, maxCallMs }) {
      const name = lockName("l");
      const guard = await createDistributedLock(store, ports).acquire(name, { leaseMs, waitMs: 0, signal });
      network.set({ halfOpen: true });
      const next = await createDistributedLock(direct, ports).acquire(name, {
        leaseMs,
        waitMs: 20 * leaseMs + maxCallMs,
        signal,
      });
      expect(guard.isHeld()).toBe(false);
      network.heal();
      await recovered(store);
      const { fence } = guard;
      const late = numbers(20).map((i): StateGroup => [{ op: "set", key: valueKey(`v${i}`), value: "late", fence }]);
      const results = await store.apply(late, { signal });
      expect(results).toEqual(
        late.map(() =>
          expect.objectContaining({ kind: "refused", found: expect.objectContaining({ kind: "staleToken" }) }),
        ),
      );
      expect(next.fencingToken).toBeGreaterThan(guard.fencingToken);
      await next.release();
      await within(2 * maxCallMs, guard.release());
      return undefined;
    },
  },
];
