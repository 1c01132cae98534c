import type { StateKey } from "@acteon/state";

interface Keyed {
  readonly key: StateKey;
}

/**
 * Entries by their key (guarantees K5). They are found by the first component of the id, whose hash is there
 * already, since the same text names lock and record; hashing `StateKey.text` instead takes longer than all the rest of an
 * acquisition. Where several keys begin alike, such as one dedup key of many tenants, a second map tells them apart.
 */
export class KeyMap<Entry extends Keyed> {
  readonly #slots = new Map<string | undefined, Entry | Map<string, Entry>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: StateKey): Entry | undefined {
    const slot = this.#slots.get(key.id[0]);
    if (slot instanceof Map) return slot.get(key.fullText);
    return slot !== undefined && isSame(slot.key, key) ? slot : undefined;
  }

  set(entry: Entry): void {
    const { key } = entry;
    const slot = this.#slots.get(key.id[0]);
    if (slot instanceof Map) {
      const before = slot.size;
      slot.set(key.fullText, entry);
      this.#size += slot.size - before;
    } else if (slot === undefined) {
      this.#slots.set(key.id[0], entry);
      this.#size++;
    } else if (isSame(slot.key, key)) {
      this.#slots.set(key.id[0], entry);
    } else {
      const both = new Map([
        [slot.key.fullText, slot],
        [key.fullText, entry],
      ]);
      this.#slots.set(key.id[0], both);
      this.#size++;
    }
  }

  /** Deletes what is there under that key, if anything is. */
  delete(key: StateKey): void {
    const slot = this.#slots.get(key.id[0]);
    if (slot instanceof Map) {
      if (slot.delete(key.fullText)) this.#size--;
      if (slot.size === 0) this.#slots.delete(key.id[0]);
    } else if (slot !== undefined && isSame(slot.key, key)) {
      this.#slots.delete(key.id[0]);
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

/** Of keys whose ids begin alike. */
function isSame(a: StateKey, b: StateKey): boolean {
  if (a === b) return true;
  return a.kind === b.kind && a.id[1] === b.id[1] && (a.scope === b.scope || a.scope.text === b.scope.text);
}
