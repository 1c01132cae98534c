import type { Row } from "./row.ts";

/**
 * Counts as this process left them last. A transaction tells no sums, so that it has to know what it adds to: if nobody else
 * counted since, it does without asking, and if somebody did, its refusal says what they left.
 */
export class RecentCounts {
  readonly #rows = new Map<string, Row>();

  saw(placeId: string, row: Row): void {
    this.#rows.delete(placeId);
    this.#rows.set(placeId, row);
    if (this.#rows.size <= maxRecentCounts) return;
    for (const oldest of this.#rows.keys()) {
      this.#rows.delete(oldest);
      return;
    }
  }

  last(placeId: string): Row | undefined {
    return this.#rows.get(placeId);
  }
}

/** Of rules and their windows there are fewer (guarantees O1). */
const maxRecentCounts = 5_000;
