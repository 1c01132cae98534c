import type { StateScope } from "@acteon/state";
import type { Keys } from "./keys.ts";
import type { StateQueue } from "./state-queue.ts";

/**
 * The A entries of this process: outcomes of recorded executions that the trail has not confirmed yet. Once a row is
 * durable its A is deleted, in whatever batch leaves next (`design.md` §9, 10); what a crash leaves is the sweep's.
 */
export class PendingAudit {
  readonly #queue: StateQueue;
  readonly #keys: Keys;
  readonly #max: number;
  readonly #scopes = new Map<string, StateScope>();

  constructor(queue: StateQueue, keys: Keys, max: number) {
    this.#queue = queue;
    this.#keys = keys;
    this.#max = max;
  }

  get full(): boolean {
    return this.#scopes.size >= this.#max;
  }

  has(id: string): boolean {
    return this.#scopes.has(id);
  }

  added(scope: StateScope, id: string): void {
    this.#scopes.set(id, scope);
  }

  readonly durable = (ids: readonly string[]): void => {
    for (const id of ids) {
      const scope = this.#scopes.get(id);
      if (scope === undefined) continue;
      this.#scopes.delete(id);
      this.#queue.push([{ op: "delete", key: this.#keys.pendingAudit(scope, id) }], this, ignore);
    }
  };
}

function ignore(): void {
  // Not answered: the entry stays, and the sweep writes its row once more under the same id.
}
