import type { DrlExpr } from "./ast-expression.ts";
import { inValue } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import type { Token } from "./token.ts";

/** The values in the brackets of a call, or of what looks like one, and where they end. */
export function parseArguments(cursor: Cursor, opening: Token): readonly [args: readonly DrlExpr[], closing: Token] {
  const list = (): readonly DrlExpr[] => (cursor.is(")") ? [] : cursor.list(() => cursor.expression()));
  return cursor.within(inValue, () => cursor.inside(opening, ")", list, []));
}
