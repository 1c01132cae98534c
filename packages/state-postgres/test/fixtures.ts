import type { Namespace, TenantId } from "@acteon/core";
import { applyOne, stateKey, stateScope } from "@acteon/state";
import type { StateKey, StateStore } from "@acteon/state";

export const { signal } = new AbortController();
export const scope = stateScope("orders" as Namespace, "acme" as TenantId);
export const key = (name: string): StateKey => stateKey(scope, "state", name);
export const lock = (name: string): StateKey => stateKey(scope, "named_lock", name);

export function acquire(name: string, fenced: boolean) {
  return { op: "acquire", lock: lock(name), owner: "me", leaseMs: 60_000, fenced } as const;
}

export function write(store: StateStore, name: string) {
  return applyOne(store, { op: "set", key: key(name), value: "x" }, { signal });
}
