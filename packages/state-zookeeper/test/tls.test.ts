import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TLSSocket, createServer } from "node:tls";
import { ConfigurationError, systemClock } from "@acteon/core";
import { noTlsSettings } from "@acteon/state";
import type { RemoteStateSettings, StateStore } from "@acteon/state";
import { remoteSettings } from "@acteon/state/testing";
import { selfSigned, serverOrSkip, startZooKeeper } from "@acteon/test-servers";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { zookeeperBackend } from "../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "acteon-zookeeper-tls-"));
const { certPath, keyPath } = selfSigned(folder, "localhost", "DNS:localhost");
afterAll(() => rmSync(folder, { recursive: true }));

const ensemble = serverOrSkip("ZooKeeper", startZooKeeper);

test("speaks TLS with the authority that is named, or with any certificate where that was asked for", async () => {
  const port = await tlsFront();
  for (const tls of [{ caPath: certPath }, { caPath: certPath, certPath, keyPath }, { insecure: true }]) {
    await using store = await open(port, tls);
    expect(await store.apply([[]], { signal: new AbortController().signal })).toEqual([{ kind: "done", results: [] }]);
  }
});

test.each([
  ["an authority that is not named", {}, "localhost"],
  ["another host", { caPath: certPath }, "127.0.0.1"],
])("a certificate of %s is refused with its reason", async (_, tls, host) => {
  const refused = open(await tlsFront(), tls, host);
  await expect(refused).rejects.toThrow(ConfigurationError);
  await expect(refused).rejects.toThrow(/is not trusted .*name its authority in state\.tls_ca_cert_path/);
});

test("a file that is not there is named", async () => {
  const opening = open(1, { caPath: join(folder, "none.pem") });
  await expect(opening).rejects.toThrow(ConfigurationError);
  await expect(opening).rejects.toThrow(/none\.pem/);
});

function open(port: number, tls: Partial<RemoteStateSettings["tls"]>, host = "localhost"): Promise<StateStore> {
  const url = `zookeeper://${host}:${port}`;
  const settings = remoteSettings({ url, tls: { ...noTlsSettings, enabled: true, ...tls }, callTimeoutMs: 1_500 });
  return zookeeperBackend.open(settings, { clock: systemClock, signal: new AbortController().signal, warn: () => {} });
}

/** TLS in front of the server, with a certificate of its own for localhost. */
async function tlsFront(): Promise<number> {
  const [member] = ensemble().members;
  const sockets = new Set<TLSSocket>();
  const front = createServer({ cert: readFileSync(certPath), key: readFileSync(keyPath) }, (socket) => {
    sockets.add(socket);
    const upstream = connect({ host: "127.0.0.1", port: member?.port ?? 0 });
    socket.on("error", () => upstream.destroy());
    upstream.on("error", () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  }).listen(0);
  await once(front, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    front.close();
  });
  return (front.address() as AddressInfo).port;
}
