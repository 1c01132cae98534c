import type { DueIndex, StateKey, StateOperation } from "@acteon/state";
import type { Slot, SlotTable } from "./slot.ts";

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

/** The slots that a group is about, each once. Whatever else it reads or writes goes with one of them. */
export function slotsOf(group: readonly EtcdOperation[], table: SlotTable): readonly Slot[] {
  const slots: Slot[] = [];
  const add = (slot: Slot): void => {
    if (!slots.includes(slot)) slots.push(slot);
  };
  for (const operation of group) {
    if ("index" in operation) {
      if (operation.op !== "takeDue") add(table.at(operation.index, operation.key));
      continue;
    }
    add(table.of("lock" in operation ? operation.lock : operation.key));
    if ("fence" in operation && operation.fence !== undefined) add(table.of(operation.fence.lock));
  }
  return slots;
}
