import { InternalError } from "@acteon/core";
import type { RemoteStateSettings, StateBackend } from "@acteon/state";
import type { RemoteStoreConfig } from "../config/config.ts";
import type { RemoteBackendName } from "../config/store-schema.ts";

/** The package of each store on other machines, imported when it is chosen; it exports `<name>Backend`. */
const packages: Readonly<Record<RemoteBackendName, () => Promise<object>>> = {
  redis: () => import("@acteon/state-redis"),
  postgres: () => import("@acteon/state-postgres"),
  dynamodb: () => import("@acteon/state-dynamodb"),
  etcd: () => import("@acteon/state-etcd"),
  zookeeper: () => import("@acteon/state-zookeeper"),
};

export async function loadBackend(name: RemoteBackendName): Promise<StateBackend> {
  const exported = Object.entries(await packages[name]()).find(([key]) => key === `${name}Backend`)?.[1] as unknown;
  if (!isBackend(exported)) throw new InternalError(`@acteon/state-${name} exports no backend`);
  return exported;
}

function isBackend(value: unknown): value is StateBackend {
  return typeof value === "object" && value !== null && "open" in value && "inspect" in value && "migrate" in value;
}

/** What a backend is given. */
export function backendSettings({ url, settings }: RemoteStoreConfig): RemoteStateSettings {
  return { ...settings, url: url?.reveal() };
}
