import { suggest } from "@acteon/core";

/** How much is compared for one program: a hostile one misspells thousands of names, with thousands to choose from. */
const maxWork = 1_000_000;

/** Looks for what was meant by misspelt names. */
export class Suggestions {
  #work = 0;

  near(word: string, candidates: Iterable<string>): string | undefined {
    const compared: string[] = [];
    for (const candidate of candidates) {
      if (this.#work > maxWork) return undefined;
      this.#work += word.length * candidate.length;
      compared.push(candidate);
    }
    return suggest(word, compared);
  }
}
