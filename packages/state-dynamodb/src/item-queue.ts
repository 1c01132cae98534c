import type { Facts } from "./draft.ts";

/** The items that some groups need: of those that they write nobody else of this process does so meanwhile. */
export interface ItemClaim {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
}

/**
 * Writers of one item in one process go one after another, in the order in which they came, and each is told how the one
 * before it left the item: at the table they would refuse each other again and again. Readers wait for earlier writers only.
 */
export class ItemQueue {
  /** By the id of an item: the last who writes it. */
  readonly #last = new Map<string, Promise<Facts>>();

  /**
   * @param work Given what earlier writers left, where there were any; gives what it left itself.
   * @throws {unknown} `signal.reason`: it aborted before the turn came.
   */
  async run({ reads, writes }: ItemClaim, signal: AbortSignal, work: (facts: Facts) => Promise<Facts>): Promise<void> {
    const earlier = new Set<Promise<Facts>>();
    for (const id of [...reads, ...writes]) {
      const last = this.#last.get(id);
      if (last !== undefined) earlier.add(last);
    }
    const done = Promise.withResolvers<Facts>();
    for (const id of writes) this.#last.set(id, done.promise);
    // One that leaves before its turn lets nobody pass who comes after it.
    let left: Facts | Promise<Facts> = Promise.all(earlier).then(() => nothing);
    try {
      const facts = earlier.size === 0 ? nothing : await factsOf(earlier, signal);
      left = nothing; // one that fails leaves nothing that is known: the next looks for itself
      left = await work(facts);
    } finally {
      for (const id of writes) if (this.#last.get(id) === done.promise) this.#last.delete(id);
      done.resolve(left);
    }
  }
}

async function factsOf(earlier: ReadonlySet<Promise<Facts>>, signal: AbortSignal): Promise<Facts> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = (): void => reject(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  try {
    const facts = await Promise.race([Promise.all(earlier), aborted]);
    return new Map(facts.flatMap((each) => [...each]));
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

const nothing: Facts = new Map();
