import type { Clock } from "@acteon/core";

/** What must have come to an end by its time. Whoever waits may move `dueMs` on while there is progress. */
export interface Expiring {
  /** On the monotonic clock. */
  dueMs: number;
  expire(): void;
}

/**
 * Deadlines of everything that waits for a client, checked twice a second: no timer and no reading of the clock per
 * request. A deadline is met up to a tick late. Runs only while something is watched.
 */
export class DeadlineSweep implements Disposable {
  readonly #clock: Clock;
  readonly #watched = new Set<Expiring>();
  #cancelTick: (() => void) | undefined;
  #nowMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The time of the last tick: what deadlines are counted from. */
  get nowMs(): number {
    return this.#nowMs;
  }

  watch(subject: Expiring, timeoutMs: number): void {
    if (this.#cancelTick === undefined) this.#arm();
    subject.dueMs = this.#nowMs + timeoutMs;
    this.#watched.add(subject);
  }

  unwatch(subject: Expiring): void {
    this.#watched.delete(subject);
  }

  [Symbol.dispose](): void {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    this.#watched.clear();
  }

  #arm(): void {
    this.#nowMs = this.#clock.monotonicMs();
    this.#cancelTick = this.#clock.after(tickMs, () => this.#tick());
  }

  #tick(): void {
    this.#cancelTick = undefined;
    this.#nowMs = this.#clock.monotonicMs();
    for (const subject of this.#watched) {
      if (subject.dueMs > this.#nowMs) continue;
      this.#watched.delete(subject);
      subject.expire();
    }
    if (this.#watched.size > 0) this.#arm();
  }
}

const tickMs = 500;
