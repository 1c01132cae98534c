import { suggest } from "@acteon/core";
import type { Findings } from "@acteon/rules";

/** A text with DRL in it, and whom to tell of it. */
export type DrlSource = Pick<Findings, "text" | "error" | "spanOf" | "isFull">;

/** The same text, read without telling: what is wrong with it has been told, or will be. */
export function muted(source: DrlSource): DrlSource {
  return { text: source.text, error: () => undefined, spanOf: (at) => source.spanOf(at), isFull: true };
}

/** Most names that a misspelt one is held against: a hostile file has any number of both. */
const maxCandidates = 100;

/** The name that was probably meant, for a message, while messages are kept. */
export function nearest(source: DrlSource, word: string, candidates: () => Iterable<string>): string | undefined {
  return source.isFull ? undefined : suggest(word, Iterator.from(candidates()).take(maxCandidates));
}
