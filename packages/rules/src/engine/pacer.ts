import type { Clock } from "@acteon/core";

/** How long a load works before it lets the rest of the process have a turn. */
const sliceMs = 8;

/** Cuts long work into slices, so that the event loop never waits for it. */
export class Pacer {
  readonly #clock: Pick<Clock, "monotonicMs" | "defer">;
  readonly #signal: AbortSignal | undefined;
  #sliceEndMs: number;

  constructor(clock: Pick<Clock, "monotonicMs" | "defer">, signal: AbortSignal | undefined) {
    this.#clock = clock;
    this.#signal = signal;
    this.#sliceEndMs = clock.monotonicMs() + sliceMs;
  }

  /** Has this slice lasted long enough? */
  get isDue(): boolean {
    return this.#clock.monotonicMs() >= this.#sliceEndMs;
  }

  /** Carries out work that yields wherever it may be left for a while, and returns what it returns. */
  async run<T>(work: Iterator<undefined, T>): Promise<T> {
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      if (this.isDue) await this.pause();
    }
  }

  /** Lets the others have a turn. @throws The reason of the signal, once it is aborted. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.defer(resolve));
    this.#signal?.throwIfAborted();
    this.#sliceEndMs = this.#clock.monotonicMs() + sliceMs;
  }
}
