import type { ProviderStats } from "./executor-api.ts";
import { LatencyHistogram, quantileMs } from "./latency-histogram.ts";

/**
 * What was seen of one provider, attempt by attempt. Since start: counts and quantiles, for people. Of late, that is for
 * the last one to two minutes: what rules ask, so that a provider which was left alone is forgiven in time.
 */
export class ProviderMeter {
  /** Before the minutes below. */
  readonly #archive = new LatencyHistogram();
  #successes = 0;
  #failures = 0;
  #latencySumMs = 0;
  #lastRequestAtMs: number | undefined = undefined;
  #lastError: string | undefined = undefined;

  /** The minute under way and the one before it; they change places when it ends. */
  #recent = { latency: new LatencyHistogram(), failures: 0 };
  #previous = { latency: new LatencyHistogram(), failures: 0 };
  #minuteEndsMs = 0;

  /**
   * @param error What to show of a failure; `undefined`: it went well.
   * @param startedAtMs Unix epoch.
   * @param nowMs Monotonic, as in every method.
   */
  record(latencyMs: number, error: string | undefined, startedAtMs: number, nowMs: number): void {
    this.#turnPage(nowMs);
    this.#recent.latency.add(latencyMs);
    this.#latencySumMs += latencyMs;
    this.#lastRequestAtMs = startedAtMs;
    if (error === undefined) {
      this.#successes += 1;
    } else {
      this.#failures += 1;
      this.#recent.failures += 1;
      this.#lastError = error;
    }
  }

  /** Of late; `undefined` when nothing was called. */
  latencyP99Ms(nowMs: number): number | undefined {
    this.#turnPage(nowMs);
    return quantileMs(0.99, [this.#recent.latency, this.#previous.latency]);
  }

  /** Of late, in [0, 1]; 0 when nothing was called. */
  failureRate(nowMs: number): number {
    this.#turnPage(nowMs);
    const requests = this.#recent.latency.count + this.#previous.latency.count;
    return requests === 0 ? 0 : (this.#recent.failures + this.#previous.failures) / requests;
  }

  stats(): ProviderStats {
    const requests = this.#successes + this.#failures;
    const all = [this.#archive, this.#previous.latency, this.#recent.latency];
    return {
      requests,
      successes: this.#successes,
      failures: this.#failures,
      avgLatencyMs: requests === 0 ? 0 : this.#latencySumMs / requests,
      p50LatencyMs: quantileMs(0.5, all) ?? 0,
      p95LatencyMs: quantileMs(0.95, all) ?? 0,
      p99LatencyMs: quantileMs(0.99, all) ?? 0,
      lastRequestAtMs: this.#lastRequestAtMs,
      lastError: this.#lastError,
    };
  }

  #turnPage(nowMs: number): void {
    if (nowMs < this.#minuteEndsMs) return;
    this.#retire();
    if (nowMs >= this.#minuteEndsMs + minuteMs) this.#retire();
    this.#minuteEndsMs = nowMs + minuteMs;
  }

  /** The minute under way becomes the one before, whose place it gives to a new one. */
  #retire(): void {
    const oldest = this.#previous;
    this.#archive.absorb(oldest.latency);
    oldest.failures = 0;
    this.#previous = this.#recent;
    this.#recent = oldest;
  }
}

const minuteMs = 60_000;
