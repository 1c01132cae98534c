/** Upper bounds of the histogram's buckets, in ms, each inclusive; one more bucket holds what takes longer. */
export const roundTripBoundsMs = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000] as const;

/** How long answers took. Plain data, so that it travels between processes. */
export interface RoundTrips {
  /** Answers of each bucket, not cumulative; one more than there are bounds. */
  readonly counts: readonly number[];
  readonly sumMs: number;
}

/** Counts round trips without allocating. */
export class RoundTripHistogram {
  readonly #counts = new Float64Array(roundTripBoundsMs.length + 1);
  #sumMs = 0;

  record(elapsedMs: number): void {
    let bucket = 0;
    while (bucket < roundTripBoundsMs.length && elapsedMs > (roundTripBoundsMs[bucket] as number)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#sumMs += elapsedMs;
  }

  snapshot(): RoundTrips {
    return { counts: [...this.#counts], sumMs: this.#sumMs };
  }
}

export function answersOf({ counts }: RoundTrips): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * A bound that so large a share of the answers kept; `undefined`: past the last bound, or there was no answer.
 * @param share 0.99 for p99.
 */
export function quantileBoundMs(trips: RoundTrips, share: number): number | undefined {
  const answers = answersOf(trips);
  let seen = 0;
  const bucket = trips.counts.findIndex((count) => (seen += count) >= share * answers);
  return answers === 0 ? undefined : roundTripBoundsMs[bucket];
}

export function mergeRoundTrips(all: readonly RoundTrips[]): RoundTrips {
  const counts = Array.from({ length: roundTripBoundsMs.length + 1 }, (_, bucket) =>
    all.reduce((sum, trips) => sum + (trips.counts[bucket] ?? 0), 0),
  );
  return { counts, sumMs: all.reduce((sum, { sumMs }) => sum + sumMs, 0) };
}
