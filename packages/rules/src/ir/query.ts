import type { Span } from "@acteon/core";
import type { Expr, Semantics } from "./expr.ts";

/**
 * The tier below `Expr`: a body is a list of steps, run in order with backtracking. Each way through it is a solution.
 * Quantifiers, comprehensions, Rego bodies and DRL's `from`, `exists` and `accumulate` lower to it.
 */
export type Query = Scan | Bind | Guard | NoSolution | Either | With | Emit;

interface Step {
  readonly span: Span;
}

/**
 * Once per element of a list or a set, or entry of a map, which in `rego` come in its order over all values. What of
 * anything else, `semantics` says as in `Quantifier`.
 */
export interface Scan extends Step {
  readonly kind: "scan";
  readonly over: Expr;
  readonly key: string | undefined;
  readonly value: string | undefined;
  /** `value` names the key of an entry (CEL's macros of one variable). */
  readonly valueOfMap?: "key";
  readonly semantics: Semantics;
}

/** Goes on with a name for a value; with undefined there is no solution. */
export interface Bind extends Step {
  readonly kind: "bind";
  readonly name: string;
  readonly value: Expr;
}

/**
 * Goes on where the condition holds. With `absorbs: "errors"` an error is put aside and is the answer only if no
 * solution is found (CEL's `exists`, `all`).
 */
export interface Guard extends Step {
  readonly kind: "guard";
  readonly condition: Expr;
  readonly absorbs: "none" | "errors";
}

/** Goes on where the body has no solution. */
export interface NoSolution extends Step {
  readonly kind: "not";
  readonly body: readonly Query[];
}

/** Goes on once per solution of each branch. Names bound in a branch end with it. */
export interface Either extends Step {
  readonly kind: "or";
  readonly branches: readonly (readonly Query[])[];
}

/** Goes on once per solution of the body, which sees something else in the place of a document or function. */
export interface With extends Step {
  readonly kind: "with";
  readonly replaced: ReplacedDocument | ReplacedFunction;
  readonly body: readonly Query[];
}

export interface ReplacedDocument {
  readonly kind: "document";
  /** As in `Replaceable`. */
  readonly path: readonly string[];
  readonly by: Expr;
}

export interface ReplacedFunction {
  readonly kind: "function";
  /** Of a definition. */
  readonly name: string;
  /** Another definition, by name, or what it gives whatever its arguments are. */
  readonly by: string | Expr;
}

/** Gives a value to what collects (`QueryExpr.collect`), and goes on. */
export interface Emit extends Step {
  readonly kind: "emit";
  /** For `collect: "map"` and `"tree"`. */
  readonly key: Expr | undefined;
  readonly value: Expr;
  /** In a tree: the value is a member of the set that is there. */
  readonly member?: true;
}
