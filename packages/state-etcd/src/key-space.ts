import { encodeComponent } from "@acteon/core";
import { parseStateKey, textRanges } from "@acteon/state";
import type { DueIndex, ScanRange, StateKey } from "@acteon/state";
import type { KeyRange } from "./range-messages.ts";

/**
 * The keys of etcd, all under one prefix. `<prefix>/` stands before
 * - K1's text, for a value, a list, or the holder of a lock;
 * - `token/` and K1's text, for the last token of a fenced lock;
 * - `queue/`, K1's text and an id, for each that waits for a lock by name;
 * - `at/<index>/` and K1's text, for when a key is due; `due/<index>/<time>/` and K1's text for the same, in order of time.
 */
export class KeySpace {
  readonly #head: string;

  constructor(prefix: string) {
    this.#head = `${encodeComponent(prefix)}/`;
  }

  of(key: StateKey): string {
    return this.#head + key.text;
  }

  token(lock: StateKey): string {
    return `${this.#head}token/${lock.text}`;
  }

  at(index: DueIndex, key: StateKey): string {
    return `${this.#head}at/${index}/${key.text}`;
  }

  due(index: DueIndex, dueAtMs: number, key: StateKey): string {
    return `${this.#head}due/${index}/${sortableTime(dueAtMs)}/${key.text}`;
  }

  /** What is due at `nowMs`, earliest first. */
  dueUntil(index: DueIndex, nowMs: number): KeyRange {
    const head = `${this.#head}due/${index}/`;
    return { from: head, to: `${head}${sortableTime(nowMs)}0` }; // `0` follows the separator
  }

  /** The tickets of those that wait for a lock. */
  queue(lock: StateKey): KeyRange {
    const head = `${this.#head}queue/${lock.text}`;
    return { from: `${head}/`, to: `${head}0` };
  }

  /** Written empty with each transaction that puts something; it says nothing. */
  get touched(): string {
    return `${this.#head}touched`;
  }

  scanned(range: ScanRange): readonly KeyRange[] {
    return textRanges(range).map(({ from, to }) => ({ from: this.#head + from, to: this.#head + to }));
  }

  /** Everything of this prefix. */
  get all(): KeyRange {
    return { from: this.#head, to: `${this.#head.slice(0, -1)}0` };
  }

  /** @param fullText What the record keeps of a collapsed key (guarantees K3). */
  parse(raw: string, fullText: string | undefined): StateKey {
    return parseStateKey(fullText ?? raw.slice(this.#head.length));
  }
}

/** Whole ms, before 1970 too, as text that sorts like the number. */
function sortableTime(ms: number): string {
  return ms < 0 ? `0${digits(Number.MAX_SAFE_INTEGER + ms)}` : `1${digits(ms)}`;
}

function digits(ms: number): string {
  return String(ms).padStart(16, "0");
}
