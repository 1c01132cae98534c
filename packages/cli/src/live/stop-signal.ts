/** SIGINT and SIGTERM, as long as a command wants to be asked rather than ended by them. */
export class StopSignal implements Disposable {
  /** Resolves at the first. */
  readonly asked: Promise<void>;
  readonly #process: NodeJS.Process;
  readonly #onSignal: () => void;

  /** The second ends the process at once, as 130 (guarantees O7). */
  constructor(process: NodeJS.Process) {
    const { promise, resolve } = Promise.withResolvers<void>();
    let count = 0;
    this.asked = promise;
    this.#process = process;
    this.#onSignal = () => {
      count += 1;
      if (count > 1) process.exit(130);
      resolve();
    };
    process.on("SIGINT", this.#onSignal).on("SIGTERM", this.#onSignal);
  }

  [Symbol.dispose](): void {
    this.#process.off("SIGINT", this.#onSignal).off("SIGTERM", this.#onSignal);
  }
}
