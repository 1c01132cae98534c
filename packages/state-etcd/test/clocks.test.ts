import { systemClock } from "@acteon/core";
import type { Clock } from "@acteon/core";
import { applyOne, stateKey } from "@acteon/state";
import type { BackendFinding, StateOperation } from "@acteon/state";
import { serverOrSkip, startEtcd } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { openEtcdState } from "../src/index.ts";
import { acme } from "./etcd-space.ts";

const cluster = serverOrSkip("etcd", startEtcd);
const { signal } = new AbortController();

test("gateways ten minutes apart see the same keys, windows and lives (guarantees §8 row 71)", async () => {
  const url = `etcd://${cluster().endpoints.join(",")}`;
  const warnings: BackendFinding[] = [];
  await using right = await openEtcdState({ url });
  await using ahead = await openEtcdState({ url, clock: aheadBy(600_000), warn: (finding) => warnings.push(finding) });
  const ask = (store: typeof right, operation: StateOperation) => applyOne(store, operation, { signal });
  expect(warnings.map(({ subject }) => subject)).toContain("clock");

  const dedup = stateKey(acme, "dedup", "a");
  await ask(right, { op: "checkAndSet", key: dedup, value: "held", ttlMs: 60_000 });
  expect(await ask(ahead, { op: "checkAndSet", key: dedup, value: "mine" })).toMatchObject({ value: "held" });

  const window = stateKey(acme, "throttle", "rule");
  await ask(ahead, { op: "increment", key: window, delta: 1, ttlMs: 60_000 });
  const second = await ask(right, { op: "increment", key: window, delta: 1, ttlMs: 60_000 });
  expect(second).toMatchObject({ kind: "counted", count: 2 });
  const remainingMs = second.kind === "counted" ? (second.remainingMs ?? 0) : 0;
  expect(Math.abs(remainingMs - 60_000)).toBeLessThan(5_000);
});

test("L6: locks of gateways ten minutes apart end when they should, and not before", async () => {
  const url = `etcd://${cluster().endpoints.join(",")}`;
  await using right = await openEtcdState({ url });
  await using ahead = await openEtcdState({ url, clock: aheadBy(-600_000) });
  const lock = stateKey(acme, "named_lock", "l");
  await applyOne(ahead, { op: "acquire", lock, owner: "ahead", leaseMs: 2_000 }, { signal });
  const take = { op: "acquire", lock, owner: "right", leaseMs: 2_000 } as const;
  expect(await applyOne(right, take, { signal })).toMatchObject({ kind: "held" });
  await new Promise((resolve) => systemClock.after(2_200, () => resolve(undefined)));
  expect(await applyOne(right, take, { signal })).toMatchObject({ kind: "acquired" });
});

function aheadBy(ms: number): Clock {
  return { ...systemClock, nowMs: () => systemClock.nowMs() + ms };
}
