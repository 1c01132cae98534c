import type { Expr } from "@acteon/rules";
import type { DrlExpr } from "../syntax/ast-expression.ts";
import { valueOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";

/** What a verdict is read with. */
export interface Reading {
  readonly lowering: Lowering;
  /** A value with names of the conditions in it: that of their first solution. */
  readonly inSteps: (expr: Expr) => Expr;
}

/** A value of a verdict. */
export function valueIn(expr: DrlExpr, { lowering, inSteps }: Reading): Expr {
  return inSteps(valueOf(expr, lowering).expr);
}
