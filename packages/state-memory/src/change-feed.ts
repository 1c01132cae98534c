import { inScanRange } from "@acteon/state";
import type { ScanRange, StateChange } from "@acteon/state";

/** Most changes that wait for one slow reader; past it the oldest are forgotten, as hints may be (guarantees O1). */
const maxPendingChanges = 10_000;

/** Who watches, and what they have not read yet. */
export class ChangeFeed {
  readonly #readers = new Set<Reader>();

  get watched(): boolean {
    return this.#readers.size > 0;
  }

  tell(change: StateChange): void {
    for (const reader of this.#readers) if (inScanRange(reader.range, change.key)) reader.tell(change);
  }

  /** Changes from this call on, until `signal` aborts. */
  watch(range: ScanRange, signal: AbortSignal): AsyncIterable<StateChange> {
    const reader = new Reader(range);
    const leave = (): void => {
      this.#readers.delete(reader);
      reader.end();
    };
    if (signal.aborted) reader.end();
    else {
      this.#readers.add(reader);
      signal.addEventListener("abort", leave, { once: true });
    }
    return reader.changes(() => {
      signal.removeEventListener("abort", leave);
      leave();
    });
  }

  close(): void {
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }
}

class Reader {
  readonly range: ScanRange;
  /** By key: of several changes the last is told. */
  readonly #pending = new Map<string, StateChange>();
  #ended = false;
  #wake: () => void = ignore;

  constructor(range: ScanRange) {
    this.range = range;
  }

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
    for (const text of this.#pending.keys()) {
      this.#pending.delete(text);
      return;
    }
  }
}

/** Nobody waits. */
function ignore(): void {}
