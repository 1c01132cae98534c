import { ConfigurationError, unreachable } from "@acteon/core";
import type { Durability, StateStore } from "@acteon/state";
import type { StateConfig, StoreConfig } from "../config/config.ts";
import { openRemoteStore } from "./open-remote-store.ts";
import type { RemoteStorePorts } from "./open-remote-store.ts";
import { loadBackend } from "./remote-backends.ts";

/**
 * Opens the configured state; its package is imported now.
 *
 * @throws {ConfigurationError} It is weaker than `state.require` (guarantees §4), or a setting is wrong.
 * @throws {ActeonError} `state_unavailable`, `data_too_new`, `data_damaged`.
 */
export async function openState(config: StateConfig, ports: RemoteStorePorts): Promise<StateStore> {
  const store = await openStore(config, ports);
  if (config.require === undefined || isAtLeast(store.durability, config.require)) return store;
  await store[Symbol.asyncDispose]();
  throw new ConfigurationError(
    `state.require = "${config.require}", and ${config.kind} state is of class ${store.durability}`,
  );
}

/** Does a store of one class outlive all that the other does (guarantees §4)? */
export function isAtLeast(durability: Durability, required: Durability): boolean {
  return strength[durability] >= strength[required];
}

/** What each class outlives, in rising order. */
const strength: Readonly<Record<Durability, number>> = { process: 0, lossy: 1, host: 2, strong: 3 };

async function openStore(config: StoreConfig, ports: RemoteStorePorts): Promise<StateStore> {
  const { clock, signal } = ports;
  switch (config.kind) {
    case "memory": {
      const { openMemoryState } = await import("@acteon/state-memory");
      return openMemoryState({ clock });
    }
    case "embedded": {
      const { openEmbeddedState } = await import("@acteon/state-embedded");
      return openEmbeddedState({ path: config.path, sync: config.sync, clock, signal });
    }
    case "redis":
    case "postgres":
    case "dynamodb":
    case "etcd":
    case "zookeeper":
      return openRemoteStore(await loadBackend(config.kind), config, ports);
    default:
      return unreachable(config);
  }
}
