import { childrenOf } from "./ast-expression.ts";
import type { DrlExpr } from "./ast-expression.ts";
import { maxDepth } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";

/** A node whose depth is not known yet. */
type Unmeasured = DrlExpr extends infer N ? (N extends DrlExpr ? Omit<N, "depth"> : never) : never;

/** With its depth; one that is too deep is reported and given up. */
export function made(cursor: Cursor, fields: Unmeasured): DrlExpr {
  const expr = { ...fields, depth: 1 } as DrlExpr;
  const below = childrenOf(expr).reduce((most, { depth }) => Math.max(most, depth), 0);
  if (below >= maxDepth) throw cursor.tooDeep(expr);
  return { ...expr, depth: below + 1 };
}

export function hole(start: number, end: number): DrlExpr {
  return { kind: "hole", start, end, depth: 1 };
}

/** An expression of Java's, under the name that messages call it by. */
export function java(cursor: Cursor, construct: string, start: number, end: number): DrlExpr {
  return made(cursor, { kind: "java", construct, start, end });
}
