import { ChangeReader, inScanRange } from "@acteon/state";
import type { ScanRange, StateChange } from "@acteon/state";

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

class Reader extends ChangeReader {
  readonly range: ScanRange;

  constructor(range: ScanRange) {
    super();
    this.range = range;
  }
}
