import type { Clock } from "@acteon/core";
import { ConfigurationError, unreachable } from "@acteon/core";
import type { Durability, StateStore } from "@acteon/state";
import type { StateConfig } from "../config/config.ts";

/**
 * Opens the configured store; its package is imported now.
 *
 * @param signal Gives up: the store did not answer within `server.startup_ms`.
 * @throws {ConfigurationError} It is weaker than `state.require` (guarantees §4).
 * @throws {ActeonError} `state_unavailable`, `data_too_new`, `data_damaged`.
 */
export async function openState(
  config: StateConfig,
  ports: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<StateStore> {
  const store = await open(config, ports);
  if (config.require === undefined || strength[store.durability] >= strength[config.require]) return store;
  await store[Symbol.asyncDispose]();
  throw new ConfigurationError(
    `state.require = "${config.require}", and ${config.kind} state is of class ${store.durability}`,
  );
}

async function open(
  config: StateConfig,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<StateStore> {
  switch (config.kind) {
    case "memory": {
      const { openMemoryState } = await import("@acteon/state-memory");
      return openMemoryState({ clock });
    }
    case "embedded": {
      const { openEmbeddedState } = await import("@acteon/state-embedded");
      return openEmbeddedState({ path: config.path, sync: config.sync, clock, signal });
    }
    default:
      return unreachable(config);
  }
}

/** What each class outlives, in rising order. */
const strength: Readonly<Record<Durability, number>> = { process: 0, lossy: 1, host: 2, strong: 3 };
