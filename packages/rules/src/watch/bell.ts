import type { Clock } from "@acteon/core";

/** Something rings, once or many times; somebody waits for it. */
export class Bell {
  readonly #clock: Pick<Clock, "after">;
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(clock: Pick<Clock, "after">) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Waits until it rings, or has rung since the last wait, `forMs` at most. @returns Whether it did. */
  async rung(forMs: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#rung && !signal.aborted) await this.#wait(forMs, signal);
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }

  async #wait(forMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    const cancel = this.#clock.after(forMs, wake);
    this.#wake = wake;
    signal.addEventListener("abort", wake);
    await promise;
    signal.removeEventListener("abort", wake);
    this.#wake = undefined;
    cancel();
  }
}
