import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { ConfigurationError, StateUnavailableError, systemClock, systemRandom } from "@acteon/core";
import type { Namespace } from "@acteon/core";
import { applyOne, stateKey, stateScope } from "@acteon/state";
import { freePort, serverOrSkip, startZooKeeper } from "@acteon/test-servers";
import type { ZooKeeperEnsemble } from "@acteon/test-servers";
import { describe, expect, test } from "vitest";
import { JuteWriter } from "../src/client/jute-writer.ts";
import { createFlags, openAcl, writeAcl } from "../src/client/protocol.ts";
import { create } from "../src/client/requests.ts";
import { Session } from "../src/client/session.ts";
import { openZooKeeperState } from "../src/index.ts";

const ensemble = serverOrSkip("ZooKeeper", startZooKeeper);
const { signal } = new AbortController();
const key = stateKey(stateScope("orders" as Namespace, undefined), "state", "a");

test("what one user wrote is denied to another, to a wrong password and to nobody, with words on what to do", async () => {
  const place = `${ensemble().hosts}/${randomUUID()}`;
  await using alice = await openZooKeeperState({ url: `zookeeper://alice:s%40crets@${place}` });
  await applyOne(alice, { op: "set", key, value: "hers" }, { signal });
  for (const user of ["bob:s%40crets@", "alice:wrong-one@", ""]) {
    const refused = openZooKeeperState({ url: `zookeeper://${user}${place}` });
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(/denies access: user and password of state\.url/);
    await expect(refused).rejects.not.toThrow(/crets|wrong-one/);
  }
  await using again = await openZooKeeperState({ url: `zookeeper://alice:s%40crets@${place}` });
  expect(await applyOne(again, { op: "get", key }, { signal })).toMatchObject({ value: "hers" });
});

test("a node whose access control list forbids a write refuses it as a matter of configuration, and later calls go on", async () => {
  const chroot = `/${randomUUID()}`;
  await using store = await openZooKeeperState({ url: `zookeeper://${ensemble().hosts}${chroot}` });
  await using session = await openAdmin(ensemble());
  const writer = new JuteWriter();
  writeAcl(writer, [{ permissions: 1, scheme: "world", id: "anyone" }]);
  const path = `${chroot}/acteon/closed`;
  await create(session, { path, data: "", acl: writer.take(), flags: createFlags.persistent });
  const closed = stateKey(stateScope("closed" as Namespace, undefined), "state", "a");
  await expect(applyOne(store, { op: "set", key: closed, value: "x" }, { signal })).rejects.toThrow(/denies access/);
  expect(await applyOne(store, { op: "set", key, value: "x" }, { signal })).toMatchObject({ kind: "stored" });
});

test("a server that does not answer is named, without the password", async () => {
  const port = await freePort();
  const refused = openZooKeeperState({ url: `zookeeper://alice:secret@127.0.0.1:${port}`, callTimeoutMs: 300 });
  await expect(refused).rejects.toThrow(StateUnavailableError);
  await expect(refused).rejects.toThrow(`no ZooKeeper server answers at 127.0.0.1:${port}`);
  await expect(refused).rejects.not.toThrow(/secret/);
});

test("a caller who gives up while no server answers is told its own reason", async () => {
  const port = await freePort();
  const reason = new Error("gone");
  const leaving = new AbortController();
  const opening = openZooKeeperState({ url: `zookeeper://127.0.0.1:${port}`, signal: leaving.signal });
  leaving.abort(reason);
  await expect(opening).rejects.toBe(reason);
});

test("a server older than 3.6 is refused by its version", async () => {
  await using server = await oldServer();
  const refused = openZooKeeperState({ url: `zookeeper://127.0.0.1:${server.port}`, callTimeoutMs: 2_000 });
  await expect(refused).rejects.toThrow(ConfigurationError);
  await expect(refused).rejects.toThrow("ZooKeeper 3.4.14 is too old: run 3.6 or newer");
});

test("a value that no packet takes is no answer that says so, and later calls go on", async () => {
  await using store = await openZooKeeperState({ url: `zookeeper://${ensemble().hosts}/${randomUUID()}` });
  const tooLong = applyOne(store, { op: "set", key, value: "x".repeat(2 ** 20) }, { signal });
  await expect(tooLong).rejects.toThrow(/does not fit into a request to ZooKeeper \(jute\.maxbuffer\)/);
  expect(await applyOne(store, { op: "get", key }, { signal })).toEqual({ kind: "absent" });
});

describe("a server that is full", () => {
  const full = serverOrSkip("ZooKeeper", () => startZooKeeper({ config: ["enforceQuota=true"] }));

  test("over its quota is no answer to a write, names the cure, and leaves reads alone", async () => {
    const chroot = `/${randomUUID()}`;
    await using store = await openZooKeeperState({ url: `zookeeper://${full().hosts}${chroot}` });
    await applyOne(store, { op: "set", key, value: "there" }, { signal });
    await using session = await openAdmin(full());
    const writer = new JuteWriter();
    writeAcl(writer, openAcl);
    const acl = writer.take();
    const quota = `/zookeeper/quota${chroot}`;
    for (const [path, data] of [
      [quota, ""],
      [`${quota}/zookeeper_limits`, "count=-1,bytes=-1=;byteHardLimit=4096;countHardLimit=-1"],
      [`${quota}/zookeeper_stats`, "count=0,bytes=0"],
    ] as const)
      await create(session, { path, data, acl, flags: createFlags.persistent });
    const large = applyOne(store, { op: "set", key, value: "x".repeat(8_192) }, { signal });
    await expect(large).rejects.toThrow(StateUnavailableError);
    await expect(large).rejects.toThrow(/is over a quota: raise it with setquota/);
    expect(await applyOne(store, { op: "get", key }, { signal })).toMatchObject({ value: "there" });
  });
});

/** A client that may do what a store does not. */
async function openAdmin({ members: [member] }: ZooKeeperEnsemble): Promise<Session> {
  const session = Session.open({
    addresses: [{ host: "127.0.0.1", port: member?.port ?? 0 }],
    clock: systemClock,
    random: systemRandom,
    credentials: undefined,
    tls: undefined,
    requestTimeoutMs: 5_000,
    sessionTimeoutMs: 5_000,
  });
  await session.connected(systemClock.monotonicMs() + 5_000);
  return session;
}

/** Gives whoever connects a session, and says that it is ZooKeeper 3.4.14. */
async function oldServer(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      if (data.toString("latin1") === "srvr")
        socket.end("Zookeeper version: 3.4.14-4c25d480, built on 2019\nMode: standalone\n");
      else {
        const writer = new JuteWriter();
        const begun = writer.beginFrame();
        writer.int(0);
        writer.int(10_000);
        writer.long(1);
        writer.buffer(Buffer.alloc(16));
        writer.endFrame(begun);
        socket.write(writer.take());
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await once(server.close(), "close");
    },
  };
}
