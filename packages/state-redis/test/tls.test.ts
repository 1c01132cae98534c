import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "@acteon/core";
import { RedisServer, freePort, selfSigned, serverOrSkip } from "@acteon/test-servers";
import { afterAll, expect, test } from "vitest";
import { openRedisState } from "../src/index.ts";
import { dedupKey, one } from "./fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "acteon-redis-tls-"));
const { certPath, keyPath } = selfSigned(folder, "localhost", "DNS:localhost");
afterAll(() => rmSync(folder, { recursive: true }));

/** Speaks TLS only, with a certificate of its own. */
const server = serverOrSkip("redis with TLS", async () => {
  const port = await freePort();
  const files = { "tls-cert-file": certPath, "tls-key-file": keyPath, "tls-ca-cert-file": certPath };
  return RedisServer.start({
    port,
    settings: { ...files, port: "0", "tls-port": String(port), "tls-auth-clients": "no" },
  });
});
const url = (scheme: string, host = "localhost"): string => `${scheme}://${host}:${server().port}`;

test.each([
  ["with its authority", { caPath: certPath }],
  ["with a client certificate", { caPath: certPath, certPath, keyPath }],
  ["with any certificate, where that was asked for", { insecure: true }],
])("speaks TLS %s", async (_, tls) => {
  await using store = await openRedisState({ url: url("rediss"), tls });
  expect(await one(store, { op: "get", key: dedupKey("a") })).toEqual({ kind: "absent" });
});

test.each([
  [
    "of an authority that is not named",
    "localhost",
    {},
    /certificate is not trusted: name its authority in state\.tls_ca/,
  ],
  ["of another host", "127.0.0.1", { caPath: certPath }, /certificate is not trusted/],
])("a certificate %s is refused", async (_, host, tls, says) => {
  const opening = openRedisState({ url: url("rediss", host), tls, callTimeoutMs: 2_000 });
  await expect(opening).rejects.toThrow(ConfigurationError);
  await expect(opening).rejects.toThrow(says);
});

test("a file that is not there is named", async () => {
  const opening = openRedisState({ url: url("rediss"), tls: { caPath: join(folder, "none.pem") } });
  await expect(opening).rejects.toThrow(/none\.pem, named for TLS, cannot be read: correct state\.tls_ca_cert_path/);
});

test("a server that speaks no TLS does not speak at all", async () => {
  await using plain = await RedisServer.start();
  const opening = openRedisState({ url: `rediss://localhost:${plain?.port}`, callTimeoutMs: 1_500 });
  await expect(opening).rejects.toThrow(/state\.url says rediss:\/\/ only where it speaks TLS/);
});
