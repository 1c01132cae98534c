const escapes: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["t", "\t"],
  ["n", "\n"],
  ["f", "\f"],
  ["r", "\r"],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
]);

const escape = /\\(?:u+([\dA-Fa-f]{4})|([0-3]?[0-7]{1,2})|([\s\S]))/g;

/**
 * What a text literal stands for, from its source with the quotes. A backslash in front of a letter that is no escape of
 * Java stays, so that `"\d+"` is the pattern that it looks like.
 */
export function readText(written: string): string {
  const quotes = written.startsWith('"""') ? 3 : 1;
  const content = written.slice(quotes, -quotes);
  if (!content.includes("\\")) return content;
  return content.replaceAll(escape, (whole, unicode?: string, octal?: string, letter?: string) => {
    if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return escapes.get(letter ?? "") ?? whole;
  });
}
