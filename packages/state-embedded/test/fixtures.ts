import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Namespace, type TenantId, systemClock } from "@acteon/core";
import { type StateKey, type StateOperation, type StateStore, applyOne, stateKey, stateScope } from "@acteon/state";
import { type Host, thisHost } from "../src/host.ts";
import { type StoreOptions, openStore } from "../src/open-embedded-state.ts";

const { signal } = new AbortController();

export const scope = stateScope("orders" as Namespace, "acme" as TenantId);

export function valueKey(name: string): StateKey {
  return stateKey(scope, "state", name);
}

export function lockName(name: string): StateKey {
  return stateKey(scope, "named_lock", name);
}

/** A directory that goes when it is disposed. */
export function temporaryDirectory(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "acteon-state-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A store as the package opens it, but for what is said. */
export function opened(path: string, options: Partial<StoreOptions> = {}): Promise<StateStore> {
  const defaults = { path, sync: false, generationBytes: 1 << 24, clock: systemClock, signal, host: thisHost() };
  return openStore({ ...defaults, ...options });
}

/** This machine, some time after it was started anew. */
export function restartedHost(): Host {
  const host = thisHost();
  return { ...host, bootId: `${host.bootId}, the next`, process: "1.1.1", hasEnded: () => false };
}

export async function one(store: StateStore, operation: StateOperation) {
  return applyOne(store, operation, { signal });
}

export async function valueOf(store: StateStore, name: string): Promise<string | undefined> {
  const answer = await one(store, { op: "get", key: valueKey(name) });
  return answer.kind === "found" ? answer.value : undefined;
}

export async function set(store: StateStore, name: string, value: string): Promise<void> {
  await one(store, { op: "set", key: valueKey(name), value });
}
