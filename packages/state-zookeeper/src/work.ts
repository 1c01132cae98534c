import type { GroupResult } from "@acteon/state";
import type { BoundOperation } from "./group-decider.ts";
import type { Slot } from "./slot.ts";

/** A group on its way: the nodes that it is about, and who waits for what became of it. */
export interface Unit {
  readonly operations: readonly BoundOperation[];
  readonly slots: readonly Slot[];
  /** Whether it has to be read before it is decided, as far as is known when it comes. */
  readonly needsReading: boolean;
  /** Monotonic. */
  readonly deadlineMs: number;
  answer(result: GroupResult): void;
  fail(error: Error): void;
}

/** Bounds of what travels as one transaction at its first try. */
const maxUnits = 32;

/** Groups that travel together. It begins once the works before it on any of its nodes have ended. */
export class Work {
  readonly units: Unit[] = [];
  readonly slots = new Set<Slot>();
  readonly #waitsFor = new Set<Work>();
  readonly #followers: Work[] = [];
  #started = false;

  get started(): boolean {
    return this.#started;
  }

  get isReady(): boolean {
    return !this.#started && this.#waitsFor.size === 0;
  }

  get hasRoom(): boolean {
    return !this.#started && this.units.length < maxUnits;
  }

  add(unit: Unit): void {
    this.units.push(unit);
    for (const slot of unit.slots) {
      this.slots.add(slot);
      slot.tail = this;
    }
  }

  waitFor(earlier: Work): void {
    if (earlier === this || this.#waitsFor.has(earlier)) return;
    this.#waitsFor.add(earlier);
    earlier.#followers.push(this);
  }

  start(): void {
    this.#started = true;
  }

  /** @returns Those that may begin now. */
  end(): readonly Work[] {
    for (const follower of this.#followers) follower.#waitsFor.delete(this);
    return this.#followers.filter((follower) => follower.isReady);
  }
}
