import { randomUUID } from "node:crypto";
import { DataDamagedError } from "@acteon/core";
import type { Namespace } from "@acteon/core";
import { applyOne, stateKey, stateScope } from "@acteon/state";
import type { StateGroup, StateKey } from "@acteon/state";
import { serverOrSkip, startZooKeeper } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { anyVersion } from "../src/client/protocol.ts";
import { setData } from "../src/client/requests.ts";
import { openZooKeeperState } from "../src/index.ts";
import { keyPath } from "../src/node-paths.ts";

const ensemble = serverOrSkip("ZooKeeper", startZooKeeper);
const { signal } = new AbortController();
const scope = stateScope("orders" as Namespace, undefined);
const keyOf = (name: string): StateKey => stateKey(scope, "state", name);
const lock = stateKey(scope, "named_lock", "l");

test("a group that takes a lock and writes under a token of it does not wait for itself", async () => {
  await using store = await openZooKeeperState({ url: `zookeeper://${ensemble().hosts}/${randomUUID()}` });
  const group: StateGroup = [
    { op: "acquire", lock, owner: "me", leaseMs: 5_000, fenced: true },
    { op: "set", key: keyOf("a"), value: "x", fence: { lock, token: 1n } },
  ];
  expect(await store.apply([group], { signal })).toMatchObject([{ kind: "done" }]);
});

test("a lock that is taken, given back and taken again in one call has another token each time", async () => {
  await using store = await openZooKeeperState({ url: `zookeeper://${ensemble().hosts}/${randomUUID()}` });
  const take = (owner: string): StateGroup[] => [
    [{ op: "acquire", lock, owner, leaseMs: 5_000, fenced: true }],
    [{ op: "release", lock, owner }],
  ];
  const results = await store.apply([...take("a"), ...take("b"), ...take("c")], { signal });
  const tokens = results.flatMap((result) =>
    result.kind === "done" ? result.results.flatMap((each) => (each.kind === "acquired" ? [each.token] : [])) : [],
  );
  expect(tokens).toHaveLength(3);
  expect(tokens).toEqual(tokens.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(new Set(tokens).size).toBe(3);
});

test("an entry that is damaged fails its own call, and the groups that travelled with it take effect", async () => {
  await using store = await openZooKeeperState({ url: `zookeeper://${ensemble().hosts}/${randomUUID()}` });
  await applyOne(store, { op: "set", key: keyOf("bad"), value: "x" }, { signal });
  const { link, root } = store.tickets;
  await setData(link.session, keyPath(root, keyOf("bad")), "scribble", anyVersion);
  const groups = ["a", "bad", "b"].map((name): StateGroup => [{ op: "increment", key: keyOf(name), delta: 1 }]);
  await expect(store.apply(groups, { signal })).rejects.toThrow(DataDamagedError);
  for (const name of ["a", "b"])
    await expect.poll(() => applyOne(store, { op: "get", key: keyOf(name) }, { signal })).toMatchObject({ value: "1" });
});

test("groups that together are longer than a packet are sent one after another", async () => {
  await using store = await openZooKeeperState({ url: `zookeeper://${ensemble().hosts}/${randomUUID()}` });
  const value = "x".repeat(300_000);
  const groups = Array.from({ length: 8 }, (_, i): StateGroup => [{ op: "set", key: keyOf(`k${i}`), value }]);
  expect((await store.apply(groups, { signal })).map(({ kind }) => kind)).toEqual(Array(8).fill("done"));
  expect(await applyOne(store, { op: "get", key: keyOf("k7") }, { signal })).toMatchObject({ value });
});
