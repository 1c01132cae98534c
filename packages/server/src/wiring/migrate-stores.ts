import type { Clock } from "@acteon/core";
import type { Config, StoreConfig } from "../config/config.ts";
import { backendSettings, loadBackend } from "./remote-backends.ts";
import { TimeLimit } from "./time-limit.ts";

export type Migrated =
  | { readonly kind: "step"; readonly part: "state" | "lock"; readonly backend: string; readonly step: string }
  /** All is there, or this store needs nothing. */
  | { readonly kind: "done"; readonly part: "state" | "lock"; readonly backend: string; readonly steps: number };

/**
 * Makes what the configured stores need, and says so step by step. Idempotent, and safe from many nodes at once.
 * @throws {ConfigurationError} A setting is wrong. @throws {StateUnavailableError} A store does not answer, or refuses.
 * @throws {DOMException} `TimeoutError`: it was not done within `limitMs`.
 */
export async function* migrateStores(
  { state, lock }: Pick<Config, "state" | "lock">,
  { clock, limitMs }: { readonly clock: Clock; readonly limitMs: number },
): AsyncGenerator<Migrated> {
  using limit = new TimeLimit(clock, limitMs);
  yield* migrateStore("state", state, clock, limit);
  if (lock !== undefined) yield* migrateStore("lock", lock, clock, limit);
}

async function* migrateStore(
  part: "state" | "lock",
  store: StoreConfig,
  clock: Clock,
  limit: TimeLimit,
): AsyncGenerator<Migrated> {
  const { kind: backend } = store;
  let steps = 0;
  if (store.kind !== "memory" && store.kind !== "embedded") {
    const remote = await loadBackend(store.kind, part);
    const ports = { clock, signal: limit.signal, warn: () => undefined };
    for await (const step of limit.eachWithin(remote.migrate(backendSettings(store), ports))) {
      steps++;
      yield { kind: "step", part, backend, step };
    }
  }
  yield { kind: "done", part, backend, steps };
}
