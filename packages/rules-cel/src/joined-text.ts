import { node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";

/**
 * A key, a reason or the name of a provider that is put together from texts with `+` is a text with holes, as in every
 * other language: what is null in it is an error.
 */
export function joinedText(expr: Expr): Expr {
  const parts = summandsOf(expr);
  const isText = parts.some((part) => part.kind === "literal" && part.type === "string");
  return isText && parts.length > 1 ? node({ kind: "template", parts, ofNull: "error", span: expr.span }) : expr;
}

function summandsOf(expr: Expr): Expr[] {
  return expr.kind === "arithmetic" && expr.op === "add"
    ? [...summandsOf(expr.left), ...summandsOf(expr.right)]
    : [expr];
}
