import { StateUnavailableError, systemClock } from "@acteon/core";
import { describeStateStore } from "@acteon/state/conformance";
import { remoteSettings } from "@acteon/state/testing";
import { RedisCluster, serverOrSkip } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { openRedisState, redisBackend } from "../src/index.ts";
import { answersAgain, claimAll, missingOf, talliedOf } from "./claims.ts";
import { dedupKey, one, scopeOf, signal } from "./fixtures.ts";

const cluster = serverOrSkip("redis-cluster", () => RedisCluster.start());
let spaces = 0;

describeStateStore({
  name: "redis-cluster",
  backend: "redis-cluster",
  randomRuns: 5,
  open: async () => {
    const prefix = `space-${spaces++}`;
    return {
      connect: () => openRedisState({ url: cluster().url, prefix }),
      async restart() {
        for (const { process } of cluster().servers) {
          await process.kill();
          await process.start();
        }
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

/** A key of the tenant whose claims are made: its slot. */
const claimsOf = (prefix: string): string => `${prefix}:{orders:acme}:dedup:any`;

test("a slot that moves under load is followed (MOVED, ASK): no claim is lost, made twice or left without an answer", async ({
  annotate,
}) => {
  await using store = await openRedisState({ url: cluster().url, prefix: "move", callTimeoutMs: 10_000 });
  let moving: Promise<void> | undefined;
  const { acknowledged, unknown } = await claimAll(store, 600, {
    onClaim: (i) => {
      if (i === 200)
        moving = cluster().moveSlotOf(claimsOf("move"), () => new Promise((resolve) => setTimeout(resolve, 300)));
    },
  });
  await moving;
  const again = await claimAll(store, 600);
  await annotate(`${acknowledged.length} acknowledged, ${unknown} unknown`);
  expect([acknowledged.length, unknown]).toEqual([600, 0]);
  expect(again.acknowledged).toEqual([]);
  expect(await missingOf(store, acknowledged)).toEqual([]);
  expect(await talliedOf(store)).toBe(600);
});

test(
  "T10: a master that dies during 1,000 dedup claims is replaced by its replica, and the store goes on by itself",
  { timeout: 90_000 },
  async ({ annotate }) => {
    await using store = await openRedisState({ url: cluster().url, prefix: "failover", callTimeoutMs: 1_000 });
    await cluster().allowFailover();
    const killed = await cluster().masterOf(claimsOf("failover"));
    let death: Promise<void> | undefined;
    const { acknowledged, unknown } = await claimAll(store, 1_000, {
      onClaim: (i) => {
        if (i === 500) death = killed.process.kill();
      },
    });
    await death;
    // L9: what a dead master held is not absent.
    const scan = Array.fromAsync(store.scan({ kind: "dedup" }, { signal }));
    await expect(scan).rejects.toThrow(StateUnavailableError);
    await answersAgain(store, 30_000);
    const lost = await missingOf(store, acknowledged);
    const after = await claimAll(store, 1_000);
    await annotate(`${acknowledged.length} acknowledged, ${unknown} unknown, ${lost.length} lost`);
    expect(acknowledged.length + unknown).toBe(1_000);
    expect(unknown).toBeGreaterThan(0);
    expect(lost.every((i) => i <= 500)).toBe(true);
    expect(lost.length).toBeLessThan(100);
    expect(after.unknown).toBe(0);
    const scanned = await Array.fromAsync(store.scan({ kind: "dedup" }, { signal }));
    expect(scanned.length).toBeGreaterThanOrEqual(acknowledged.length - lost.length);
    await killed.process.start();
  },
);

test("doctor looks at each master, and tells once what a failover may forget", async () => {
  const ports = { clock: systemClock, signal, warn: () => {} };
  const findings = await Array.fromAsync(redisBackend.inspect(remoteSettings({ url: cluster().url }), ports));
  expect(findings.filter(({ level }) => level === "failure")).toEqual([]);
  expect(findings.filter(({ subject }) => subject === "server version")).toHaveLength(3);
  expect(findings.filter(({ subject }) => subject === "failover")).toHaveLength(1);
});

test("groups of one call go to all masters, and what is due comes from all", async () => {
  await using store = await openRedisState({ url: cluster().url, prefix: "spread" });
  const keys = Array.from({ length: 40 }, (_, i) => dedupKey("a", scopeOf("orders", `tenant-${i}`)));
  const results = await store.apply(
    keys.map((key, i) => [
      { op: "set", key, value: String(i) },
      { op: "indexDue", index: "retry", key, dueAtMs: 1_000 - i },
    ]),
    { signal },
  );
  expect(results.filter(({ kind }) => kind === "done")).toHaveLength(40);
  expect(await store.apply([keys.map((key) => ({ op: "get", key }))], { signal })).toMatchObject([
    { kind: "done", results: keys.map((_, i) => ({ kind: "found", value: String(i) })) },
  ]);
  const due = await one(store, { op: "takeDue", index: "retry", nowMs: 1_000, limit: 30, holdMs: 60_000 });
  expect(due).toMatchObject({
    entries: keys
      .toReversed()
      .slice(0, 30)
      .map((key) => ({ key })),
  });
  const rest = await one(store, { op: "takeDue", index: "retry", nowMs: 1_000, limit: 30, holdMs: 60_000 });
  expect(rest.kind === "due" && rest.entries).toHaveLength(10);
});
