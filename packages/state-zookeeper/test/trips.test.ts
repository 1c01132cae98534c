import { randomUUID } from "node:crypto";
import type { Namespace } from "@acteon/core";
import { stateKey, stateScope } from "@acteon/state";
import type { GroupResult, StateGroup, StateStore } from "@acteon/state";
import { FaultProxy, serverOrSkip, startZooKeeper } from "@acteon/test-servers";
import { expect, onTestFinished, test } from "vitest";
import { openZooKeeperState } from "../src/index.ts";

const ensemble = serverOrSkip("ZooKeeper", startZooKeeper);
const { signal } = new AbortController();
const scope = stateScope("orders" as Namespace, undefined);

test("an action's groups take one trip, whether its identity is new or was seen", async () => {
  const { trips, store } = await observed();
  await store.apply([open("warm"), close("warm"), hit()], { signal }); // folders and the counter
  expect(await trips([open("a")])).toEqual([1, "done"]);
  expect(await trips([[...open("b"), ...hit()]])).toEqual([1, "done"]);
  expect(await trips([open("a")])).toEqual([1, "refused"]);
  expect(await trips([close("a")])).toEqual([1, "done"]);
  expect(await trips([open("a")])).toEqual([1, "done"]);
  expect(await trips([[{ op: "get", key: stateKey(scope, "state", "unknown") }]])).toEqual([1, "done"]);
});

test("what is refused travels with what is written, and what closes an execution with what it leaves", async () => {
  const { trips, store } = await observed();
  const leaves: StateGroup = [{ op: "set", key: stateKey(scope, "pending_audit", "warm"), value: "{}" }];
  await store.apply([open("warm"), leaves, hit(1)], { signal });
  const takenKey: StateGroup = [...open("c").slice(0, 1), ...open("b").slice(1)];
  const overLimit: StateGroup = [...open("d").slice(0, 1), ...hit(1)];
  expect(await trips([open("b"), takenKey, overLimit])).toEqual([1, "done", "refused", "refused"]);
  expect(
    await trips([[...close("b"), { op: "set", key: stateKey(scope, "pending_audit", "b"), value: "{}" }]]),
  ).toEqual([1, "done"]);
  expect(await trips([open("c")])).toEqual([1, "done"]);
});

test("groups that share a counter take one trip together", async () => {
  const { trips, store } = await observed();
  await store.apply([open("warm"), hit()], { signal });
  const groups = Array.from({ length: 20 }, (_, i) => [...open(`a${i}`), ...hit()]);
  expect(await trips(groups)).toEqual([1, ...groups.map(() => "done")]);
});

test("what another process wrote costs two more trips at most, and then is known", async () => {
  const { trips, store, other } = await observed();
  await store.apply([open("warm"), hit()], { signal });
  await other.apply([open("a"), hit()], { signal });
  expect(await trips([open("a")])).toEqual([2, "refused"]);
  expect(await trips([[...open("b"), ...hit()]])).toEqual([3, "done"]);
  expect(await trips([[...open("c"), ...hit()]])).toEqual([1, "done"]);
});

function open(id: string): StateGroup {
  return [
    { op: "acquire", lock: stateKey(scope, "lock", id, undefined), owner: `of ${id}`, leaseMs: 30_000 },
    { op: "checkAndSet", key: stateKey(scope, "dedup", id), value: "held", ttlMs: 60_000 },
    { op: "compareAndSwap", key: stateKey(scope, "execution", id, undefined), expected: "absent", value: "{}" },
  ];
}

function close(id: string): StateGroup {
  return [
    { op: "delete", key: stateKey(scope, "execution", id, undefined) },
    { op: "delete", key: stateKey(scope, "dedup", id) },
    { op: "release", lock: stateKey(scope, "lock", id, undefined), owner: `of ${id}` },
  ];
}

function hit(atMost = 1_000): StateGroup {
  return [{ op: "increment", key: stateKey(scope, "throttle", "rule"), delta: 1, atMost }];
}

/** A client whose packets to the server are counted, and another. */
async function observed() {
  const [server] = ensemble().members;
  const proxy = await FaultProxy.to(server?.port ?? 0);
  const chroot = randomUUID();
  const store: StateStore = await openZooKeeperState({ url: `zookeeper://127.0.0.1:${proxy.port}/${chroot}` });
  const other: StateStore = await openZooKeeperState({ url: `zookeeper://${ensemble().hosts}/${chroot}` });
  onTestFinished(async () => {
    await store[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });
  /** How many, and what became of each group. */
  const trips = async (groups: readonly StateGroup[]): Promise<[number, ...GroupResult["kind"][]]> => {
    const before = proxy.chunks.up;
    const results = await store.apply(groups, { signal });
    return [proxy.chunks.up - before, ...results.map(({ kind }) => kind)];
  };
  return { trips, store, other };
}
