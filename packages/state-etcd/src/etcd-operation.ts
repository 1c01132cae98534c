import type { DueIndex, StateKey, StateOperation } from "@acteon/state";
import type { KeySpace } from "./key-space.ts";

/** What the store itself does besides what it is asked for. */
export type EtcdOperation = StateOperation | EndLease | MoveDue;

/** A lease that this process gave is over: the lock goes, unless it is another's, or was written since. */
export interface EndLease {
  readonly op: "endLease";
  readonly lock: StateKey;
  readonly owner: string;
  /** Which write gave it; `undefined` where the answer to that was lost, so that nobody can have built on it (guarantees L7). */
  readonly modRevision: number | undefined;
}

/** Something due was taken with a hold: it is due later, unless its entry was written since. */
export interface MoveDue {
  readonly op: "moveDue";
  readonly index: DueIndex;
  readonly key: StateKey;
  readonly modRevision: number;
  readonly dueAtMs: number;
}

/** The keys of etcd that tell an operation what stands, without those that only follow: no two transactions under way share one. */
export function addKeys(keys: Set<string>, operation: EtcdOperation, space: KeySpace): void {
  switch (operation.op) {
    case "acquire":
      keys.add(space.of(operation.lock));
      keys.add(space.token(operation.lock));
      return;
    case "extend":
    case "release":
    case "endLease":
      keys.add(space.of(operation.lock));
      return;
    case "indexDue":
    case "unindexDue":
    case "moveDue":
      keys.add(space.at(operation.index, operation.key));
      return;
    case "takeDue":
      return;
    default:
      keys.add(space.of(operation.key));
      if ("fence" in operation && operation.fence !== undefined) {
        keys.add(space.of(operation.fence.lock));
        keys.add(space.token(operation.fence.lock));
      }
  }
}
