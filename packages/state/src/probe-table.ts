/** Farthest that an entry lies from its place; of more keys than that which meet in one place the rest is found by text. */
const maxProbes = 32;
const leastCapacity = 16;

export interface Hashed {
  /** 32 bits. */
  readonly hash: number;
}

/**
 * Entries by key, in memory (guarantees K5): an open table over a 32-bit hash, with linear probing. Not a `Map`, for two
 * reasons. A `Map` interns each text that it is asked for (V8 14, Node 26), which for a new text takes longer than all else that
 * an action asks of the memory store, and 10 to 20 ms at once whenever the table of interned texts grows. And a `Map` of numbers
 * makes a new table every few hundred deletions, each old one holding on to the next: once one of them is in the old space,
 * everything that later tables ever held survives the young collections, which then cost more than the rest of the road. Keys
 * that somebody made to collide overflow into a `Map` of texts.
 */
export abstract class ProbeTable<Key extends Hashed, Entry extends { readonly key: Key }> {
  #slots: (Entry | undefined)[] = emptySlots(leastCapacity);
  #mask = leastCapacity - 1;
  #count = 0;
  readonly #crowded = new Map<string, Entry>();

  /** Of keys that share a hash. */
  protected abstract isSame(a: Key, b: Key): boolean;
  /** Another for each key. */
  protected abstract textOf(key: Key): string;

  get size(): number {
    return this.#count + this.#crowded.size;
  }

  get(key: Key): Entry | undefined {
    const at = this.#find(key);
    if (at >= 0) return this.#slots[at];
    return this.#crowded.size === 0 ? undefined : this.#crowded.get(this.textOf(key));
  }

  /** In place of what is there under the key of `entry`. */
  set(entry: Entry): void {
    const at = this.#find(entry.key);
    if (at >= 0) this.#slots[at] = entry;
    else if (this.#crowded.size > 0 && this.#crowded.has(this.textOf(entry.key)))
      this.#crowded.set(this.textOf(entry.key), entry);
    else {
      if (this.#count * 2 >= this.#slots.length) this.#grow();
      this.#insert(entry);
    }
  }

  /** Deletes what is there under that key, if anything is. */
  delete(key: Key): void {
    const at = this.#find(key);
    if (at >= 0) this.#empty(at);
    else if (this.#crowded.size > 0) this.#crowded.delete(this.textOf(key));
  }

  /** What is set while it runs may be met, what is deleted is not. */
  *values(): Generator<Entry, void, void> {
    for (const seen of [...this.#slots, ...this.#crowded.values()]) {
      const entry = seen === undefined ? undefined : this.get(seen.key);
      if (entry !== undefined) yield entry;
    }
  }

  /** The slot of that key, or -1. */
  #find(key: Key): number {
    const { hash } = key;
    const slots = this.#slots;
    const mask = this.#mask;
    let at = hash & mask;
    for (let probes = 0; probes < maxProbes; probes++) {
      const entry = slots[at];
      if (entry === undefined) return -1;
      if (entry.key.hash === hash && this.isSame(entry.key, key)) return at;
      at = (at + 1) & mask;
    }
    return -1;
  }

  /** An entry of a key that is not there. */
  #insert(entry: Entry): void {
    let at = entry.key.hash & this.#mask;
    for (let probes = 0; probes < maxProbes; probes++) {
      if (this.#slots[at] === undefined) {
        this.#slots[at] = entry;
        this.#count++;
        return;
      }
      at = (at + 1) & this.#mask;
    }
    this.#crowded.set(this.textOf(entry.key), entry);
  }

  /** Moves back what had to make room for the one that goes, so that no gap parts an entry from its place. */
  #empty(at: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let gap = at;
    for (let next = (gap + 1) & mask; ((next - gap) & mask) < maxProbes; next = (next + 1) & mask) {
      const entry = slots[next];
      if (entry === undefined) break;
      const distance = (next - entry.key.hash) & mask;
      if (distance < ((next - gap) & mask)) continue; // it would come to lie before its place
      slots[gap] = entry;
      gap = next;
    }
    slots[gap] = undefined;
    this.#count--;
  }

  #grow(): void {
    const entries = [...this.#slots, ...this.#crowded.values()];
    this.#slots = emptySlots(this.#slots.length * 2);
    this.#mask = this.#slots.length - 1;
    this.#count = 0;
    this.#crowded.clear();
    for (const entry of entries) if (entry !== undefined) this.#insert(entry);
  }
}

function emptySlots<Entry>(capacity: number): (Entry | undefined)[] {
  return Array.from<Entry | undefined>({ length: capacity });
}
