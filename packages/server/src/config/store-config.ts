import { Secret } from "@acteon/core";
import type { StoreConfig } from "./config.ts";
import type { RawConfig } from "./read-config.ts";
import type { ConfigReader } from "./reader.ts";
import type { Fields, Key } from "./schema.ts";
import type { RemoteBackendName } from "./store-schema.ts";
import { remoteBackends, remoteStoreKeys } from "./store-schema.ts";

/** `[state]` or `[lock]`. */
type StoreSection = "state" | "lock";

export type RawStore = Omit<RawConfig["lock"], "lease_ms" | "wait_ms">;

/** The store that a section names. */
export function storeOf(backend: "embedded" | "memory" | RemoteBackendName, raw: RawStore): StoreConfig {
  switch (backend) {
    case "memory":
      return { kind: "memory" };
    case "embedded":
      return { kind: "embedded", path: raw.path, sync: raw.sync };
    default:
      return {
        kind: backend,
        url: raw.url === undefined ? undefined : new Secret(raw.url),
        settings: {
          prefix: raw.prefix,
          region: raw.region,
          tableName: raw.table_name,
          tls: {
            enabled: raw.tls_enabled,
            mode: raw.ssl_mode,
            caPath: raw.tls_ca_cert_path ?? raw.ssl_root_cert,
            certPath: raw.ssl_cert,
            keyPath: raw.ssl_key,
            insecure: raw.tls_insecure,
          },
          pool: { minConnections: raw.pool.min_connections, maxConnections: raw.pool.max_connections },
          callTimeoutMs: raw.call_timeout_ms,
          unlogged: raw.unlogged,
        },
      };
  }
}

/** What a store cannot be reached without, and an example of it; an address does for DynamoDB, too. */
const needs: Readonly<Record<RemoteBackendName, readonly [key: "url" | "region", example: string]>> = {
  redis: ["url", "redis://127.0.0.1:6379"],
  postgres: ["url", "postgres://acteon@127.0.0.1:5432/acteon"],
  dynamodb: ["region", "eu-central-1"],
  etcd: ["url", "etcd://127.0.0.1:2379"],
  zookeeper: ["url", "zookeeper://127.0.0.1:2181"],
};

/** Keys that mean something to some stores only. */
const takenBy: Readonly<Record<string, readonly RemoteBackendName[]>> = {
  // A table is one key space.
  prefix: ["redis", "postgres", "etcd", "zookeeper"],
  region: ["dynamodb"],
  table_name: ["dynamodb"],
  ssl_mode: ["postgres"],
  unlogged: ["postgres"],
  // Redis sends all calls over one connection, and the design document's file for it has a pool.
  "pool.min_connections": ["redis", "postgres", "dynamodb"],
  "pool.max_connections": ["redis", "postgres", "dynamodb"],
};

/** What is missing for the chosen store, and what is said of another one: a key that does nothing misleads. */
export function checkStore(
  section: StoreSection,
  backend: "embedded" | "memory" | RemoteBackendName | undefined,
  raw: RawStore,
  reader: ConfigReader,
): void {
  const remote = remoteBackends.find((name) => name === backend);
  for (const key of setKeys(raw)) {
    const takers = takenBy[key] ?? remoteBackends;
    if (remote !== undefined && takers.includes(remote)) continue;
    const chosen = backend === undefined ? "is not set" : `is ${backend}`;
    reader.report("ACT-C008", reader.document.valueSpan([section, ...key.split(".")]), {
      summary: `${section}.${key} means nothing where ${section}.backend ${chosen}`,
      label: `of ${orList(takers)}`,
      help: `set ${section}.backend to ${orList(takers)}, or remove ${section}.${key}`,
    });
  }
  if (remote === undefined) return;
  const [key, example] = needs[remote];
  if (raw[key] === undefined && raw.url === undefined) {
    reader.report("ACT-C007", reader.document.valueSpan([section, "backend"]), {
      summary: `${section}.${key} is missing`,
      label: `${remote} needs \`${key}\``,
      help: `set ${section}.${key} = "${example}", or ACTEON_${section.toUpperCase()}__${key.toUpperCase()}`,
    });
  }
  if (raw.ssl_root_cert !== undefined && raw.tls_ca_cert_path !== undefined) {
    reader.report("ACT-C008", reader.document.valueSpan([section, "tls_ca_cert_path"]), {
      summary: `${section}.ssl_root_cert and ${section}.tls_ca_cert_path are one setting`,
      help: `remove one of them`,
    });
  }
  if (raw.pool.min_connections > raw.pool.max_connections) {
    reader.report("ACT-C008", reader.document.valueSpan([section, "pool", "min_connections"]), {
      summary: `${section}.pool.min_connections is more than ${section}.pool.max_connections`,
      help: "swap them",
    });
  }
}

/** Keys of remote stores that ask for something: not their defaults. The time of a call is every store's. */
function setKeys(raw: RawStore): readonly string[] {
  const { call_timeout_ms: _ofAll, pool, ...own } = remoteStoreKeys;
  const differs = (fields: Fields, values: Readonly<Record<string, unknown>>): string[] =>
    Object.entries(fields).flatMap(([name, field]) =>
      values[name] === (field as Key<unknown>).fallback ? [] : [name],
    );
  return [...differs(own, raw), ...differs(pool.fields, raw.pool).map((name) => `pool.${name}`)];
}

function orList(names: readonly string[]): string {
  return names.length === 1 ? `"${names[0]}"` : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
