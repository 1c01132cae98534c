import type { Namespace, TenantId } from "@acteon/core";
import { stateScope, type StateScope } from "./state-key.ts";
import { textHash } from "./text-hash.ts";

/**
 * Scopes, each made once while it is in use. Found by a hash of their text for the reason that `ProbeTable` gives; bounded, so
 * that a hostile variety of tenants costs no more than the making.
 */
export class ScopeCache {
  readonly #maxScopes: number;
  readonly #slots = new Map<number, StateScope>();
  #last: StateScope | undefined;

  constructor(maxScopes: number) {
    this.#maxScopes = maxScopes;
  }

  scope(namespace: Namespace, tenant: TenantId | undefined): StateScope {
    const last = this.#last;
    if (last !== undefined && last.tenant === tenant && last.namespace === namespace) return last;
    const hash = textHash(textHash(0, namespace), tenant ?? "");
    const found = this.#slots.get(hash);
    if (found !== undefined && found.tenant === tenant && found.namespace === namespace) return (this.#last = found);
    const made = stateScope(namespace, tenant);
    if (this.#slots.size >= this.#maxScopes) this.#slots.clear();
    this.#slots.set(hash, made); // of two that share a hash the later one stays: it is only a cache
    return (this.#last = made);
  }
}
