/**
 * Listens to a signal once for everyone who waits on it. A slice shares its signal, and all share that of the drain;
 * `addEventListener` walks all earlier listeners, so ten thousand waiters would cost fifty million steps.
 */
export class AbortHub {
  readonly #listeners = new Map<AbortSignal, Set<() => void>>();

  /** `run` is called once, when the signal, which has not aborted yet, does. The returned function forgets it. */
  onAbort(signal: AbortSignal, run: () => void): () => void {
    let listeners = this.#listeners.get(signal);
    if (listeners === undefined) {
      listeners = new Set();
      this.#listeners.set(signal, listeners);
      signal.addEventListener("abort", this, { once: true });
    }
    const waiting = listeners.add(run);
    return () => this.#forget(signal, waiting, run);
  }

  handleEvent({ target }: Event): void {
    const signal = target as AbortSignal; // nothing else was ever listened to
    const listeners = this.#listeners.get(signal);
    this.#listeners.delete(signal);
    for (const run of listeners ?? []) run();
  }

  #forget(signal: AbortSignal, listeners: Set<() => void>, run: () => void): void {
    listeners.delete(run);
    if (listeners.size > 0 || this.#listeners.get(signal) !== listeners) return;
    this.#listeners.delete(signal);
    signal.removeEventListener("abort", this);
  }
}
