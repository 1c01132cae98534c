import { DataDamagedError } from "@acteon/core";
import { stateKey } from "@acteon/state";
import type { StateGroup } from "@acteon/state";
import { RedisServer, serverOrSkip } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { openRedisState } from "../src/index.ts";
import { acme, dedupKey, one, scopeOf, signal } from "./fixtures.ts";

const server = serverOrSkip("redis", () => RedisServer.start());
const open = (prefix: string) => openRedisState({ url: server().url, prefix });

/** How often a command was called, by clients and scripts, since the last look. */
async function callsOf(command: string): Promise<number> {
  const stats = await server().command("INFO", "commandstats");
  await server().command("CONFIG", "RESETSTAT");
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

test("all groups of a call are one script call, whatever the tenants; a call beyond 1,000 operations is cut", async () => {
  await using store = await open("trips");
  const groupsOf = (count: number) =>
    Array.from({ length: count }, (_, i): StateGroup => [
      { op: "checkAndSet", key: dedupKey(`${i}`, scopeOf("orders", `tenant-${i % 7}`)), value: "x" },
      { op: "get", key: dedupKey(`other-${i}`, scopeOf("orders", `tenant-${i % 7}`)) },
    ]);
  await store.apply([[]], { signal });
  await callsOf("evalsha");
  expect(await store.apply(groupsOf(128), { signal })).toHaveLength(128);
  expect(await callsOf("evalsha")).toBe(1);
  const results = await store.apply(groupsOf(1_001), { signal });
  expect(results.map(({ kind }) => kind)).toEqual(
    Array.from({ length: 1_001 }, (_, i) => (i < 128 ? "refused" : "done")),
  );
  expect(await callsOf("evalsha")).toBe(3);
});

test("a group of 3,000 operations is carried out whole, a larger one refused before anything of it is", async () => {
  await using store = await open("large");
  const group = (count: number): StateGroup =>
    Array.from({ length: count }, (_, i) => ({ op: "set", key: dedupKey(`k${i}`), value: "x" }));
  expect(await store.apply([group(3_000)], { signal })).toMatchObject([{ kind: "done" }]);
  expect(await Array.fromAsync(store.scan({ kind: "dedup" }, { signal }))).toHaveLength(3_000);
  await expect(store.apply([group(3_001)], { signal })).rejects.toThrow(RangeError);
});

test("a key that a call writes many times is read and written once", async () => {
  await using store = await open("once");
  await store.apply([[]], { signal });
  await callsOf("set");
  const groups = Array.from({ length: 100 }, (): StateGroup => [
    { op: "increment", key: stateKey(acme, "throttle", "r"), delta: 1, ttlMs: 60_000 },
  ]);
  expect((await store.apply(groups, { signal })).at(-1)).toMatchObject({ results: [{ count: 100 }] });
  expect(await callsOf("set")).toBe(2); // the count, and the clock
});

test("a server that has forgotten the script is told it again", async () => {
  await using store = await open("forgotten");
  const increment = { op: "increment", key: stateKey(acme, "throttle", "r"), delta: 1 } as const;
  await one(store, increment);
  await server().command("SCRIPT", "FLUSH");
  const answers = await Promise.all(Array.from({ length: 10 }, () => one(store, increment)));
  const counts = answers.map((answer) => (answer.kind === "counted" ? answer.count : Number.NaN));
  expect(counts.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test("L2: versions and tokens grow on when the server's clock has stepped back", async () => {
  await using store = await open("step");
  const farAhead = 9_000_000_000_000_000;
  await server().command("SET", "step:clock", String(farAhead));
  const lock = stateKey(acme, "named_lock", "l");
  const tokens: bigint[] = [];
  for (const owner of ["a", "b"]) {
    const answer = await one(store, { op: "acquire", lock, owner, leaseMs: 60_000 });
    if (answer.kind === "acquired") tokens.push(answer.token);
    await one(store, { op: "release", lock, owner });
  }
  expect(tokens).toEqual([BigInt(farAhead) + 1n, BigInt(farAhead) + 2n]);
  const written = await one(store, { op: "set", key: dedupKey("a"), value: "x" });
  expect(written).toEqual({ kind: "stored", version: String(farAhead + 3) });
});

test("what is released, deleted or expired leaves nothing behind, but a fenced lock its token", async () => {
  await using store = await open("rest");
  const lock = stateKey(acme, "named_lock", "l");
  const fenced = stateKey(acme, "named_lock", "fenced");
  for (const [name, keepsToken] of [
    [lock, false],
    [fenced, true],
  ] as const) {
    await one(store, { op: "acquire", lock: name, owner: "me", leaseMs: 60_000, fenced: keepsToken });
    await one(store, { op: "release", lock: name, owner: "me" });
  }
  await one(store, { op: "set", key: dedupKey("a"), value: "x" });
  await one(store, { op: "delete", key: dedupKey("a") });
  await one(store, { op: "append", key: stateKey(acme, "parked", "a"), value: "x" });
  await one(store, { op: "delete", key: stateKey(acme, "parked", "a") });
  const left = (await server().command("--scan", "--pattern", "rest:*")).split("\n");
  expect(left.toSorted()).toEqual(["rest:clock", "rest:{orders:acme}:named_lock:fenced"]);
  for (const key of left) expect(Number(await server().command("PTTL", key))).toBeGreaterThan(23 * 60 * 60 * 1_000);
});

test("K3: a record that lies under a collapsed key and is of another one is damage, not an answer", async () => {
  await using store = await open("collapsed");
  const [key, other] = ["x", "y"].map((letter) => dedupKey(letter.repeat(500))) as [
    ReturnType<typeof dedupKey>,
    ReturnType<typeof dedupKey>,
  ];
  await one(store, { op: "set", key, value: "1" });
  expect(await one(store, { op: "get", key })).toMatchObject({ value: "1" });
  const [from, to] = [key, other].map(({ text }) => `collapsed:{orders:acme}:dedup:${text.split("/").at(-1)}`);
  await server().command("COPY", from as string, to as string);
  await expect(one(store, { op: "get", key: other })).rejects.toThrow(DataDamagedError);
});

test("what another program wrote under our names is damage, not an answer", async () => {
  await using store = await open("foreign");
  await server().command("SET", "foreign:{orders:acme}:dedup:a", "a text of another program, and not a short one");
  await expect(one(store, { op: "get", key: dedupKey("a") })).rejects.toThrow(DataDamagedError);
});
