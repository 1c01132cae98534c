import { operatorLevels } from "./operators.ts";
import type { TokenList } from "./token-list.ts";
import { beginsTerm, endsTerm } from "./token.ts";
import type { TokenKind } from "./token.ts";

// What a bracket holds is seen from its tokens, once, before it is read: to read it one way and then, where that fails, the
// other would take twice as long with every level.

/** Only in bodies, not among the items of a list. */
const bodySigns: ReadonlySet<TokenKind> = new Set<TokenKind>([";", ":=", "=", "some", "every", "not", "with"]);

/** What a set or an object in front of it is an operand of. */
const operators: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...operatorLevels.flatMap((level) => [...level.keys()]),
  "in",
  ":=",
  "=",
]);

export function isBodySign(kind: TokenKind): boolean {
  return bodySigns.has(kind);
}

/**
 * Is the `|` at a position that of a comprehension, whose bracket closes at another? It may be that of a union, in front of
 * more items. Where both can be, OPA reads a comprehension.
 */
export function isComprehension(tokens: TokenList, bar: number, close: number): boolean {
  if (tokens.at(bar).kind !== "|") return false;
  let commas = 0;
  let isKeyed = false;
  for (let at = bar + 1; at < close; at = tokens.behind(at)) {
    const token = tokens.at(at);
    if (bodySigns.has(token.kind)) return true;
    if (token.kind === ":") return false;
    if (token.kind === ",") commas++;
    if (token.kind === "in" && commas > 0) isKeyed = true;
    if (token.startsLine && beginsTerm(token) && endsTerm(tokens.at(at - 1))) return true;
  }
  return commas === 0 || (commas === 1 && isKeyed);
}

/**
 * Do the braces that open behind an `if` hold an object or a comprehension, or are they an operand? Else they are the body,
 * also where they could be a set: that would always hold.
 */
export function bracesAreTerm(tokens: TokenList, opening: number): boolean {
  const close = tokens.closeOf(opening);
  if (close === undefined) return false;
  if (close === opening + 1) return true;
  const behind = tokens.at(close + 1);
  const isLookedInto = behind.start === tokens.at(close).end && (behind.kind === "." || behind.kind === "[");
  if (isLookedInto || operators.has(behind.kind)) return true;
  for (let at = opening + 1; at < close; at = tokens.behind(at)) {
    if (tokens.at(at).kind === ":") return true;
  }
  return isComprehension(tokens, behindTerm(tokens, opening + 1), close);
}

/** The position behind the term, without operators, that begins at one. */
function behindTerm(tokens: TokenList, position: number): number {
  let at = tokens.behind(tokens.at(position).kind === "-" ? position + 1 : position);
  for (;;) {
    const { kind, start } = tokens.at(at);
    const isSuffix = kind === "." || kind === "[" || kind === "(";
    if (!isSuffix || start !== tokens.at(at - 1).end) return at;
    at = kind === "." ? at + 2 : tokens.behind(at);
  }
}
