import type { Namespace, TenantId } from "@acteon/core";
import { stateKey, stateScope } from "../state-key.ts";
import type { StateKey, StateScope } from "../state-key.ts";

/** The tenant that laws about one tenant use; every law has a space of its own. */
export const acme = scopeOf("orders", "acme");

/** A scope of names as they are: some laws are about names that no validation lets through (guarantees K1: safe without K2). */
export function scopeOf(namespace: string, tenant: string | undefined): StateScope {
  return stateScope(namespace as Namespace, tenant as TenantId | undefined);
}

/** A key for a value. */
export function valueKey(name: string, scope = acme): StateKey {
  return stateKey(scope, "state", name);
}

/** A key for a count. */
export function countKey(name: string, scope = acme): StateKey {
  return stateKey(scope, "counter", name, "60000");
}

/** A key for a list. */
export function listKey(name: string, scope = acme): StateKey {
  return stateKey(scope, "parked", name);
}

/** The name of a lock. */
export function lockName(name: string, scope = acme): StateKey {
  return stateKey(scope, "named_lock", name);
}

/** Long enough not to end within any test. */
export const longMs = 600_000;
