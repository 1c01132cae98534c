import type { RemoteStateSettings, StateBackend } from "@acteon/state";
import type { RemoteStoreConfig } from "../config/config.ts";
import type { RemoteBackendName } from "../config/store-schema.ts";
import { withLockWords } from "./lock-words.ts";

/** Every store on other machines, its package imported when it is chosen. */
const loaders: Readonly<Record<RemoteBackendName, () => Promise<StateBackend>>> = {
  redis: async () => (await import("@acteon/state-redis")).redisBackend,
  postgres: async () => (await import("@acteon/state-postgres")).postgresBackend,
  dynamodb: async () => (await import("@acteon/state-dynamodb")).dynamodbBackend,
  etcd: async () => (await import("@acteon/state-etcd")).etcdBackend,
  zookeeper: async () => (await import("@acteon/state-zookeeper")).zookeeperBackend,
};

/** @param section Whose keys it speaks of. */
export async function loadBackend(name: RemoteBackendName, section: "state" | "lock"): Promise<StateBackend> {
  const backend = await loaders[name]();
  return section === "lock" ? withLockWords(backend) : backend;
}

/** What a backend is given. */
export function backendSettings({ url, settings }: RemoteStoreConfig): RemoteStateSettings {
  return { ...settings, url: url?.reveal() };
}
