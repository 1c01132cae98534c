import type { Action } from "@acteon/core";
import { ScopeCache, stateKey, type StateKey, type StateScope } from "@acteon/state";

const maxScopes = 10_000;

/** The keys of one action's entries. */
export class Keys {
  readonly #scopes = new ScopeCache(maxScopes);

  scope({ namespace, tenant }: Action): StateScope {
    return this.#scopes.scope(namespace, tenant);
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
