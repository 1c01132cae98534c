import type { Token, TokenKind } from "./token.ts";

const closing: ReadonlyMap<TokenKind, TokenKind> = new Map<TokenKind, TokenKind>([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
  ["templateStart", "templateEnd"],
]);
const closers: ReadonlySet<TokenKind> = new Set(closing.values());

/**
 * For each token that opens a bracket or a template, the index of the one that closes it. One that is not closed has
 * none: a closing bracket belongs to the innermost open one of its kind, and what is still open in between is not closed.
 */
export function bracketPartners(tokens: readonly Token[]): readonly (number | undefined)[] {
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
      return;
    }
  });
  return partners;
}
