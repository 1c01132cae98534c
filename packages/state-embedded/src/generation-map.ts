/**
 * The latest writes by key, in two generations: the active one is written; the frozen one is being compacted into the table,
 * and is dropped once it is there. What stands here is newer than what the table says, so a deletion is written too.
 */
export class GenerationMap<Row> {
  #active = new Map<string, Row>();
  #frozen = new Map<string, Row>();

  find(key: string): Row | undefined {
    return this.#active.get(key) ?? this.#frozen.get(key);
  }

  /** Only what the active generation has written. */
  findActive(key: string): Row | undefined {
    return this.#active.get(key);
  }

  /** Only what the frozen generation has written. */
  findFrozen(key: string): Row | undefined {
    return this.#frozen.get(key);
  }

  put(key: string, row: Row): void {
    this.#active.set(key, row);
  }

  /** As if this generation had not written it. */
  forget(key: string): void {
    this.#active.delete(key);
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
    this.#frozen = new Map();
  }

  /** Every key once, with its newest row. */
  *entries(): Generator<[key: string, row: Row], void, void> {
    yield* this.#active;
    for (const pair of this.#frozen) if (!this.#active.has(pair[0])) yield pair;
  }
}
