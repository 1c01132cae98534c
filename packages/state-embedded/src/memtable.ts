/** What is stored under a key, or the mark that nothing is. */
export interface Entry {
  /** `undefined`: deleted. */
  readonly value: string | undefined;
  readonly version: number;
  /** Epoch ms; Infinity: never. */
  readonly expiresAtMs: number;
  /** `StateKey.fullText` of a collapsed key, compared on read (guarantees K3). */
  readonly tuple: string | undefined;
  /** When it was written there was nothing under the key, not even something expired: once deleted, no mark is needed. */
  readonly isFirst: boolean;
}

/**
 * The latest writes, by `StateKey.text`: all that the journal holds and the table does not, in two generations. The active
 * one is written; the frozen one is being compacted into the table, and dropped once it is there. What stands here is
 * newer than what the table says.
 */
export class Memtable {
  #active = new Map<string, Entry>();
  #frozen = new Map<string, Entry>();

  find(text: string): Entry | undefined {
    return this.#active.get(text) ?? this.#frozen.get(text);
  }

  put(text: string, entry: Entry): void {
    this.#active.set(text, entry);
  }

  /** Puts the mark of a deletion, which hides what is below. */
  remove(text: string): void {
    this.#active.set(text, deletion);
  }

  /** Drops what has nothing below it. */
  forget(text: string): void {
    this.#active.delete(text);
  }

  /** Is there an entry of this generation with nothing below it? */
  isFirst(text: string): boolean {
    return this.#active.get(text)?.isFirst ?? false;
  }

  freeze(): void {
    this.#frozen = this.#active;
    this.#active = new Map();
  }

  dropFrozen(): void {
    this.#frozen = new Map();
  }

  clear(): void {
    this.#active = new Map();
    this.dropFrozen();
  }

  /** Every key once, with what stands there. What is written meanwhile may or may not be among them. */
  *entries(): Generator<[string, Entry], void, void> {
    yield* this.#active;
    for (const pair of this.#frozen) if (!this.#active.has(pair[0])) yield pair;
  }
}

const deletion: Entry = { value: undefined, version: 0, expiresAtMs: Infinity, tuple: undefined, isFirst: false };
