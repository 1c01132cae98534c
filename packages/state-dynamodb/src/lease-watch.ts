import type { LockRow } from "./row.ts";

/**
 * Since when the record of a lock is seen unchanged, on the monotonic clock of this process: a lease is over once that is as
 * long as it (guarantees L6). No clock of another machine is asked. Counted from the moment the answer was there, which is
 * after the write of the record, and so after the moment from which its holder counts (L4).
 */
export class LeaseWatch {
  readonly #seen = new Map<string, Sighting>();

  /** @param atMs When the answer that showed the record had come. */
  saw(placeId: string, row: LockRow, atMs: number): void {
    if (row.owner === undefined) {
      this.#seen.delete(placeId);
      return;
    }
    if (this.#seen.get(placeId)?.row.version === row.version) return;
    this.#seen.delete(placeId);
    this.#seen.set(placeId, { row, sinceMs: atMs });
    if (this.#seen.size > maxSightings) this.#forgetOldest();
  }

  forget(placeId: string): void {
    this.#seen.delete(placeId);
  }

  /** The record as it was last seen here. */
  last(placeId: string): LockRow | undefined {
    return this.#seen.get(placeId)?.row;
  }

  /** For how long the lease may live on; 0: it is over. */
  remainingMs(placeId: string, row: LockRow, nowMs: number): number {
    const sighting = this.#seen.get(placeId);
    const sinceMs = sighting?.row.version === row.version ? sighting.sinceMs : nowMs;
    return Math.max(0, Math.ceil(sinceMs + row.leaseMs - nowMs));
  }

  #forgetOldest(): void {
    for (const placeId of this.#seen.keys()) {
      this.#seen.delete(placeId);
      return;
    }
  }
}

interface Sighting {
  readonly row: LockRow;
  /** Monotonic. */
  readonly sinceMs: number;
}

/** What is forgotten is watched anew: it takes longer to be taken over, no more (guarantees O1). */
const maxSightings = 20_000;
