import { flag, integer, oneOf, secretText, table, text } from "./schema.ts";

/** Stores on other machines, as `state.backend` and `lock.backend` call them. */
export const remoteBackends = ["redis", "postgres", "dynamodb", "etcd", "zookeeper"] as const;

export type RemoteBackendName = (typeof remoteBackends)[number];

/** Connections to a store on another machine: `[state]` and `[lock]` have the same. */
export const remoteStoreKeys = {
  url: secretText(),
  prefix: text("acteon"),
  region: text(),
  table_name: text(),
  ssl_mode: oneOf(["disable", "prefer", "require", "verify-ca", "verify-full"], undefined),
  ssl_root_cert: text(),
  ssl_cert: text(),
  ssl_key: text(),
  /** Unset: as the URL says. */
  tls_enabled: flag(),
  tls_ca_cert_path: text(),
  tls_insecure: flag(false),
  unlogged: flag(false),
  call_timeout_ms: integer({ min: 10, max: 600_000, fallback: 5_000, bounds: "wait for the store" }),
  pool: table({
    min_connections: integer({ min: 0, max: 10_000, fallback: 0 }),
    max_connections: integer({ min: 1, max: 10_000, fallback: 10, bounds: "connections to the store" }),
  }),
};
