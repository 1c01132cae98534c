import { applyOne, stateKey } from "@acteon/state";
import type { GroupResult, StateGroup, StateStore } from "@acteon/state";
import { serverOrSkip, startEtcd } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { acme, etcdSpace } from "./etcd-space.ts";

const cluster = serverOrSkip("etcd", startEtcd);
const { signal } = new AbortController();

/** A slice of the gateway's road (`design.md` §9): the groups that open 100 actions, and those that close them. */
function slice(round: number): { readonly open: StateGroup[]; readonly close: StateGroup[] } {
  const open: StateGroup[] = [];
  const close: StateGroup[] = [];
  for (let i = 0; i < 100; i++) {
    const id = `${round}-${i}`;
    const lock = stateKey(acme, "lock", id, undefined);
    const claim: StateGroup[number][] = [{ op: "acquire", lock, owner: id, leaseMs: 30_000 }];
    const ending: StateGroup[number][] = [];
    if (i % 10 === 0)
      claim.push({ op: "increment", key: stateKey(acme, "throttle", "hot"), delta: 1, ttlMs: 60_000, atMost: 1e6 });
    if (i % 10 === 1) {
      const execution = stateKey(acme, "execution", id, undefined);
      claim.push({ op: "checkAndSet", key: stateKey(acme, "dedup", id), value: "held" });
      claim.push({ op: "compareAndSwap", key: execution, expected: "absent", value: "{}" });
      ending.push({ op: "delete", key: execution });
      ending.push({ op: "set", key: stateKey(acme, "dedup", id), value: "committed", ttlMs: 60_000 });
    }
    open.push(claim);
    close.push([...ending, { op: "release", lock, owner: id }]);
  }
  return { open, close };
}

test("a slice of the gateway's road takes one transaction to open and one to close, counted at the server", async () => {
  await using store = await etcdSpace(cluster()).connect();
  await done(store, slice(0).open); // leases are granted, and the hot counter becomes known
  const before = await transactions();
  for (const round of [1, 2, 3]) {
    const { open, close } = slice(round);
    await done(store, open);
    await done(store, close);
  }
  expect((await transactions()) - before).toBe(6);
});

test("what another gateway changed costs one trip more, and only those groups that it concerns", async () => {
  const space = etcdSpace(cluster());
  await using store = await space.connect();
  await using other = await space.connect();
  await done(store, slice(0).open);
  const hot = { op: "increment", key: stateKey(acme, "throttle", "hot"), delta: 1 } as const;
  expect(await applyOne(other, hot, { signal })).toMatchObject({ count: 11 });
  const before = await transactions();
  await done(store, slice(1).open);
  expect((await transactions()) - before).toBe(2);
  expect(await applyOne(other, { ...hot, delta: 0 }, { signal })).toMatchObject({ count: 21 });
});

test("a duplicate, and a read of what was never seen here, take one trip", async () => {
  const space = etcdSpace(cluster());
  await using store = await space.connect();
  await using other = await space.connect();
  const key = stateKey(acme, "dedup", "a");
  await applyOne(other, { op: "set", key, value: "held" }, { signal });
  const before = await transactions();
  expect(await applyOne(store, { op: "checkAndSet", key, value: "mine" }, { signal })).toMatchObject({ value: "held" });
  expect((await transactions()) - before).toBe(1);
});

async function done(store: StateStore, groups: readonly StateGroup[]): Promise<void> {
  const results: readonly GroupResult[] = await store.apply(groups, { signal });
  expect(results.filter(({ kind }) => kind !== "done")).toEqual([]);
}

/** How many the server has begun, of all clients. */
async function transactions(): Promise<number> {
  const [endpoint] = cluster().endpoints;
  const metrics = await (await fetch(`http://${endpoint}/metrics`)).text();
  const { count } = /grpc_server_started_total\{grpc_method="Txn",[^}]*\} (?<count>\d+)/.exec(metrics)?.groups ?? {};
  return Number(count);
}
