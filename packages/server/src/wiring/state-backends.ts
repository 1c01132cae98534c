import { ConfigurationError, unreachable } from "@acteon/core";
import type { Durability, StateStore } from "@acteon/state";
import { withSeparateLocks } from "@acteon/state";
import type { Config, StoreConfig } from "../config/config.ts";
import { MeteredStateStore } from "../metrics/metered-state-store.ts";
import type { StoreMetrics } from "../metrics/store-metrics.ts";
import { StoreOutage } from "../metrics/store-outage.ts";
import { lockReachFinding } from "./lock-reach.ts";
import { openRemoteStore } from "./open-remote-store.ts";
import type { RemoteStorePorts } from "./open-remote-store.ts";
import { loadBackend } from "./remote-backends.ts";

/** What is logged of state in memory (guarantees §4). */
export const forgottenAtExit = "state is kept in this process, and forgotten at exit";

/** The stores of a gateway as the one that it works with, which closes them. */
export interface OpenedState {
  readonly store: StateStore;
  /** Of each, the state's first. */
  metrics(): readonly StoreMetrics[];
}

/**
 * Opens the configured state, and the store of locks if that is another one; their packages are imported now.
 *
 * @throws {ConfigurationError} State is weaker than `state.require` (guarantees §4), or a setting is wrong.
 * @throws {ActeonError} `state_unavailable`, `data_too_new`, `data_damaged`.
 */
export async function openState(
  { state: config, lock }: Pick<Config, "state" | "lock">,
  ports: RemoteStorePorts,
): Promise<OpenedState> {
  await using opened = new AsyncDisposableStack();
  const state = opened.use(await openMetered("state", config, ports));
  if (config.require !== undefined && !isAtLeast(state.durability, config.require)) {
    throw new ConfigurationError(
      `state.require = "${config.require}", and ${config.kind} state is of class ${state.durability}`,
    );
  }
  if (state.durability === "process" && ports.tellsWarnings) {
    ports.logger.warn(forgottenAtExit, { help: 'set state.backend = "embedded", or a store on another machine' });
  }
  if (lock === undefined) {
    opened.move();
    return { store: state, metrics: () => [state.metrics()] };
  }
  const reach = lockReachFinding({ state: config, lock });
  if (reach !== undefined && ports.tellsWarnings) ports.logger.warn("lock", { ...reach });
  const locks = opened.use(await openMetered("lock", lock, ports));
  opened.move();
  return { store: withSeparateLocks(state, locks), metrics: () => [state.metrics(), locks.metrics()] };
}

async function openMetered(
  role: StoreMetrics["role"],
  config: StoreConfig,
  ports: RemoteStorePorts,
): Promise<MeteredStateStore> {
  const name = { role, backend: config.kind };
  const { clock, logger } = ports;
  const store = await openStore(role, config, ports);
  return new MeteredStateStore(store, name, { clock, outage: new StoreOutage(name, clock, logger) });
}

/** Does a store of one class outlive all that the other does (guarantees §4)? */
export function isAtLeast(durability: Durability, required: Durability): boolean {
  return strength[durability] >= strength[required];
}

/** What each class outlives, in rising order. */
const strength: Readonly<Record<Durability, number>> = { process: 0, lossy: 1, host: 2, strong: 3 };

async function openStore(
  role: StoreMetrics["role"],
  config: StoreConfig,
  ports: RemoteStorePorts,
): Promise<StateStore> {
  const { clock, limit } = ports;
  switch (config.kind) {
    case "memory": {
      const { openMemoryState } = await import("@acteon/state-memory");
      return openMemoryState({ clock });
    }
    case "embedded": {
      const { openEmbeddedState } = await import("@acteon/state-embedded");
      return openEmbeddedState({ path: config.path, sync: config.sync, clock, signal: limit.signal });
    }
    case "redis":
    case "postgres":
    case "dynamodb":
    case "etcd":
    case "zookeeper":
      return openRemoteStore(await loadBackend(config.kind, role), config, ports);
    default:
      return unreachable(config);
  }
}
