/** Work between two rests. */
const workMs = 1;

/**
 * Rests of a thread whose work can wait, each as long as the work before it: on a machine of few cores, that work would
 * otherwise take a core from the thread that dispatches for as long as it takes, and every call would wait for it.
 */
export class Rests {
  readonly #never = new Int32Array(new SharedArrayBuffer(4));
  #sinceMs = performance.now();

  restIfDue(): void {
    const workedMs = performance.now() - this.#sinceMs;
    if (workedMs < workMs) return;
    Atomics.wait(this.#never, 0, 0, workedMs);
    this.#sinceMs = performance.now();
  }
}
