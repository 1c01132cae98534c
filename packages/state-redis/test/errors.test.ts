import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { ConfigurationError, StateUnavailableError, systemClock } from "@acteon/core";
import { stateKey } from "@acteon/state";
import type { BackendFinding, RemoteStateSettings } from "@acteon/state";
import { remoteSettings } from "@acteon/state/testing";
import { RedisServer, freePort, serverOrSkip } from "@acteon/test-servers";
import { describe, expect, test } from "vitest";
import { openRedisState, redisBackend } from "../src/index.ts";
import { acme, dedupKey, one, signal } from "./fixtures.ts";

const server = serverOrSkip("redis", () =>
  RedisServer.start({
    settings: { requirepass: "right", user: "limited on >limited ~limited:* +@all -@scripting", databases: "2" },
  }),
);
const urlWith = (user: string, rest = ""): string => `redis://${user}@127.0.0.1:${server().port}${rest}`;

describe("what an operator can put right is said so, at the start", () => {
  test.each([
    ["no password", (port: number) => `redis://127.0.0.1:${port}`, /asks for a password/],
    ["a wrong password", (port: number) => `redis://:wrong@127.0.0.1:${port}`, /does not take user and password/],
    ["an unknown user", (port: number) => `redis://who:right@127.0.0.1:${port}`, /does not take user and password/],
    [
      "a database that is not there",
      (port: number) => `redis://:right@127.0.0.1:${port}/2`,
      /no database of that number/,
    ],
    ["a cluster that is none", (port: number) => `redis+cluster://:right@127.0.0.1:${port}`, /it is no cluster/],
  ])("%s", async (_, urlOf, says) => {
    const opening = openRedisState({ url: urlOf(server().port), callTimeoutMs: 2_000 });
    const error = await opening.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toHaveProperty("message", expect.stringMatching(says));
    expect(error).toHaveProperty("message", expect.stringContaining(`127.0.0.1:${server().port}`));
    expect(error).toHaveProperty("message", expect.not.stringMatching(/wrong|right/));
  });

  test("a server that is not there", async () => {
    const url = `redis://:secret@127.0.0.1:${await freePort()}`;
    const opening = openRedisState({ url, callTimeoutMs: 1_500 });
    await expect(opening).rejects.toThrow(StateUnavailableError);
    await expect(opening).rejects.toThrow(/ECONNREFUSED.*see that it runs/);
    await expect(opening).rejects.not.toThrow(/secret/);
  });

  test("a user who may run no script", async () => {
    const opening = redisBackend.open(settings(urlWith("limited:limited")), ports());
    await expect(opening).rejects.toThrow(/may not do that: ACL SETUSER/);
  });

  test("an aborted start ends at once, for its reason", async () => {
    const reason = new Error("stopped");
    const opening = openRedisState({ url: urlWith(":right"), signal: AbortSignal.abort(reason) });
    await expect(opening).rejects.toBe(reason);
  });
});

test("a user with the rights that the refusal names may do all that is needed", async () => {
  const rights =
    "~small:* +@read +@write +@scripting +@connection +time +info +config|get +cluster|slots +cluster|info";
  await server().command("-a", "right", "ACL", "SETUSER", "small", "on", ">small", ...rights.split(" "));
  const told: BackendFinding[] = [];
  const opening = redisBackend.open(
    { ...settings(urlWith("small:small")), prefix: "small" },
    ports((each) => told.push(each)),
  );
  await using store = await opening;
  expect(told).toEqual([]);
  const key = dedupKey("a");
  const list = stateKey(acme, "parked", "a");
  const [written] = await store.apply(
    [
      [
        { op: "acquire", lock: dedupKey("lock"), owner: "me", leaseMs: 60_000 },
        { op: "set", key, value: "x" },
        { op: "append", key: list, value: "m", ttlMs: 60_000 },
        { op: "indexDue", index: "retry", key, dueAtMs: 1 },
      ],
    ],
    { signal },
  );
  expect(written).toMatchObject({ kind: "done" });
  expect(await one(store, { op: "takeDue", index: "retry", nowMs: 1, limit: 1, holdMs: 1 })).toMatchObject({
    entries: [{ key }],
  });
  expect(await one(store, { op: "members", key: list })).toMatchObject({ values: ["m"] });
  expect(await one(store, { op: "delete", key: list })).toEqual({ kind: "deleted" });
  expect(await one(store, { op: "unindexDue", index: "retry", key })).toEqual({ kind: "deleted" });
  expect(await Array.fromAsync(store.scan({ kind: "dedup" }, { signal }))).toMatchObject([{ key, value: "x" }]);
});

