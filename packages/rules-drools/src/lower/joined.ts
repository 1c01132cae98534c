import type { Span } from "@acteon/core";
import { node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";

const textFunctions: ReadonlySet<string> = new Set(["lower", "upper", "trim", "text", "substring", "replace"]);

function isText(expr: Expr): boolean {
  if (expr.kind === "literal") return expr.type === "string";
  return expr.kind === "template" || expr.kind === "dedupKey" || (expr.kind === "call" && textFunctions.has(expr.name));
}

/**
 * What `+` makes with a text on one side, as in Java: a text with holes, of which those that are null are empty.
 * `undefined`: neither is a text for certain, and they are added.
 */
export function joined(left: Expr, right: Expr, span: Span): Expr | undefined {
  if (!isText(left) && !isText(right)) return undefined;
  return node({ kind: "template", parts: [...partsOf(left), ...partsOf(right)], ofNull: "empty", span });
}

function partsOf(expr: Expr): readonly Expr[] {
  return expr.kind === "template" ? expr.parts : [expr];
}

/** A text as a key: with an empty hole, what is unrelated would share it. */
export function keyOf(expr: Expr): Expr {
  return expr.kind === "template" ? node({ ...expr, ofNull: "error" }) : expr;
}
