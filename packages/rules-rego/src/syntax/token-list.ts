import type { Token, TokenKind } from "./token.ts";

const closing: ReadonlyMap<TokenKind, TokenKind> = new Map<TokenKind, TokenKind>([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
  ["templateStart", "templateEnd"],
]);
const closers: ReadonlySet<TokenKind> = new Set(closing.values());

/** The tokens of a text by position, and which brackets belong together. A template is a bracket, too. */
export class TokenList {
  readonly #tokens: readonly Token[];
  /** Of what opens the position of what closes it, and the other way round. */
  readonly #partners: readonly (number | undefined)[];

  /** @param tokens The last is of kind `end`. */
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#partners = bracketPartners(tokens);
  }

  /** Behind the last one there is the last one. */
  at(position: number): Token {
    return this.#tokens[position] ?? this.#tokens.at(-1)!;
  }

  /** Where the bracket closes that opens at a position. */
  closeOf(position: number): number | undefined {
    const partner = this.#partners[position];
    return partner !== undefined && partner > position ? partner : undefined;
  }

  /** The position behind a token, or behind the bracket that it opens. */
  behind(position: number): number {
    return (this.closeOf(position) ?? position) + 1;
  }

  /** Does it close a bracket that was never opened? */
  isStray(position: number): boolean {
    return closers.has(this.at(position).kind) && this.#partners[position] === undefined;
  }
}

/**
 * A closing bracket belongs to the innermost open one of its kind. What is still open in between is not closed, and has
 * no partner: of `{ [ }` that is the `[`.
 */
function bracketPartners(tokens: readonly Token[]): readonly (number | undefined)[] {
  const partners: (number | undefined)[] = new Array(tokens.length);
  const open: number[] = [];
  const openOfKind = new Map<TokenKind, number>();
  tokens.forEach(({ kind }, i) => {
    const close = closing.get(kind);
    if (close !== undefined) {
      open.push(i);
      openOfKind.set(close, (openOfKind.get(close) ?? 0) + 1);
      return;
    }
    if (!closers.has(kind) || (openOfKind.get(kind) ?? 0) === 0) return;
    for (;;) {
      const opening = open.pop()!;
      const closes = closing.get(tokens[opening]!.kind)!;
      openOfKind.set(closes, openOfKind.get(closes)! - 1);
      if (closes !== kind) continue;
      partners[opening] = i;
      partners[i] = opening;
      return;
    }
  });
  return partners;
}
