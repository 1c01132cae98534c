import type { Clock } from "@acteon/core";

export interface PacedLinesOptions {
  /** More are counted instead. */
  readonly maxPerSecond: number;
  readonly clock: Clock;
  /** Told at the end of a second how many more there were, by kind. */
  readonly onMore: (counts: ReadonlyMap<string, number>) => void;
}

const windowMs = 1_000;

/** Lets so many lines through a second that a person can read them, and counts the rest. */
export class PacedLines implements Disposable {
  readonly #options: PacedLinesOptions;
  readonly #more = new Map<string, number>();
  #windowEndsMs = 0;
  #shown = 0;
  #cancel: (() => void) | undefined;

  constructor(options: PacedLinesOptions) {
    this.#options = options;
  }

  /** May this one be shown? If not, it is counted. */
  admits(kind: string): boolean {
    const { clock, maxPerSecond } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs >= this.#windowEndsMs) {
      this.#tellMore();
      this.#windowEndsMs = nowMs + windowMs;
      this.#shown = 0;
    }
    if (this.#shown < maxPerSecond) {
      this.#shown += 1;
      return true;
    }
    this.#more.set(kind, (this.#more.get(kind) ?? 0) + 1);
    this.#cancel ??= clock.after(this.#windowEndsMs - nowMs, () => this.#tellMore());
    return false;
  }

  [Symbol.dispose](): void {
    this.#tellMore();
  }

  #tellMore(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#more.size === 0) return;
    this.#options.onMore(new Map(this.#more));
    this.#more.clear();
  }
}
