import type { Extent } from "@acteon/rules";
import type { DrlExpr, TypeName, Word } from "./ast-expression.ts";

/** An element of a left-hand side. */
export type DrlCondition =
  | DrlPattern
  | DrlJunction
  | DrlNegation
  | DrlExists
  | DrlForall
  | DrlEval
  | DrlAccumulate
  | DrlNothing;

/** `$a : Type( "positional"; constraint, constraint ) over window:… from …`. */
export interface DrlPattern extends Extent {
  readonly kind: "pattern";
  readonly binding: Word | undefined;
  readonly type: TypeName;
  readonly positional: readonly DrlExpr[];
  readonly constraints: readonly DrlExpr[];
  readonly over: DrlWindow | undefined;
  readonly from: DrlFrom | undefined;
}

/** `over window:time(5m)`. */
export interface DrlWindow extends Extent {
  readonly name: Word;
  readonly args: readonly DrlExpr[];
}

export type DrlFrom =
  | { readonly kind: "expression"; readonly expr: DrlExpr }
  | { readonly kind: "collect"; readonly source: DrlCondition }
  | { readonly kind: "accumulate"; readonly source: DrlCondition; readonly function: DrlFunctionCall }
  /** A window that `declare window` names. */
  | { readonly kind: "window"; readonly name: Word }
  /** Outside the dialect, or not to be read, which was reported. */
  | { readonly kind: "nothing" };

/** `(A() or B())`; of `$a : ( A() or B() )` each operand is bound. */
export interface DrlJunction extends Extent {
  readonly kind: "and" | "or";
  readonly binding: Word | undefined;
  readonly operands: readonly DrlCondition[];
}

export interface DrlNegation extends Extent {
  readonly kind: "not";
  readonly operand: DrlCondition;
}

export interface DrlExists extends Extent {
  readonly kind: "exists";
  readonly operand: DrlCondition;
}

/** Of one: all facts of its type are so. Of more: whatever the first finds, the others find something for. */
export interface DrlForall extends Extent {
  readonly kind: "forall";
  readonly operands: readonly DrlCondition[];
}

export interface DrlEval extends Extent {
  readonly kind: "eval";
  readonly expr: DrlExpr;
}

/** `accumulate( source; $n : count(), $m : max($x); $n > 3 )`. */
export interface DrlAccumulate extends Extent {
  readonly kind: "accumulate";
  readonly source: DrlCondition;
  readonly functions: readonly DrlFunctionCall[];
  readonly constraints: readonly DrlExpr[];
}

export interface DrlFunctionCall extends Extent {
  readonly binding: Word | undefined;
  readonly name: Word;
  readonly args: readonly DrlExpr[];
}

/** What is outside the dialect, or could not be read, which was reported. */
export interface DrlNothing extends Extent {
  readonly kind: "nothing";
}
