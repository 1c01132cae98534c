import type { Clock } from "@acteon/core";

/**
 * The wall clock of the server, by which values expire. It is this machine's, counted on from a start so that it never steps,
 * and held within what the `Date` of each answer allows (a second, and a round trip): the clocks of gateways may differ by
 * hours, and each of them is soon as right as its answers are swift.
 */
export class ServerClock {
  readonly #clock: Clock;
  /** To be added to the monotonic clock, and its bounds as they were at `#boundAtMs`. */
  #offsetMs: number;
  #leastMs = -Infinity;
  #mostMs = Infinity;
  #boundAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offsetMs = clock.nowMs() - clock.monotonicMs();
  }

  /** Whole ms. */
  nowMs(): number {
    return Math.floor(this.#clock.monotonicMs() + this.#offsetMs);
  }

  /** @param dateMs What the answer's `Date` says. @param sentAtMs Monotonic; before the request left. */
  observe(dateMs: number, sentAtMs: number): void {
    const atMs = this.#clock.monotonicMs();
    const slackMs = (atMs - this.#boundAtMs) * drift;
    this.#boundAtMs = atMs;
    this.#leastMs -= slackMs;
    this.#mostMs += slackMs;
    const least = dateMs - atMs;
    const most = dateMs + 1_000 - sentAtMs;
    // Bounds that exclude each other: a clock was set, or there are several servers. What is newest holds.
    const contradicts = least > this.#mostMs || most < this.#leastMs;
    this.#leastMs = contradicts ? least : Math.max(least, this.#leastMs);
    this.#mostMs = contradicts ? most : Math.min(most, this.#mostMs);
    this.#offsetMs = Math.min(Math.max(this.#offsetMs, this.#leastMs), this.#mostMs);
  }

  /** By how much this machine's wall clock is ahead of the server's, as far as that is known: to a second and a round trip. */
  aheadMs(): number {
    return this.#clock.nowMs() - this.nowMs();
  }
}

/** By which two clocks may run apart: more than NTP slews. */
const drift = 0.001;
