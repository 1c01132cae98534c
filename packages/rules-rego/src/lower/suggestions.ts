import { suggest } from "@acteon/core";

/** How much is compared for one program: a hostile one misspells thousands of names, with thousands to choose from. */
const maxWork = 300_000;

/** Of a shorter name one letter makes another one, and a longer one nobody has written by hand. */
const lengths = { least: 4, most: 100 } as const;

/** Looks for what was meant by misspelt names. */
export class Suggestions {
  #work = 0;

  near(word: string, candidates: Iterable<string>): string | undefined {
    if (this.#work > maxWork || word.length < lengths.least || word.length > lengths.most) return undefined;
    const compared: string[] = [];
    for (const candidate of candidates) {
      if (candidate === word || candidate.length > lengths.most) continue;
      this.#work += word.length * candidate.length;
      compared.push(candidate);
    }
    return suggest(word, compared);
  }
}
