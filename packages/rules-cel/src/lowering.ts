import type { Span } from "@acteon/core";
import { node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import type { CelExpr } from "./ast.ts";
import type { CelNames } from "./names.ts";
import type { CelSource } from "./source.ts";

/** What the lowering of one expression has in hand. */
export interface Lowering {
  readonly source: CelSource;
  readonly names: CelNames;
  /** Arithmetic between numbers of two types is an error, as CEL has it; else a double meets an int as a double. */
  readonly strict: boolean;
  /** The names that are bound here. */
  readonly locals: ReadonlySet<string>;
  /** Lowers what stands below, perhaps with more names bound. */
  readonly lower: (expr: CelExpr, lowering: Lowering) => Expr;
}

/** What evaluates to an error: it was reported. */
export function unknown(name: string, span: Span): Expr {
  return node({ kind: "local", name, span });
}

/** A built-in of the engine. */
export function called(name: string, args: readonly Expr[], span: Span): Expr {
  return node({ kind: "call", name, args: [...args], semantics: "cel", span });
}

/** `condition ? whenTrue : otherwise`. */
export function chosen(condition: Expr, whenTrue: Expr, otherwise: Expr, span: Span): Expr {
  // oxlint-disable-next-line unicorn/no-thenable -- the name of the node's property
  return node({ kind: "conditional", condition, then: whenTrue, otherwise, span });
}

/** A part of an expression that is being lowered. */
export function lowered(expr: CelExpr, lowering: Lowering): Expr {
  return lowering.lower(expr, lowering);
}
