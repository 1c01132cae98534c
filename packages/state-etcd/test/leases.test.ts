import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { systemClock, systemRandom } from "@acteon/core";
import { acquireLock, applyOne, stateKey } from "@acteon/state";
import type { StateKey, StateOperation, StateStore } from "@acteon/state";
import { serverOrSkip, standStill, startEtcd } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { acme, etcdSpace } from "./etcd-space.ts";

const cluster = serverOrSkip("etcd", startEtcd);
const { signal } = new AbortController();
const ask = (store: StateStore, operation: StateOperation) => applyOne(store, operation, { signal });

test("two hundred locks of a process hang on one lease of etcd, and on no more when they are extended", async () => {
  await using store = await etcdSpace(cluster()).connect();
  const locks = Array.from({ length: 200 }, (_, i) => lockName(`l${i}`));
  const lease = { owner: "me", leaseMs: 30_000 };
  await store.apply(
    locks.map((lock) => [{ op: "acquire", lock, ...lease }]),
    { signal },
  );
  await store.apply(
    locks.map((lock) => [{ op: "extend", lock, ...lease }]),
    { signal },
  );
  expect(leaseIds()).toHaveLength(1);
});

test("L1: a process that is disposed of leaves none of its locks behind", async () => {
  const space = etcdSpace(cluster());
  const lock = lockName("left");
  {
    await using gone = await space.connect();
    await ask(gone, { op: "acquire", lock, owner: "gone", leaseMs: 60_000 });
  }
  await using store = await space.connect();
  expect(await ask(store, { op: "acquire", lock, owner: "me", leaseMs: 60_000 })).toMatchObject({ kind: "acquired" });
});

test("L3, L7: a process whose lease etcd has ended has lost its locks, learns it, and goes on with a new lease", async () => {
  const space = etcdSpace(cluster());
  await using store = await space.connect();
  await using other = await space.connect();
  const lock = lockName("revoked");
  const before = new Set(leaseIds());
  const acquire = { op: "acquire", lock, leaseMs: 30_000, fenced: true } as const;
  const first = await ask(store, { ...acquire, owner: "first" });
  for (const id of leaseIds()) if (!before.has(id)) cluster().ctl("lease", "revoke", id);
  const second = await ask(other, { ...acquire, owner: "second" });
  expect(await ask(store, { op: "extend", lock, owner: "first", leaseMs: 30_000 })).toEqual({ kind: "lost" });
  const fence = { lock, token: first.kind === "acquired" ? first.token : 0n };
  const late = await ask(store, { op: "set", key: stateKey(acme, "state", "v"), value: "late", fence });
  expect(late).toEqual({ kind: "staleToken", token: second.kind === "acquired" ? second.token : 0n });
  const again = { ...acquire, lock: lockName("after"), owner: "first" };
  expect(await ask(store, again)).toMatchObject({ kind: "acquired" });
});

test("L3, L6: of a holder that stood still past its lease every late write is refused (T7)", async () => {
  const [endpoint] = cluster().endpoints;
  const space = etcdSpace(cluster());
  const script = fileURLToPath(new URL("lock-holder.ts", import.meta.url));
  const holder = spawn(process.execPath, [script, `etcd://${endpoint}`, space.prefix, "2000"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const lines = createInterface({ input: holder.stdout })[Symbol.asyncIterator]();
    const token = BigInt((await lines.next()).value ?? "0");
    await standStill(holder);
    await using store = await space.connect();
    await using guard = await acquireLock(store, lockName("paused"), {
      leaseMs: 30_000,
      waitMs: 20_000,
      clock: systemClock,
      random: systemRandom,
      signal,
    });
    expect(guard.fencingToken).toBeGreaterThan(token);
    holder.kill("SIGCONT");
    holder.stdin.write("write\n");
    expect((await lines.next()).value).toBe("20");
  } finally {
    holder.kill("SIGKILL");
    await once(holder, "exit");
  }
});

function lockName(name: string): StateKey {
  return stateKey(acme, "named_lock", name);
}

function leaseIds(): readonly string[] {
  return cluster()
    .ctl("lease", "list")
    .split("\n")
    .slice(1)
    .filter((line) => line !== "");
}
