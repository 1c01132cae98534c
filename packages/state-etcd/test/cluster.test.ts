import { applyOne, stateKey } from "@acteon/state";
import type { StateKey } from "@acteon/state";
import { StateUnavailableError } from "@acteon/core";
import { serverOrSkip, startEtcdCluster } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { openEtcdState } from "../src/index.ts";
import { acme } from "./etcd-space.ts";

const cluster = serverOrSkip("etcd, three members", startEtcdCluster);
const { signal } = new AbortController();
const writers = 8;

test("each member killed under load, the leader among them: what was acknowledged is there, nothing is counted twice, and the lock is held", async () => {
  const { endpoints, members } = cluster();
  const url = `etcd://${endpoints.join(",")}`;
  await using store = await openEtcdState({ url, prefix: "killed", callTimeoutMs: 2_000 });
  expect(store.durability).toBe("strong");
  const lock = stateKey(acme, "named_lock", "kept");
  const lease = { lock, owner: "me", leaseMs: 60_000 };
  expect(await applyOne(store, { op: "acquire", ...lease }, { signal })).toMatchObject({ kind: "acquired" });

  const ending = new AbortController();
  const tallies = Promise.all(Array.from({ length: writers }, (_, i) => tally(i)));
  for (const member of members) {
    await passed(700);
    await member.kill();
    await passed(1_500);
    await member.start();
  }
  await passed(500);
  ending.abort();
  for (const { key, acknowledged, unknown } of await tallies) {
    const found = await answeredAgain(() => applyOne(store, { op: "get", key }, { signal }));
    const count = found.kind === "found" ? Number(found.value) : 0;
    expect(acknowledged).toBeGreaterThan(0);
    expect(count).toBeGreaterThanOrEqual(acknowledged);
    expect(count).toBeLessThanOrEqual(acknowledged + unknown);
  }
  const extended = await answeredAgain(() => applyOne(store, { op: "extend", ...lease }, { signal }));
  expect(extended).toEqual({ kind: "extended" });

  async function tally(i: number): Promise<{ key: StateKey; acknowledged: number; unknown: number }> {
    const sum = { key: stateKey(acme, "counter", `n${i}`, undefined), acknowledged: 0, unknown: 0 };
    while (!ending.signal.aborted) {
      try {
        await applyOne(store, { op: "increment", key: sum.key, delta: 1 }, { signal });
        sum.acknowledged++;
      } catch (error) {
        if (!(error instanceof StateUnavailableError)) throw error;
        sum.unknown++;
      }
      await passed(5);
    }
    return sum;
  }
});

test("L9: without most of its members a cluster is no answer in time, and answers again once they are back", async () => {
  const { endpoints, members } = cluster();
  const url = `etcd://${endpoints.join(",")}`;
  await using store = await openEtcdState({ url, prefix: "minority", callTimeoutMs: 1_000 });
  const key = stateKey(acme, "state", "a");
  await applyOne(store, { op: "set", key, value: "there" }, { signal });
  const [, ...most] = members;
  for (const member of most) await member.kill();
  await expect(applyOne(store, { op: "get", key }, { signal })).rejects.toThrow(StateUnavailableError);
  await Promise.all(most.map((member) => member.start()));
  expect(await answeredAgain(() => applyOne(store, { op: "get", key }, { signal }))).toMatchObject({
    value: "there",
  });
});

async function answeredAgain<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 0; ; tries++)
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StateUnavailableError) || tries > 50) throw error;
      await passed(200);
    }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