test("a server whose memory is full refuses writes and says what to do, and gives things back still", async () => {
  await using store = await openRedisState({ url: urlWith(":right"), prefix: "full" });
  await one(store, { op: "acquire", lock: dedupKey("lock"), owner: "me", leaseMs: 60_000 });
  await server().command("-a", "right", "CONFIG", "SET", "maxmemory", "1mb", "maxmemory-policy", "noeviction");
  try {
    const write = store.apply([[{ op: "set", key: dedupKey("a"), value: "x" }]], { signal });
    await expect(write).rejects.toThrow(StateUnavailableError);
    await expect(write).rejects.toThrow(/its memory is full, and nothing was written: raise maxmemory/);
    expect(await one(store, { op: "release", lock: dedupKey("lock"), owner: "me" })).toEqual({ kind: "released" });
  } finally {
    await server().command("-a", "right", "CONFIG", "SET", "maxmemory", "0");
  }
  expect(await one(store, { op: "get", key: dedupKey("a") })).toEqual({ kind: "absent" });
});

test("a password that changes while the store is open fails its calls, and heals them when it is right again", async () => {
  await using store = await openRedisState({ url: urlWith(":right"), prefix: "auth", callTimeoutMs: 1_000 });
  const call = (): Promise<string> => one(store, { op: "get", key: dedupKey("a") }).then(({ kind }) => kind, String);
  await server().command("-a", "right", "CONFIG", "SET", "requirepass", "other");
  await server().command("-a", "other", "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
  try {
    await expect.poll(call).toMatch(/does not take user and password/);
  } finally {
    await server().command("-a", "other", "CONFIG", "SET", "requirepass", "right");
  }
  await expect.poll(call).toBe("absent");
});

test("weaker settings of the server are told at the start, with what to do", async () => {
  await server().command("-a", "right", "CONFIG", "SET", "appendfsync", "everysec");
  await server().command("-a", "right", "CONFIG", "SET", "maxmemory", "1gb", "maxmemory-policy", "allkeys-lru");
  const told: BackendFinding[] = [];
  await using store = await redisBackend.open(
    settings(urlWith(":right")),
    ports((finding) => told.push(finding)),
  );
  expect(store.durability).toBe("host");
  expect(told).toEqual([
    expect.objectContaining({ level: "warning", found: expect.stringContaining("appendfsync is everysec") }),
    expect.objectContaining({ level: "warning", found: expect.stringContaining("maxmemory-policy is allkeys-lru") }),
  ]);
  await server().command("-a", "right", "CONFIG", "SET", "appendfsync", "always", "maxmemory", "0");
});

describe("doctor", () => {
  test("finds a server that keeps every promise", async () => {
    // By this clock every answer comes at once: a round trip over 20 ms is a warning, which a busy machine has earned.
    const clock = { ...systemClock, monotonicMs: () => 0 };
    const findings = await Array.fromAsync(redisBackend.inspect(settings(urlWith(":right")), { ...ports(), clock }));
    expect(findings.map(({ level, subject }) => [level, subject])).toEqual(
      ["connection", "server version", "durability", "permissions", "clock", "round trip", "schema"].map((subject) => [
        "ok",
        subject,
      ]),
    );
  });

  test("names what is wrong, and what to do, and throws nothing", async () => {
    for (const [url, subject] of [
      [undefined, "connection"],
      [urlWith(":wrong"), "connection"],
      [urlWith("limited:limited"), "permissions"],
    ] as const) {
      const findings = await Array.fromAsync(redisBackend.inspect(settings(url), ports()));
      expect(findings.at(-1)).toMatchObject({ level: "failure", subject, help: expect.any(String) });
    }
  });
});

test("a server that is too old is refused by its version, and nothing more of it is looked at", async () => {
  await using old = await startOldServer();
  const opening = redisBackend.open(settings(old.url), ports());
  await expect(opening).rejects.toThrow(ConfigurationError);
  await expect(opening).rejects.toThrow(/Redis 6\.2\.7 is too old: upgrade it to Redis 7/);
  const findings = await Array.fromAsync(redisBackend.inspect(settings(old.url), ports()));
  expect(findings.map(({ level, subject }) => [level, subject])).toEqual([
    ["ok", "connection"],
    ["failure", "server version"],
  ]);
});

test("there is nothing to migrate", async () => {
  expect(await Array.fromAsync(redisBackend.migrate(settings(urlWith(":right")), ports()))).toEqual([]);
});

/** Nobody has one any more: it tells its version, and takes all else. */
async function startOldServer(): Promise<AsyncDisposable & { readonly url: string }> {
  const facts = "redis_version:6.2.7\r\nredis_mode:standalone\r\n";
  const listener = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (data) => {
      const commands = data.toString().match(/^\*\d+\r\n\$\d+\r\n\w+/gm) ?? [];
      for (const command of commands)
        socket.write(/info$/i.test(command) ? `$${facts.length}\r\n${facts}\r\n` : "+OK\r\n");
    });
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  return {
    url: `redis://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      await once(listener.close(), "close");
    },
  };
}

function settings(url: string | undefined): RemoteStateSettings {
  return remoteSettings({ url, prefix: "limited", callTimeoutMs: 1_000 });
}

function ports(warn: (finding: BackendFinding) => void = () => {}) {
  return { clock: systemClock, signal, warn };
}
