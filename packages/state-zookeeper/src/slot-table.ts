import { Slot } from "./slot.ts";
import type { NodeContent } from "./node-content.ts";

/** Most nodes, and characters of their contents, that are kept in mind. */
const maxSlots = 50_000;
const maxWeight = 32 * 1024 * 1024;

/** What this process knows of nodes: bounded, the oldest forgotten first. What is forgotten is read again when it is needed. */
export class SlotTable {
  readonly #slots = new Map<string, Slot>();
  #weight = 0;

  of(path: string): Slot {
    let slot = this.#slots.get(path);
    if (slot === undefined) {
      slot = new Slot(path);
      this.#slots.set(path, slot);
    }
    return slot;
  }

  /** Nobody works on the node any more. */
  rest(slot: Slot): void {
    const weight = slot.seen === undefined ? 0 : weightOf(slot.seen.content);
    this.#weight += weight - slot.weight;
    slot.weight = weight;
    if (slot.seen === undefined) this.#slots.delete(slot.path);
  }

  /** Not while groups are being bound to slots. */
  forgetOldest(): void {
    if (!this.#isFull()) return;
    for (const [path, { tail, weight }] of this.#slots) {
      if (tail !== undefined) continue;
      this.#slots.delete(path);
      this.#weight -= weight;
      if (!this.#isFull()) return;
    }
  }

  #isFull(): boolean {
    return this.#slots.size > maxSlots || this.#weight > maxWeight;
  }
}

function weightOf(content: NodeContent): number {
  switch (content.kind) {
    case "value":
      return content.value.length;
    case "list":
      return content.values.reduce((sum, value) => sum + value.length, 0);
    default:
      return 0;
  }
}
