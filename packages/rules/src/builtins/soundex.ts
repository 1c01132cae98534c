/** The digit of each letter; vowels have none, and part what they stand between, and so do not `h` and `w`. */
const digits: ReadonlyMap<string, string> = new Map(
  ["bfpv", "cgjkqsxz", "dt", "l", "mn", "r"].flatMap((letters, i) =>
    Array.from(letters, (letter) => [letter, String(i + 1)] as const),
  ),
);

/**
 * How a word sounds in English: its first letter and three digits. What is no letter from a to z does not sound.
 *
 * @see "The Soundex Indexing System", National Archives of the United States.
 */
export function soundex(word: string): string {
  const letters = word.toLowerCase().replaceAll(/[^a-z]+/g, "");
  let code = letters.slice(0, 1).toUpperCase();
  let last = digits.get(letters.slice(0, 1));
  for (const letter of letters.slice(1)) {
    if (code.length === 4) break;
    if (letter === "h" || letter === "w") continue;
    const digit = digits.get(letter);
    if (digit !== undefined && digit !== last) code += digit;
    last = digit;
  }
  return code === "" ? "" : code.padEnd(4, "0");
}
