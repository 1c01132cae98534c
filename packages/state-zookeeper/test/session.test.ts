import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { StateUnavailableError, systemClock, systemRandom } from "@acteon/core";
import type { Namespace } from "@acteon/core";
import { LockLostError, applyOne, createDistributedLock, stateKey, stateScope } from "@acteon/state";
import { FaultProxy, serverOrSkip, standStill, startZooKeeper } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { getChildren } from "../src/client/requests.ts";
import type { SessionState } from "../src/client/session.ts";
import { createZooKeeperLock, openZooKeeperState } from "../src/index.ts";
import { LockTicket } from "../src/lock-ticket.ts";
import { keyPath, queueFolder } from "../src/node-paths.ts";

const ensemble = serverOrSkip("ZooKeeper", () => startZooKeeper({ tickMs: 200 }));
const { signal } = new AbortController();
const scope = stateScope("orders" as Namespace, undefined);
const lock = stateKey(scope, "named_lock", "l");
const ports = { clock: systemClock, random: systemRandom };

test("a client that was cut off loses its lock to another, and goes on with a new session once the old one expired", async () => {
  const chroot = randomUUID();
  const [server] = ensemble().members;
  await using proxy = await FaultProxy.to(server?.port ?? 0);
  await using cutOff = await openZooKeeperState({
    url: `zookeeper://127.0.0.1:${proxy.port}/${chroot}`,
    sessionTimeoutMs: 1_600,
    callTimeoutMs: 1_500,
  });
  await using other = await openZooKeeperState({ url: `zookeeper://${ensemble().hosts}/${chroot}` });
  const locks = createZooKeeperLock(cutOff.tickets, cutOff, ports);
  const guard = await locks.acquire(lock, { leaseMs: 1_000, waitMs: 0, signal });
  const states: SessionState[] = [];
  cutOff.tickets.link.session.listen({ stateChanged: (state) => states.push(state) });
  proxy.set({ halfOpen: true });
  proxy.cut();
  await using taken = await createZooKeeperLock(other.tickets, other, ports).acquire(lock, {
    leaseMs: 30_000,
    waitMs: 10_000,
    signal,
  });
  expect(taken.fencingToken).toBeGreaterThan(guard.fencingToken);
  expect(guard.isHeld()).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  proxy.heal();
  proxy.cut();
  const write = { op: "set", key: stateKey(scope, "state", "v"), value: "late", fence: guard.fence } as const;
  expect(await eventually(() => applyOne(cutOff, write, { signal }))).toMatchObject({ kind: "staleToken" });
  expect(await guard.release()).toBe(false);
  expect(states).toContain("expired");
  expect(states.at(-1)).toBe("connected");
});

test("SUSPENDED aborts the guard at once, long before its lease is over", async () => {
  const [server] = ensemble().members;
  await using proxy = await FaultProxy.to(server?.port ?? 0);
  await using store = await openZooKeeperState({ url: `zookeeper://127.0.0.1:${proxy.port}/${randomUUID()}` });
  const locks = createZooKeeperLock(store.tickets, store, ports);
  await using guard = await locks.acquire(lock, { leaseMs: 60_000, waitMs: 0, signal });
  const aborted = once(guard.signal, "abort");
  proxy.cut();
  await aborted;
  expect(guard.signal.reason).toBeInstanceOf(LockLostError);
  expect(await guard.extend()).toBe(false);
  await expect(guard.apply([], { signal })).rejects.toBe(guard.signal.reason);
});

