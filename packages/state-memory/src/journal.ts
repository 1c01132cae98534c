import type { StateKey } from "@acteon/state";

/** What a journal needs of a table: to put back what lay under a key. */
export interface Restorable<Held> {
  restore(key: StateKey, previous: Held | undefined): void;
}

/**
 * The writes of the group under way, so that a refusal can take them back. Three flat lists, reused from group to group, of
 * which the first `#size` places count: an action writes several rows, and an object for each would show.
 */
export class Journal<Held> {
  readonly #tables: Restorable<Held>[] = [];
  readonly #keys: StateKey[] = [];
  readonly #previous: (Held | undefined)[] = [];
  #size = 0;

  /** A new group: what is written from here on can be taken back. */
  begin(): void {
    this.#size = 0;
  }

  record(table: Restorable<Held>, key: StateKey, previous: Held | undefined): void {
    const at = this.#size++;
    this.#tables[at] = table;
    this.#keys[at] = key;
    this.#previous[at] = previous;
  }

  /** Takes back what was written since `begin`, the last write first. */
  rollBack(): void {
    while (this.#size > 0) {
      const at = --this.#size;
      this.#tables[at]?.restore(this.#keys[at] as StateKey, this.#previous[at]);
    }
  }
}
