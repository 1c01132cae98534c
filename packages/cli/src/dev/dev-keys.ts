/** What the bytes of a terminal in raw mode say, a name a key; what is no key that we know is left out. */
export function keysOf(bytes: string): readonly string[] {
  const keys: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const sequence = sequences.find(([text]) => bytes.startsWith(text, at));
    if (sequence !== undefined) {
      keys.push(sequence[1]);
      at += sequence[0].length;
      continue;
    }
    const character = bytes[at] ?? "";
    if (character >= " " && character !== "\u007f") keys.push(character);
    at += 1;
  }
  return keys;
}

/** Longer ones first: all arrows begin with what escape is alone. */
const sequences: readonly (readonly [text: string, key: string])[] = [
  ["\u001b[A", "up"],
  ["\u001b[B", "down"],
  ["\u001bOA", "up"],
  ["\u001bOB", "down"],
  ["\u001b", "escape"],
  ["\r", "enter"],
  ["\n", "enter"],
  ["\u007f", "backspace"],
  ["\b", "backspace"],
  ["\u0003", "q"],
];

export const helpLines: readonly string[] = [
  "d      dispatch a sample action; the same one again is a duplicate",
  "j, k   select an action; past the newest the list follows what comes",
  "enter  show the selected action and what became of it",
  "e      explain: what each rule makes of it, by the rules in force now",
  "r      replay: decide it again by the rules in force now, and do nothing",
  "c      copy it as a curl line",
  "p      pause the list; what comes meanwhile waits",
  "/      show only lines with a text; escape shows all",
  "o      the page that shows all this comes with a later version",
  "q      quit",
];
