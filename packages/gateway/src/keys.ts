import type { Action } from "@acteon/core";
import { stateKey, stateScope, type StateKey, type StateScope } from "@acteon/state";

const maxScopes = 10_000;

/** The keys of one action's entries. Scopes are made once per namespace and tenant, and kept while there are few. */
export class Keys {
  readonly #scopes = new Map<string, Map<string | undefined, StateScope>>();
  #count = 0;

  scope(action: Action): StateScope {
    let tenants = this.#scopes.get(action.namespace);
    if (tenants === undefined) this.#scopes.set(action.namespace, (tenants = new Map()));
    let scope = tenants.get(action.tenant);
    if (scope === undefined) {
      if (this.#count >= maxScopes) {
        this.#scopes.clear(); // a hostile variety of names must not grow this without bound; it is only a cache
        this.#scopes.set(action.namespace, (tenants = new Map()));
        this.#count = 0;
      }
      tenants.set(action.tenant, (scope = stateScope(action.namespace, action.tenant)));
      this.#count++;
    }
    return scope;
  }

  lock(scope: StateScope, action: Action): StateKey {
    return stateKey(scope, "lock", action.id, action.discriminator);
  }

  execution(scope: StateScope, action: Action): StateKey {
    return stateKey(scope, "execution", action.id, action.discriminator);
  }

  dedup(scope: StateScope, key: string): StateKey {
    return stateKey(scope, "dedup", key);
  }

  idempotency(scope: StateScope, key: string): StateKey {
    return stateKey(scope, "idempotency", key);
  }

  /** The counter of `state.counter(K, W)`; without a window, one that others increment. */
  counter(scope: StateScope, key: string, windowMs: number | undefined): StateKey {
    return stateKey(scope, "counter", key, windowMs === undefined ? undefined : String(windowMs));
  }

  throttle(scope: StateScope, rule: string): StateKey {
    return stateKey(scope, "throttle", rule);
  }

  suppression(scope: StateScope, rule: string): StateKey {
    return stateKey(scope, "suppression", rule);
  }

  entry(scope: StateScope, key: string): StateKey {
    return stateKey(scope, "state", key);
  }

  pendingAudit(scope: StateScope, execution: string): StateKey {
    return stateKey(scope, "pending_audit", execution);
  }

  deadLetter(scope: StateScope, execution: string): StateKey {
    return stateKey(scope, "dead_letter", execution);
  }
}
