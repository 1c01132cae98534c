import type { Expr } from "./expr.ts";
import type { Query } from "./query.ts";

/** The expressions right below an expression, in source order. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "action":
    case "dedupKey":
    case "local":
    case "now":
    case "time":
    case "env":
      return [];
    case "list":
      return expr.items;
    case "map":
      return expr.entries.flat();
    case "health":
      return [expr.provider];
    case "stateSeen":
    case "stateCounter":
      return expr.window === undefined ? [expr.key] : [expr.key, expr.window];
    case "stateEntry":
    case "stateTimeSince":
      return [expr.key];
    case "field":
      return [expr.of];
    case "index":
      return [expr.of, expr.at];
    case "has":
      return [expr.reference];
    case "not":
    case "negate":
      return [expr.operand];
    case "compare":
    case "arithmetic":
      return [expr.left, expr.right];
    case "in":
      return [expr.item, expr.collection];
    case "and":
    case "or":
      return expr.operands;
    case "conditional":
      return [expr.condition, expr.then, expr.otherwise];
    case "call":
      return expr.args;
    case "template":
      return expr.parts;
    case "quantifier":
      return [expr.over, expr.condition];
    case "let":
      return [expr.value, expr.body];
    case "query":
      return expr.body.flatMap(expressionsOf);
  }
}

function expressionsOf(step: Query): readonly Expr[] {
  switch (step.kind) {
    case "scan":
      return [step.over];
    case "bind":
      return [step.value];
    case "guard":
      return [step.condition];
    case "not":
      return step.body.flatMap(expressionsOf);
    case "or":
      return step.branches.flat().flatMap(expressionsOf);
    case "with":
      return [step.value, ...step.body.flatMap(expressionsOf)];
    case "emit":
      return step.key === undefined ? [step.value] : [step.key, step.value];
  }
}

/** Does it, or anything below it, have this property? */
export function someExpr(expr: Expr, holds: (expr: Expr) => boolean): boolean {
  return holds(expr) || childrenOf(expr).some((child) => someExpr(child, holds));
}

/** Does its value depend on what the store holds? */
export function readsState(expr: Expr): boolean {
  return someExpr(expr, ({ kind }) => stateKinds.has(kind));
}

const stateKinds: ReadonlySet<Expr["kind"]> = new Set(["stateSeen", "stateEntry", "stateCounter", "stateTimeSince"]);

/** The operands of nested conjunctions, in source order; a condition that is none is its only conjunct. */
export function conjunctsOf(condition: Expr): readonly Expr[] {
  return condition.kind === "and" ? condition.operands.flatMap(conjunctsOf) : [condition];
}
