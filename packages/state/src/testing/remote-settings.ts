import type { RemoteStateSettings } from "../state-backend.ts";
import { noTlsSettings } from "../tls-files.ts";

/** `[state]` as it is where a test says nothing else. */
export function remoteSettings(said: Partial<RemoteStateSettings>): RemoteStateSettings {
  return {
    url: undefined,
    prefix: "acteon",
    region: undefined,
    tableName: undefined,
    tls: noTlsSettings,
    pool: { minConnections: 0, maxConnections: 10 },
    callTimeoutMs: 5_000,
    unlogged: false,
    ...said,
  };
}
