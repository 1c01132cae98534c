import { randomUUID } from "node:crypto";
import { StateUnavailableError, systemClock, systemRandom } from "@acteon/core";
import type { Namespace } from "@acteon/core";
import { applyOne, stateKey, stateScope } from "@acteon/state";
import { remoteSettings } from "@acteon/state/testing";
import { serverOrSkip, startZooKeeperEnsemble } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { createZooKeeperLock, openZooKeeperState, zookeeperBackend } from "../src/index.ts";

const ensemble = serverOrSkip("ZooKeeper, three members", () => startZooKeeperEnsemble());
const { signal } = new AbortController();
const scope = stateScope("orders" as Namespace, undefined);
const lock = stateKey(scope, "named_lock", "l");

test("the leader is killed under load: what was acknowledged is there, nothing is done twice, and tokens go on growing", async () => {
  const url = `zookeeper://${ensemble().hosts}/${randomUUID()}`;
  await using store = await openZooKeeperState({ url, callTimeoutMs: 2_000 });
  await using other = await openZooKeeperState({ url, callTimeoutMs: 2_000 });
  expect(store.durability).toBe("strong");
  const locks = createZooKeeperLock(store.tickets, store, { clock: systemClock, random: systemRandom });
  const before = await locks.acquire(lock, { leaseMs: 1_000, waitMs: 0, signal });
  await before.release();

  const acknowledged: string[] = [];
  let [counted, unknown, stopped] = [0, 0, false];
  const load = async (client: typeof store, id: number): Promise<void> => {
    for (let i = 0; !stopped; i++) {
      const key = stateKey(scope, "state", `w${id}-${i}`);
      try {
        const results = await client.apply(
          [
            [{ op: "checkAndSet", key, value: "x" }],
            [{ op: "increment", key: stateKey(scope, "counter", "n", "1"), delta: 1 }],
          ],
          { signal },
        );
        // A "no" would be the echo of a write that was sent twice.
        expect(results.map(({ kind }) => kind)).toEqual(["done", "done"]);
        acknowledged.push(key.text);
        counted++;
      } catch (error) {
        if (!(error instanceof StateUnavailableError)) throw error;
        unknown++;
      }
    }
  };
  const workers = [0, 1, 2, 3].map((id) => load(id % 2 === 0 ? store : other, id));
  await slept(500);
  const countBefore = counted;
  const leader = await ensemble().leader();
  await leader.kill();
  const untilMs = performance.now() + 20_000;
  while (counted < countBefore + 200 && performance.now() < untilMs) await slept(100);
  expect(counted).toBeGreaterThanOrEqual(countBefore + 200);
  stopped = true;
  await Promise.all(workers);

  const found = new Set<string>();
  for await (const { key } of store.scan({ kind: "state", scope }, { signal })) found.add(key.text);
  expect(acknowledged.filter((text) => !found.has(text))).toEqual([]);
  const count = await applyOne(other, { op: "get", key: stateKey(scope, "counter", "n", "1") }, { signal });
  const total = count.kind === "found" ? Number(count.value) : 0;
  expect(total).toBeGreaterThanOrEqual(counted);
  expect(total).toBeLessThanOrEqual(counted + unknown);
  await using after = await locks.acquire(lock, { leaseMs: 1_000, waitMs: 5_000, signal });
  expect(after.fencingToken).toBeGreaterThan(before.fencingToken);
  await leader.start();
}, 60_000);

test("what one client wrote by one server, another reads at once by another", async () => {
  const chroot = randomUUID();
  const ports = ensemble().members.map(({ port }) => port);
  const clients = await Promise.all(
    ports.map((port) => openZooKeeperState({ url: `zookeeper://127.0.0.1:${port}/${chroot}` })),
  );
  const key = stateKey(scope, "state", "a");
  for (let i = 0; i < 60; i++) {
    await applyOne(clients[i % 3] as (typeof clients)[number], { op: "set", key, value: String(i) }, { signal });
    const read = await applyOne(clients[(i + 1) % 3] as (typeof clients)[number], { op: "get", key }, { signal });
    expect(read).toMatchObject({ value: String(i) });
  }
  for (const client of clients) await client[Symbol.asyncDispose]();
});

test("doctor finds an ensemble well, and tells what its sessions are too short for", async () => {
  const settings = remoteSettings({ url: `zookeeper://${ensemble().hosts}/${randomUUID()}` });
  const backendPorts = { clock: systemClock, signal, warn: () => {} };
  const before = await Array.fromAsync(zookeeperBackend.inspect(settings, backendPorts));
  expect(before.find(({ subject }) => subject === "clock")).toMatchObject({
    level: "ok",
    found: expect.stringContaining("not known before the first start"),
  });
  expect(await Array.fromAsync(zookeeperBackend.migrate(settings, backendPorts))).toEqual([]);
  const findings = await Array.fromAsync(zookeeperBackend.inspect(settings, backendPorts));
  expect(findings.map(({ level, subject }) => `${subject}: ${level}`)).toEqual([
    "connection: ok",
    "server version: ok",
    "server version: ok",
    "server version: ok",
    "durability: ok",
    "session: warning",
    "schema: ok",
    "permissions: warning",
    "clock: ok",
    "round trip: ok",
  ]);
  for (const { level, help } of findings) expect(level === "ok" || help !== undefined).toBe(true);
  const wrong = await Array.fromAsync(
    zookeeperBackend.inspect({ ...settings, url: "zookeeper:/127.0.0.1" }, backendPorts),
  );
  expect(wrong).toMatchObject([{ level: "failure", subject: "connection" }]);
});

function slept(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve));
}
