import type { Namespace, TenantId } from "@acteon/core";
import { applyOne, stateKey, stateScope } from "@acteon/state";
import type { OperationResult, Refusal, StateKey, StateOperation, StateScope, StateStore } from "@acteon/state";

export const { signal } = new AbortController();

export const acme = scopeOf("orders", "acme");

export function scopeOf(namespace: string, tenant: string | undefined): StateScope {
  return stateScope(namespace as Namespace, tenant as TenantId | undefined);
}

export function dedupKey(id: string, scope = acme): StateKey {
  return stateKey(scope, "dedup", id);
}

export function one(store: Pick<StateStore, "apply">, operation: StateOperation): Promise<OperationResult | Refusal> {
  return applyOne(store, operation, { signal });
}
