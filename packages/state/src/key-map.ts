import type { StateKey } from "./state-key.ts";

/** What a `KeyMap` holds: it knows its key. */
export interface Keyed {
  readonly key: StateKey;
}

/**
 * Entries by key, in memory (guarantees K5). Found by `StateKey.hash`, because a `Map` interns each text that it is asked for
 * (V8 14, Node 26), which for a text that was not seen before takes longer than everything else that an action asks of the
 * memory store. Keys that share a hash are told apart by a `Map` of texts, so that nobody gains by making them collide.
 */
export class KeyMap<Entry extends Keyed> {
  readonly #slots = new Map<number, Entry | Map<string, Entry>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: StateKey): Entry | undefined {
    const slot = this.#slots.get(key.hash);
    if (slot instanceof Map) return slot.get(key.fullText);
    return slot !== undefined && isSame(slot.key, key) ? slot : undefined;
  }

  /** In place of what is there under the key of `entry`. */
  set(entry: Entry): void {
    const { key } = entry;
    const slot = this.#slots.get(key.hash);
    if (slot instanceof Map) {
      const before = slot.size;
      slot.set(key.fullText, entry);
      this.#size += slot.size - before;
    } else if (slot === undefined || isSame(slot.key, key)) {
      this.#slots.set(key.hash, entry);
      if (slot === undefined) this.#size++;
    } else {
      const both = new Map([
        [slot.key.fullText, slot],
        [key.fullText, entry],
      ]);
      this.#slots.set(key.hash, both);
      this.#size++;
    }
  }

  /** Deletes what is there under that key, if anything is. */
  delete(key: StateKey): void {
    const slot = this.#slots.get(key.hash);
    if (slot instanceof Map) {
      if (slot.delete(key.fullText)) this.#size--;
      if (slot.size === 0) this.#slots.delete(key.hash);
    } else if (slot !== undefined && isSame(slot.key, key)) {
      this.#slots.delete(key.hash);
      this.#size--;
    }
  }

  /** As the iterator of a `Map`: what is set while it runs may be met, what is deleted is not. */
  *values(): Generator<Entry, void, void> {
    for (const slot of this.#slots.values()) {
      if (slot instanceof Map) yield* slot.values();
      else yield slot;
    }
  }
}

/** Of keys that share a hash. */
function isSame(a: StateKey, b: StateKey): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.id[0] !== b.id[0] || a.id[1] !== b.id[1]) return false;
  return a.scope === b.scope || a.scope.text === b.scope.text;
}
