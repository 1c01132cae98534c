import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigurationError, StateUnavailableError, systemClock } from "@acteon/core";
import type { BackendFinding } from "@acteon/state";
import { applyOne, stateKey } from "@acteon/state";
import { remoteSettings } from "@acteon/state/testing";
import { selfSigned, serverOrSkip, startEtcd } from "@acteon/test-servers";
import { afterAll, describe, expect, test } from "vitest";
import { etcdBackend, openEtcdState } from "../src/index.ts";
import { acme } from "./etcd-space.ts";

const { signal } = new AbortController();
const key = stateKey(acme, "state", "a");
/** Long enough for an attempt to connect on a busy machine: what keeps a client from it is told once the time is over. */
const soonMs = 1_500;

describe("a server as it is", () => {
  const cluster = serverOrSkip("etcd", startEtcd);

  test("a release that is too old, and a single member, are warned of at open", async () => {
    const warnings: BackendFinding[] = [];
    await using store = await openEtcdState({
      url: `etcd://${cluster().endpoints.join(",")}`,
      warn: (finding) => warnings.push(finding),
    });
    expect(store.durability).toBe("host");
    const version = cluster().ctl("version").split("API")[0]?.replace("etcdctl version: ", "").trim() ?? "";
    expect(warnings.map(({ subject }) => subject)).toEqual(["server version", "durability"]);
    expect(warnings[0]?.found).toContain(`etcd ${version} is older than 3.4.38 / 3.5.23`);
    expect(warnings.every(({ help }) => help !== undefined)).toBe(true);
  });

  test("doctor finds connection, version, durability, alarms, permissions, schema, clock and round trip", async () => {
    const findings = await inspected({ url: `etcd://${cluster().endpoints.join(",")}` });
    expect(findings.map(({ subject, level }) => `${subject}: ${level}`)).toEqual([
      "connection: ok",
      "server version: warning",
      "durability: warning",
      "alarms: ok",
      "permissions: ok",
      "schema: ok",
      "clock: ok",
      "round trip: ok",
    ]);
  });

  test("migrate has nothing to do, and says nothing", async () => {
    const steps = etcdBackend.migrate(remoteSettings({ url: `etcd://${cluster().endpoints.join(",")}` }), ports);
    expect(await Array.fromAsync(steps)).toEqual([]);
  });

  test("a server without TLS, and one without users, are told from what the URL asks for", async () => {
    const [endpoint] = cluster().endpoints;
    await expect(openEtcdState({ url: `etcds://${endpoint}`, callTimeoutMs: soonMs })).rejects.toThrow(
      /does not speak TLS[:,] write etcd:\/\//,
    );
    const refusal = await refusalOf(openEtcdState({ url: `etcd://root:very-secret@${endpoint}` }));
    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect(refusal.message).toContain("leave user and password out of state.url");
    expect(refusal.message).not.toContain("very-secret");
  });

  test("a value that fits into no request is refused with what to raise, and the store goes on", async () => {
    await using store = await openEtcdState({ url: `etcd://${cluster().endpoints.join(",")}`, prefix: "large" });
    const value = Array.from({ length: 200_000 }, () => Math.random().toString(36)).join("");
    await expect(applyOne(store, { op: "set", key, value }, { signal })).rejects.toThrow(
      /raise etcd's --max-request-bytes/,
    );
    expect(await applyOne(store, { op: "get", key }, { signal })).toEqual({ kind: "absent" });
  });

  test("a cluster that was compacted behind a client's back changes nothing for it", async () => {
    await using store = await openEtcdState({ url: `etcd://${cluster().endpoints.join(",")}`, prefix: "compacted" });
    await applyOne(store, { op: "set", key, value: "1" }, { signal });
    const changes = store.watch({ kind: "state" }, { signal: AbortSignal.timeout(10_000) })[Symbol.asyncIterator]();
    const { revision } = (JSON.parse(cluster().ctl("get", "x", "--write-out=json")) as { header: { revision: number } })
      .header;
    cluster().ctl("compact", String(revision));
    await applyOne(store, { op: "increment", key, delta: 1 }, { signal });
    expect(await applyOne(store, { op: "get", key }, { signal })).toMatchObject({ value: "2" });
    expect(await changes.next()).toMatchObject({ value: { kind: "set", key } });
    await changes.return?.();
  });

  test("nobody listening, and a name that nobody has, are no answer, with the address", async () => {
    for (const [host, cure] of [
      ["127.0.0.1:1", "start etcd there"],
      ["no-such-host.invalid:2379", "correct state.url"],
    ] as const) {
      const refusal = await refusalOf(openEtcdState({ url: `etcd://${host}`, callTimeoutMs: soonMs }));
      expect(refusal).toBeInstanceOf(StateUnavailableError);
      expect(refusal.message).toContain(host);
      expect(refusal.message).toContain(cure);
    }
  });
});

describe("a server that is full", () => {
  const cluster = serverOrSkip("etcd", () => startEtcd({ flags: [`--quota-backend-bytes=${2 * 1_048_576}`] }));

  test("NOSPACE is no answer to a write, names the cure, and leaves reads alone", async () => {
    await using store = await openEtcdState({ url: `etcd://${cluster().endpoints.join(",")}` });
    await applyOne(store, { op: "set", key, value: "there" }, { signal });
    const fill = async (): Promise<never> => {
      for (let i = 0; ; i++) {
        const value = Array.from({ length: 2_500 }, () => Math.random().toString(36)).join("");
        await applyOne(store, { op: "set", key: stateKey(acme, "state", `fill-${i}`), value }, { signal });
      }
    };
    await expect(fill()).rejects.toThrow(/etcd is full: compact and defragment it, then `etcdctl alarm disarm`/);
    expect(await inspected({ url: `etcd://${cluster().endpoints.join(",")}` })).toContainEqual(
      expect.objectContaining({ subject: "alarms", level: "failure" }),
    );
    const entries = await Array.fromAsync(store.scan({ kind: "state", idPrefix: "a", scope: acme }, { signal }));
    expect(entries).toMatchObject([{ value: "there" }]);
  });
});

