/** What a text stands for, or the place of an escape that JSON does not have, as an offset of the content. */
export type DecodedText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "refused"; readonly at: number };

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Reads what stands between double quotes. In a template `\{` is a brace that begins no term. */
export function decodeText(content: string, { isTemplate }: { readonly isTemplate: boolean }): DecodedText {
  let text = "";
  let from = 0;
  for (;;) {
    const at = content.indexOf("\\", from);
    if (at === -1) break;
    const letter = content.charAt(at + 1);
    const char = letter === "{" && isTemplate ? letter : escapes.get(letter);
    const digits = letter === "u" ? /^[\dA-Fa-f]{4}/.exec(content.slice(at + 2, at + 6))?.[0] : undefined;
    if (char === undefined && digits === undefined) return { kind: "refused", at };
    text += content.slice(from, at) + (char ?? String.fromCharCode(Number.parseInt(digits!, 16)));
    from = at + (digits === undefined ? 2 : 6);
  }
  text += content.slice(from);
  // Half of a surrogate pair is no text: what is written with `\u` may be.
  return { kind: "text", text: text.toWellFormed() };
}
