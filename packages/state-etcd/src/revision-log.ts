import type { Clock } from "@acteon/core";

/** Sightings that are this close together are one. */
const mergedMs = 10;
/** The longest lease (guarantees L9): what was seen before is over, whenever it was. */
const keptMs = 600_000;

interface Sighting {
  /** The store was at this revision, or a later one, at `atMs` (monotonic). */
  revision: number;
  atMs: number;
  readonly beganAtMs: number;
}

/**
 * When this process saw the store reach which revision. A record that still is of that revision has not changed since: so a lease
 * in it that is shorter ago is over, without anybody's clock but a monotonic one (guarantees L6).
 */
export class RevisionLog {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #sightings: Sighting[] = [];

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** The latest; 0 before the first. */
  get revision(): number {
    return this.#sightings.at(-1)?.revision ?? 0;
  }

  saw(revision: number): void {
    if (revision <= this.revision) return;
    const atMs = this.#clock.monotonicMs();
    const last = this.#sightings.at(-1);
    if (last !== undefined && atMs - last.beganAtMs < mergedMs) {
      last.revision = revision;
      last.atMs = atMs; // never earlier than seen
    } else {
      this.#sightings.push({ revision, atMs, beganAtMs: atMs });
      this.#forget(atMs - keptMs);
    }
  }

  /** When that revision was there already, on the monotonic clock; `undefined`: it was not seen. */
  seenAtMs(revision: number): number | undefined {
    let low = 0;
    let high = this.#sightings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sightings[middle] as Sighting).revision < revision) low = middle + 1;
      else high = middle;
    }
    return this.#sightings[low]?.atMs;
  }

  /** Of the sightings before `beforeMs` the last says all that the others do. In halves, so that each is moved seldom. */
  #forget(beforeMs: number): void {
    const half = this.#sightings.length >> 1;
    if (half > 0 && (this.#sightings[half] as Sighting).atMs < beforeMs) this.#sightings = this.#sightings.slice(half);
  }
}
