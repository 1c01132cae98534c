/** A binary heap: the least item first. Items of equal rank come in no promised order. */
export class MinHeap<Item> {
  readonly #rank: (item: Item) => number;
  readonly #items: Item[] = [];

  constructor(rank: (item: Item) => number) {
    this.#rank = rank;
  }

  get size(): number {
    return this.#items.length;
  }

  least(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    const rank = this.#rank(item);
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = items[parentAt] as Item;
      if (this.#rank(parent) <= rank) break;
      items[at] = parent;
      at = parentAt;
    }
    items[at] = item;
  }

  popLeast(): Item | undefined {
    const items = this.#items;
    const least = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.#sink(last);
    return least;
  }

  /** Puts `item` in place of the least, and lets it sink to where it belongs. */
  #sink(item: Item): void {
    const items = this.#items;
    const rank = this.#rank(item);
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= items.length) break;
      const rightAt = childAt + 1;
      if (rightAt < items.length && this.#rank(items[rightAt] as Item) < this.#rank(items[childAt] as Item))
        childAt = rightAt;
      const child = items[childAt] as Item;
      if (this.#rank(child) >= rank) break;
      items[at] = child;
      at = childAt;
    }
    items[at] = item;
  }
}
