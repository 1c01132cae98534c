import { suggest } from "@acteon/core";

/** How much is compared for one program: a hostile one misspells thousands of names, with thousands to choose from. */
const maxWork = 300_000;

/** Of a shorter name one letter makes another one. */
const minLength = 4;

/** Looks for what was meant by misspelt names. */
export class Suggestions {
  #work = 0;

  near(word: string, candidates: Iterable<string>): string | undefined {
    if (this.#work > maxWork || word.length < minLength) return undefined;
    const compared: string[] = [];
    for (const candidate of candidates) {
      // What is so much longer is not near, and no work.
      if (candidate === word || candidate.length > 2 * word.length) continue;
      this.#work += word.length * candidate.length;
      compared.push(candidate);
    }
    return suggest(word, compared);
  }
}
