import { suggest } from "@acteon/core";

/** How much is compared for one program: a hostile one misspells thousands of names, with thousands to choose from. */
const maxWork = 300_000;

/** Longest name that anybody misspells. */
const maxLength = 100;

/** Looks for what was meant by misspelt names. */
export class Suggestions {
  #work = 0;

  near(word: string, candidates: Iterable<string>): string | undefined {
    if (this.#work > maxWork || word.length > maxLength) return undefined;
    const compared: string[] = [];
    for (const candidate of candidates) {
      if (candidate.length > maxLength) continue;
      this.#work += word.length * candidate.length;
      compared.push(candidate);
    }
    return suggest(word, compared);
  }
}
