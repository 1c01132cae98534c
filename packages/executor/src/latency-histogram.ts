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

  add(latencyMs: number): void {
    this.#buckets[bucketOf(latencyMs * 1_000)]! += 1;
    this.#count += 1;
  }

  clear(): void {
    this.#buckets.fill(0);
    this.#count = 0;
  }

  /** The upper edge, in ms, of the bucket that holds the quantile `q` in (0, 1] of this and `other`; `undefined` if empty. */
  quantileMs(q: number, other?: LatencyHistogram): number | undefined {
    const total = this.#count + (other?.count ?? 0);
    let left = Math.ceil(q * total);
    for (let i = 0; i < this.#buckets.length; i++) {
      left -= this.#buckets[i]! + (other === undefined ? 0 : other.#buckets[i]!);
      if (left <= 0 && total > 0) return upperEdge(i) / 1_000;
    }
    return undefined;
  }
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
