import type { ConnectionCounts } from "@acteon/state";

/** So many requests may be under way; others wait for their turn, first come first served. Each has a connection while it is. */
export class Slots {
  readonly #max: number;
  readonly #waiting = new Set<() => void>();
  #busy = 0;
  #mostBusy = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** @throws {unknown} `signal.reason`: it aborted before the turn came. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#busy < this.#max) {
      this.#busy++;
      this.#mostBusy = Math.max(this.#mostBusy, this.#busy);
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      this.#waiting.delete(resolve);
      reject(signal.reason);
    };
    this.#waiting.add(resolve);
    signal.addEventListener("abort", leave, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  give(): void {
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      next(); // the slot stays busy, with another
      return;
    }
    this.#busy--;
  }

  /** Connections are kept: as many are open as were ever busy at a time. */
  get counts(): ConnectionCounts {
    return { open: this.#mostBusy, busy: this.#busy, waiting: this.#waiting.size, max: this.#max };
  }
}
