import type { Clock } from "@acteon/core";
import type { Config, StoreConfig } from "../config/config.ts";
import { backendSettings, loadBackend } from "./remote-backends.ts";

export type Migrated =
  | { readonly kind: "step"; readonly part: "state" | "lock"; readonly backend: string; readonly step: string }
  /** All is there, or this store needs nothing. */
  | { readonly kind: "done"; readonly part: "state" | "lock"; readonly backend: string; readonly steps: number };

/**
 * Makes what the configured stores need, and says so step by step. Idempotent, and safe from many nodes at once.
 * @throws {ConfigurationError} A setting is wrong. @throws {StateUnavailableError} A store does not answer, or refuses.
 */
export async function* migrateStores(
  { state, lock }: Pick<Config, "state" | "lock">,
  ports: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<Migrated> {
  yield* migrateStore("state", state, ports);
  if (lock !== undefined) yield* migrateStore("lock", lock, ports);
}

async function* migrateStore(
  part: "state" | "lock",
  store: StoreConfig,
  ports: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<Migrated> {
  const { kind: backend } = store;
  let steps = 0;
  if (store.kind !== "memory" && store.kind !== "embedded") {
    const remote = await loadBackend(store.kind);
    for await (const step of remote.migrate(backendSettings(store), { ...ports, warn: () => undefined })) {
      steps++;
      yield { kind: "step", part, backend, step };
    }
  }
  yield { kind: "done", part, backend, steps };
}
