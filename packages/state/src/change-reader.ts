import type { StateChange } from "./state-store.ts";

/** Most changes that wait for one slow reader; past it the oldest are forgotten, as hints may be (guarantees O1). */
const maxPendingChanges = 10_000;

/** Changes of `StateStore.watch`, between the backend that learns of them and one reader, who may be slower. */
export class ChangeReader {
  /** By key: of several changes the last is told. */
  readonly #pending = new Map<string, StateChange>();
  #ended = false;
  #wake: () => void = nobodyWaits;

  tell(change: StateChange): void {
    this.#pending.delete(change.key.text);
    this.#pending.set(change.key.text, change);
    if (this.#pending.size > maxPendingChanges) this.#forgetOldest();
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** @param leave Called when the reader goes, whoever ended it. */
  async *changes(leave: () => void): AsyncGenerator<StateChange, void, void> {
    try {
      while (!this.#ended) {
        for (const [text, change] of this.#pending) {
          this.#pending.delete(text);
          yield change;
          if (this.#ended) return;
        }
        await this.#more();
      }
    } finally {
      leave();
    }
  }

  #more(): Promise<void> {
    if (this.#ended || this.#pending.size > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #forgetOldest(): void {
    const [oldest] = this.#pending.keys();
    if (oldest !== undefined) this.#pending.delete(oldest);
  }
}

function nobodyWaits(): void {}
