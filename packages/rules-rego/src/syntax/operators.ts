import type { TokenKind } from "./token.ts";

/**
 * Operators of two operands, with the names that OPA gives them, by how tightly they bind, the loosest first. All of them
 * group to the left. `in` binds more loosely, `:=` and `=` stand outside all terms.
 */
export const operatorLevels: readonly ReadonlyMap<TokenKind, string>[] = [
  new Map([
    ["==", "equal"],
    ["!=", "neq"],
    ["<", "lt"],
    ["<=", "lte"],
    [">", "gt"],
    [">=", "gte"],
  ]),
  new Map([["|", "or"]]),
  new Map([["&", "and"]]),
  new Map([
    ["+", "plus"],
    ["-", "minus"],
  ]),
  new Map([
    ["*", "mul"],
    ["/", "div"],
    ["%", "rem"],
  ]),
];
