import type { Span } from "@acteon/core";
import type { Extent, PlacedFinding, Findings } from "@acteon/rules";

/** A text scalar that is read further, as a path or a template, and can say where in it something is wrong. */
export class WrittenText {
  readonly text: string;
  /** Of the whole scalar: what IR nodes made from it carry. */
  readonly span: Span;
  readonly #findings: Findings;
  readonly #scalar: Extent;

  /** @param text What the scalar means. */
  constructor(findings: Findings, scalar: Extent, text: string) {
    this.text = text;
    this.span = findings.spanOf(scalar);
    this.#findings = findings;
    this.#scalar = scalar;
  }

  /** Reports the characters `from` … `to` of the text. */
  refuse(from: number, to: number, finding: Omit<PlacedFinding, "at">): undefined {
    this.#findings.error({ ...finding, at: this.placeOf(from, to) });
  }

  /** Where the characters `from` … `to` of the text stand in the file. */
  placeOf(from: number, to: number): Extent {
    return placeInScalar(this.#findings.text, this.#scalar, this.text, from, to);
  }
}

/**
 * Escapes, doubled quotes, folded lines and the indentation of block scalars are stepped over. Walked only when there is
 * something to say.
 */
function placeInScalar(source: string, scalar: Extent, value: string, from: number, to: number): Extent {
  const style = source[scalar.start];
  let at = scalar.start;
  if (style === '"' || style === "'") at++;
  else if (style === "|" || style === ">") at = source.indexOf("\n", at) + 1;
  const places: number[] = [];
  for (const character of value.slice(0, to)) {
    const isBlank = character === " " || character === "\n";
    if (!isBlank) at = skipBlank(source, at, scalar.end);
    for (let i = 0; i < character.length; i++) places.push(at);
    at = Math.min(at + (isBlank ? blankLength(source, at, character) : spellingLength(source, at, style)), scalar.end);
  }
  const start = places[from] ?? at;
  return { start, end: Math.max(at, start + 1) };
}

function skipBlank(source: string, at: number, end: number): number {
  while (at < end && /\s/.test(source[at] as string)) at++;
  return at;
}

/** A blank of the value is itself, an escape, or a line break that was folded: that is skipped with what follows it. */
function blankLength(source: string, at: number, character: string): number {
  if (source[at] === character) return 1;
  return source[at] === "\\" ? 2 : 0;
}

/** How many characters of the source spell the one character of the value that begins at `at`. */
function spellingLength(source: string, at: number, style: string | undefined): number {
  if (style === "'" && source.startsWith("''", at)) return 2;
  if (style === '"' && source[at] === "\\") return 2 + (escapeDigits.get(source[at + 1] as string) ?? 0);
  return (source.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

const escapeDigits: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);
