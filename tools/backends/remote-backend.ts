import { systemClock } from "@acteon/core";
import { remoteSettings } from "@acteon/state/testing";
import type { RemoteStateSettings, StateBackend, StateBackendPorts, StateStore } from "@acteon/state";

/** A server that a test or a benchmark started, and the backend that speaks to it. */
export interface RemoteServer extends AsyncDisposable {
  /** Where it listens; a proxy may stand in front. */
  readonly port: number;
  /** What `[state]` would say to reach it on that port. */
  settingsAt(port: number): Partial<RemoteStateSettings>;
}

export interface RemoteBackend {
  readonly name: string;
  /** What its package exports. */
  readonly backend: StateBackend;
  /** A server with nothing in it; `undefined` where it cannot be had. */
  start(): Promise<RemoteServer | undefined>;
}

/**
 * A client, as a gateway with these settings would open it; the schema is made first.
 * @param port Of a proxy; the server's own unless said.
 */
export async function openRemote(
  { backend }: RemoteBackend,
  server: RemoteServer,
  port = server.port,
): Promise<StateStore> {
  const settings = { ...defaults, ...server.settingsAt(port) };
  for await (const _step of backend.migrate(settings, ports));
  return backend.open(settings, ports);
}

/** Name and version of the server, as the backend's inspection tells it; `undefined` where it does not, or there is no server. */
export async function serverVersion(remote: RemoteBackend): Promise<string | undefined> {
  await using server = await remote.start();
  if (server === undefined) return undefined;
  for await (const { subject, found } of remote.backend.inspect(
    { ...defaults, ...server.settingsAt(server.port) },
    ports,
  ))
    if (subject === "server version") return /\p{L}{3,} \d+\.[\d.]*\d/u.exec(found)?.[0];
  return undefined;
}

const ports: StateBackendPorts = {
  clock: systemClock,
  signal: new AbortController().signal,
  warn: () => undefined,
};

const defaults = remoteSettings({
  pool: { minConnections: 2, maxConnections: 10 },
  callTimeoutMs: 20_000, // a busy machine is not what is tested or measured
});
