import type { Clock } from "@acteon/core";

/** Wrong credentials in the last minute, by address and by key id (guarantees S3). Bounded in what it remembers. */
export class FailureLimiter {
  readonly #maxPerMinute: number;
  readonly #maxTracked: number;
  readonly #clock: Clock;
  /** In the order of their first failure, so that the oldest goes first when there are too many. */
  readonly #failures = new Map<string, { count: number; readonly untilMs: number }>();

  constructor(
    { maxPerMinute, maxTracked }: { readonly maxPerMinute: number; readonly maxTracked: number },
    clock: Clock,
  ) {
    this.#maxPerMinute = maxPerMinute;
    this.#maxTracked = maxTracked;
    this.#clock = clock;
  }

  /** How long none of these subjects may try again; 0 when all may. */
  blockedForMs(subjects: readonly string[]): number {
    const nowMs = this.#clock.monotonicMs();
    return Math.max(0, ...subjects.map((subject) => this.#remainingMs(subject, nowMs)));
  }

  record(subjects: readonly string[]): void {
    const nowMs = this.#clock.monotonicMs();
    for (const subject of subjects) {
      const failures = this.#failures.get(subject);
      if (failures !== undefined && failures.untilMs > nowMs) {
        failures.count += 1;
        continue;
      }
      this.#failures.delete(subject);
      this.#failures.set(subject, { count: 1, untilMs: nowMs + windowMs });
      if (this.#failures.size > this.#maxTracked) this.#forgetOldest();
    }
  }

  #remainingMs(subject: string, nowMs: number): number {
    const failures = this.#failures.get(subject);
    return failures === undefined || failures.count < this.#maxPerMinute ? 0 : failures.untilMs - nowMs;
  }

  #forgetOldest(): void {
    for (const subject of this.#failures.keys()) {
      this.#failures.delete(subject);
      return;
    }
  }
}

const windowMs = 60_000;
