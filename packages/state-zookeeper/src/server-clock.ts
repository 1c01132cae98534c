import type { Clock } from "@acteon/core";

/** How long a sample counts. Clocks drift apart by some 50 ppm: 3 ms in this time. */
const windowMs = 60_000;

interface Bounds {
  readonly startedAtMs: number;
  /** The server's time less ours (monotonic) is at least this, and at most that. */
  least: number;
  most: number;
}

/**
 * The leader's clock, as far as can be told from here: each write is answered with the time at which the leader made it, which
 * lies between our sending and our hearing. So no wall clock of a client decides anything (guarantees L6).
 */
export class ServerClock {
  readonly #clock: Clock;
  #epoch = -1;
  #current: Bounds | undefined;
  #previous: Bounds | undefined;
  #heardAtMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the time was not told for a while. */
  isStale(): boolean {
    return this.#clock.monotonicMs() - this.#heardAtMs > windowMs / 4;
  }

  /** The leader made a write at `timeMs`; `sentAtMs` is our monotonic time of before. */
  learn(zxid: number, timeMs: number, sentAtMs: number): void {
    const heardAtMs = this.#clock.monotonicMs();
    const epoch = epochOf(zxid);
    if (epoch < this.#epoch) return;
    // Another leader has another clock.
    if (epoch > this.#epoch) this.#current = this.#previous = undefined;
    this.#epoch = epoch;
    this.#heardAtMs = heardAtMs;
    if (this.#current === undefined || this.#age(this.#current) > windowMs / 2) {
      this.#previous = this.#current;
      this.#current = { startedAtMs: heardAtMs, least: -Infinity, most: Infinity };
    }
    const [least, most] = [timeMs - heardAtMs, timeMs + 1 - sentAtMs];
    // A clock that was set: what was known before is of no use.
    const wasSet = least > this.#bounds().most || most < this.#bounds().least;
    if (wasSet) this.#previous = undefined;
    this.#current.least = wasSet ? least : Math.max(this.#current.least, least);
    this.#current.most = wasSet ? most : Math.min(this.#current.most, most);
  }

  /** The best guess. */
  nowMs(): number {
    const { least, most } = this.#bounds();
    return this.#clock.monotonicMs() + (least + most) / 2;
  }

  /** It is at least so late at the server; `undefined` if a leader other than that of `zxid` was heard last. */
  leastNowMs(zxid: number): number | undefined {
    return epochOf(zxid) === this.#epoch ? this.#clock.monotonicMs() + this.#bounds().least : undefined;
  }

  #bounds(): { readonly least: number; readonly most: number } {
    const current = this.#current ?? { least: 0, most: 0 };
    const previous = this.#previous;
    if (previous === undefined) return current;
    const least = Math.max(current.least, previous.least);
    const most = Math.min(current.most, previous.most);
    // Clocks that drift apart make them contradict each other in the end.
    return least <= most ? { least, most } : current;
  }

  #age(bounds: Bounds): number {
    return this.#clock.monotonicMs() - bounds.startedAtMs;
  }
}

/** A zxid counts the writes of one leader below its 32nd bit, and the leaders above. */
export function epochOf(zxid: number): number {
  return Math.floor(zxid / 2 ** 32);
}