describe("a server with users", () => {
  const cluster = serverOrSkip("etcd", async () => {
    const started = await startEtcd();
    if (started === undefined) return undefined;
    started.ctl("user", "add", "root:root-secret");
    started.ctl("user", "grant-role", "root", "root");
    for (const [user, prefix] of [
      ["gateway", "acteon/"],
      ["stranger", "elsewhere/"],
    ] as const) {
      started.ctl("user", "add", `${user}:p@ss:word`);
      started.ctl("role", "add", user);
      started.ctl("role", "grant-permission", "--prefix=true", user, "readwrite", prefix);
      started.ctl("user", "grant-role", user, user);
    }
    started.ctl("auth", "enable");
    return started;
  });
  const url = (user: string) => `etcd://${user}@${cluster().endpoints.join(",")}`;

  test("a user with the rights of its prefix has all that a store needs", async () => {
    await using store = await openEtcdState({ url: url("gateway:p%40ss%3Aword") });
    const acquire = {
      op: "acquire",
      lock: stateKey(acme, "lock", "l", undefined),
      owner: "me",
      leaseMs: 5_000,
    } as const;
    expect(await applyOne(store, acquire, { signal })).toMatchObject({ kind: "acquired" });
    expect(await applyOne(store, { op: "set", key, value: "x", ttlMs: 60_000 }, { signal })).toMatchObject({
      kind: "stored",
    });
    expect((await inspected({ url: url("gateway:p%40ss%3Aword") })).filter(({ level }) => level === "failure")).toEqual(
      [],
    );
  });

  test("a token that the server no longer knows is had anew", async () => {
    await using store = await openEtcdState({ url: url("gateway:p%40ss%3Aword") });
    await applyOne(store, { op: "set", key, value: "before" }, { signal });
    const [server] = cluster().members;
    await server?.kill();
    await server?.start();
    expect(await applyOne(store, { op: "get", key }, { signal })).toMatchObject({ value: "before" });
  });

  test("a wrong password, no user and another's prefix are refused at open, each with its cure and without the password", async () => {
    for (const [user, cure] of [
      ["gateway:wrong-secret", "correct user and password in state.url"],
      ["stranger:p%40ss%3Aword", "readwrite <prefix>/"],
    ] as const) {
      const refusal = await refusalOf(openEtcdState({ url: url(user) }));
      expect(refusal).toBeInstanceOf(ConfigurationError);
      expect(refusal.message).toContain(cure);
      expect(refusal.message).not.toMatch(/wrong-secret|p@ss|p%40/);
    }
    const nobody = await refusalOf(openEtcdState({ url: `etcd://${cluster().endpoints.join(",")}` }));
    expect(nobody.message).toContain("etcd wants a user");
    const findings = await inspected({ url: url("stranger:p%40ss%3Aword") });
    expect(findings.filter(({ level }) => level === "failure")).toMatchObject([
      { subject: "permissions", help: expect.stringContaining("readwrite <prefix>/") },
    ]);
  });
});

describe("a server with a certificate", () => {
  const folder = mkdtempSync(join(tmpdir(), "acteon-etcd-tls-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const cluster = serverOrSkip("etcd", () => startEtcd({ tls: selfSigned(folder, "server", "IP:127.0.0.1") }));

  test("a certificate that the given authority has signed is taken", async () => {
    const tls = { caPath: join(folder, "server.crt") };
    await using store = await openEtcdState({ url: `etcds://${cluster().endpoints.join(",")}`, tls });
    await applyOne(store, { op: "set", key, value: "x" }, { signal });
    expect(await applyOne(store, { op: "get", key }, { signal })).toMatchObject({ value: "x" });
  });

  test("a certificate that nobody vouches for, or another's, is refused with the key to set; `insecure` takes it", async () => {
    const secured = `etcds://${cluster().endpoints.join(",")}`;
    selfSigned(folder, "other", "IP:127.0.0.1");
    for (const tls of [{}, { caPath: join(folder, "other.crt") }]) {
      const refusal = await refusalOf(openEtcdState({ url: secured, tls, callTimeoutMs: soonMs }));
      expect(refusal.message).toContain("state.tls_ca_cert_path");
    }
    await using store = await openEtcdState({ url: secured, tls: { insecure: true } });
    expect(await applyOne(store, { op: "get", key }, { signal })).toMatchObject({ kind: "found" });
  });

  test("a URL without TLS is told to ask for it", async () => {
    const plain = openEtcdState({ url: `etcd://${cluster().endpoints.join(",")}`, callTimeoutMs: soonMs });
    await expect(plain).rejects.toThrow(/write etcds:\/\/ in state.url/);
  });
});

const ports = { clock: systemClock, signal, warn: () => {} };

function inspected(options: { readonly url: string }): Promise<readonly BackendFinding[]> {
  return Array.fromAsync(etcdBackend.inspect(remoteSettings(options), ports));
}

async function refusalOf(opening: Promise<AsyncDisposable>): Promise<Error> {
  try {
    await (await opening)[Symbol.asyncDispose]();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it was opened");
}
