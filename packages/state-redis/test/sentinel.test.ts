import { systemClock } from "@acteon/core";
import { describeStateStore } from "@acteon/state/conformance";
import { remoteSettings } from "@acteon/state/testing";
import { RedisSentinels, serverOrSkip } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { openRedisState, redisBackend } from "../src/index.ts";
import { signal } from "./fixtures.ts";
import { answersAgain, claimAll, missingOf } from "./claims.ts";

const sentinels = serverOrSkip("redis-sentinel", () => RedisSentinels.start());
let spaces = 0;

describeStateStore({
  name: "redis-sentinel",
  backend: "redis-sentinel",
  randomRuns: 5,
  open: async () => {
    const prefix = `space-${spaces++}`;
    return {
      connect: () => openRedisState({ url: sentinels().url, prefix }),
      async restart() {
        const { process } = await sentinels().master();
        await process.kill();
        await process.start();
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

test("doctor tells the server, and once what a failover may forget", async () => {
  const ports = { clock: systemClock, signal, warn: () => {} };
  const findings = await Array.fromAsync(redisBackend.inspect(remoteSettings({ url: sentinels().url }), ports));
  expect(findings.filter(({ level }) => level === "failure")).toEqual([]);
  expect(findings.find(({ subject }) => subject === "server version")?.found).toMatch(/^Redis [\d.]+$/);
  expect(findings.filter(({ subject }) => subject === "failover")).toHaveLength(1);
});

/** More than the sentinels wait before they act, elect and promote. */
const maxFailoverMs = 20_000;

test("T10: the master is killed during 1,000 dedup claims: the store goes on by itself, and only what replication had not passed on is lost", async ({
  annotate,
}) => {
  await using store = await openRedisState({ url: sentinels().url, prefix: "failover" });
  expect(store.durability).toBe("lossy");
  await sentinels().allowFailover();
  const killed = await sentinels().master();
  let death: Promise<void> | undefined;
  const { acknowledged, unknown } = await claimAll(store, 1_000, {
    onClaim: (i) => {
      if (i === 500) death = killed.process.kill();
    },
  });
  await death;
  await answersAgain(store, maxFailoverMs);
  expect(await sentinels().master()).not.toBe(killed);
  const lost = await missingOf(store, acknowledged);
  const after = await claimAll(store, 50);
  await annotate(`${acknowledged.length} acknowledged, ${unknown} unknown, ${lost.length} lost`);
  // Of those acknowledged by the old master at most what was under way to the replicas: four lines of claims.
  expect(acknowledged.length + unknown).toBe(1_000);
  expect(unknown).toBeGreaterThan(0);
  expect(lost.every((i) => i <= 500)).toBe(true);
  expect(lost.length).toBeLessThan(100);
  expect(after.unknown).toBe(0);
  await killed.process.start();
});

/** The sentinels take their time to settle after the failover of the test before: half a minute that only the long run has. */
test.runIf(process.env["ACTEON_TEST_LONG"] !== undefined)(
  "a master that stands still is replaced, and the store goes on with the new one",
  async ({ annotate }) => {
    await using store = await openRedisState({ url: sentinels().url, prefix: "standstill", callTimeoutMs: 1_000 });
    await sentinels().allowFailover();
    const paused = await sentinels().master();
    await claimAll(store, 50);
    await paused.process.pause();
    try {
      const startedAtMs = performance.now();
      await answersAgain(store, maxFailoverMs);
      await annotate(`answered again after ${Math.round(performance.now() - startedAtMs)} ms`);
      expect(await sentinels().master()).not.toBe(paused);
      expect((await claimAll(store, 50)).acknowledged.length).toBeLessThan(5);
    } finally {
      paused.process.resume();
    }
  },
);