test("a place in the queue whose creation had no answer is found again by its GUID, and is one place", async () => {
  const [server] = ensemble().members;
  await using proxy = await FaultProxy.to(server?.port ?? 0);
  await using store = await openZooKeeperState({ url: `zookeeper://127.0.0.1:${proxy.port}/${randomUUID()}` });
  const { tickets } = store;
  const { session } = tickets.link;
  await (await LockTicket.take(tickets, lock, randomUUID())).leave(); // so that the folder is there
  const folder = queueFolder(tickets.root, keyPath(tickets.root, lock));
  const states: SessionState[] = [];
  session.listen({
    stateChanged(state) {
      states.push(state);
      proxy.heal();
    },
  });
  const guid = randomUUID();
  proxy.set({ resetAfterRequest: true });
  const ticket = await LockTicket.take(tickets, lock, guid);
  expect(states).toEqual(["suspended", "connected"]);
  expect((await getChildren(session, folder))?.names).toEqual([expect.stringMatching(`^${guid}-\\d{10}$`)]);
  await ticket.leave();
  expect((await getChildren(session, folder))?.names ?? []).toEqual([]);
});

test("a lock whose lease is longer than any session outlives the session, until the lease is over", async () => {
  const url = `zookeeper://${ensemble().hosts}/${randomUUID()}`;
  await using other = await openZooKeeperState({ url });
  const gone = await openZooKeeperState({ url });
  const leaseMs = 5_000; // sessions of this server live for 4 s at most
  expect(await applyOne(gone, { op: "acquire", lock, owner: "gone", leaseMs }, { signal })).toMatchObject({
    kind: "acquired",
  });
  await gone[Symbol.asyncDispose]();
  const acquire = { op: "acquire", lock, owner: "next", leaseMs: 500 } as const;
  expect(await applyOne(other, acquire, { signal })).toMatchObject({ kind: "held" });
  await using guard = await createDistributedLock(other, ports).acquire(lock, { leaseMs: 500, waitMs: 10_000, signal });
  expect(guard.isHeld()).toBe(true);
});

test("L3: of a holder that stood still past its lease every late write is refused", async () => {
  const url = `zookeeper://${ensemble().hosts}/${randomUUID()}`;
  const holder = fork(new URL("holder-process.ts", import.meta.url), [url]);
  try {
    expect(await once(holder, "message")).toContain("held");
    await standStill(holder);
    await using store = await openZooKeeperState({ url });
    const locks = createZooKeeperLock(store.tickets, store, ports);
    await using guard = await locks.acquire(lock, { leaseMs: 30_000, waitMs: 10_000, signal });
    holder.kill("SIGCONT");
    holder.send(100);
    const [told] = (await once(holder, "message")) as [{ results: string[]; held: boolean }];
    expect(told).toEqual({ results: Array(100).fill("refused"), held: false });
    expect(guard.isHeld()).toBe(true);
    expect(await applyOne(store, { op: "get", key: stateKey(scope, "state", "k0") }, { signal })).toEqual({
      kind: "absent",
    });
  } finally {
    holder.kill("SIGKILL");
  }
});

test("what is over is deleted in the background: values past their life, leases, and nothing that lives", async () => {
  const url = `zookeeper://${ensemble().hosts}/${randomUUID()}`;
  await using store = await openZooKeeperState({ url });
  const keys = Array.from({ length: 20 }, (_, i) => stateKey(scope, "state", `k${i}`));
  await store.apply(
    keys.map((key, i) => [{ op: "set", key, value: "x", ...(i < 15 ? { ttlMs: 200 } : {}) }]),
    { signal },
  );
  await applyOne(store, { op: "acquire", lock, owner: "gone", leaseMs: 200 }, { signal });
  const left = async (): Promise<readonly [number, number]> => {
    await store.sweep();
    return [(await namesUnder(store, "state")).names.length, (await namesUnder(store, "named_lock")).names.length];
  };
  // Beside each node that lives is the one that names its life.
  await expect.poll(left).toEqual([10, 0]);
  await expect(left()).resolves.toEqual([10, 0]);
});

async function namesUnder(store: Awaited<ReturnType<typeof openZooKeeperState>>, kind: string) {
  const { read, root } = store.tickets;
  const found = await read((sender) => getChildren(sender, `${root}/${scope.text}/${kind}`));
  return { names: found?.names ?? [] };
}

/** While the connection comes back calls may fail as unavailable. */
async function eventually<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  const untilMs = performance.now() + 10_000;
  for (;;)
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StateUnavailableError) || performance.now() > untilMs) throw error;
    }
}
