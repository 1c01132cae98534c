/**
 * Latencies up to 71 minutes in 2 KiB: sixteen buckets to each power of two, so that a quantile is above the latency it
 * stands for by at most 6.25 % or 1 µs.
 */
export class LatencyHistogram {
  readonly #buckets = new Uint32Array(29 * perOctave);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  countIn(bucket: number): number {
    return this.#buckets[bucket] ?? 0;
  }

  add(latencyMs: number): void {
    this.#buckets[bucketOf(latencyMs * 1_000)]! += 1;
    this.#count += 1;
  }

  /** Takes over what `other` holds, and empties it. */
  absorb(other: LatencyHistogram): void {
    other.#buckets.forEach((count, i) => (this.#buckets[i]! += count));
    this.#count += other.#count;
    other.#buckets.fill(0);
    other.#count = 0;
  }
}

/** The upper edge, in ms, of the bucket that holds the quantile `q` in (0, 1] of all of them; `undefined` if empty. */
export function quantileMs(q: number, histograms: readonly LatencyHistogram[]): number | undefined {
  const total = histograms.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return undefined;
  let left = Math.ceil(q * total);
  let bucket = -1;
  while (left > 0) {
    bucket += 1;
    for (const histogram of histograms) left -= histogram.countIn(bucket);
  }
  return upperEdge(bucket) / 1_000;
}

const perOctave = 16;

/** Up to 32 µs a bucket is one µs wide; above, the four bits behind the highest one choose it. */
function bucketOf(us: number): number {
  const whole = us >= 4_294_967_295 ? 4_294_967_295 : us >>> 0;
  const shift = Math.max(0, 27 - Math.clz32(whole));
  return shift * perOctave + (whole >>> shift);
}

function upperEdge(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / perOctave) - 1);
  return (bucket - shift * perOctave + 1) * 2 ** shift;
}
