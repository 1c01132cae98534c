import type { DrlFunction } from "./ast.ts";
import type { DrlExpr } from "./ast-expression.ts";
import { inValue } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { muted } from "../source.ts";
import { hole } from "./made.ts";
import { parseWhole } from "./parse-expression.ts";
import { parseParameters } from "./parse-rule.ts";
import { parseTypeName, skipTypeArguments } from "./parse-type.ts";
import type { Token } from "./token.ts";

/** `function Type name(parameters) { return …; }`, behind the word. */
export function parseFunction(cursor: Cursor, start: number): DrlFunction {
  if (cursor.is("<")) skipTypeArguments(cursor);
  if (!cursor.is("(", 1)) parseTypeName(cursor);
  const name = cursor.word("the name of a function");
  const parameters = parseParameters(cursor, cursor.expect("("));
  if (cursor.acceptWord("throws") !== undefined) cursor.list(() => parseTypeName(cursor));
  const opening = cursor.expect("{");
  const from = cursor.at;
  const closing = cursor.skipBrackets(opening);
  if (closing === undefined) throw cursor.unexpected("the `}` of the function");
  const result = parseBody(cursor, from, closing);
  cursor.accept(";");
  return { kind: "function", name, parameters, result, start, end: closing.end };
}

/** One expression: `return …;`. Whatever else a body may be is Java. */
function parseBody(cursor: Cursor, from: number, closing: Token): DrlExpr {
  const last = cursor.token(closing.index - 1);
  const until = last.kind === ";" ? last.index : closing.index;
  if (cursor.token(from).text === "return" && until > from + 1) {
    const result = parseWhole(cursor.over(muted(cursor.source), from + 1, until));
    if (result.kind !== "hole")
      return cursor.within(inValue, () => parseWhole(cursor.over(cursor.source, from + 1, until)));
  }
  cursor.refuse("functionBody", { start: cursor.token(from - 1).start, end: closing.end });
  return hole(closing.start, closing.start);
}
