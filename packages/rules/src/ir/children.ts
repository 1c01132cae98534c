import type { Definitions } from "./definition.ts";
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
    case "document":
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
    case "invoke":
      return expr.args;
    case "template":
      return expr.parts;
    case "quantifier":
      return [expr.over, expr.condition];
    case "let":
      return [expr.value, expr.body];
    case "query":
      return expr.body.flatMap(expressionsOf);
    case "replaceable":
      return [expr.value];
    case "firstDefined":
    case "agreement":
      return expr.options;
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
      return [...(typeof step.replaced.by === "string" ? [] : [step.replaced.by]), ...step.body.flatMap(expressionsOf)];
    case "emit":
      return step.key === undefined ? [step.value] : [step.key, step.value];
  }
}

/** Does it, or anything below it, have this property? */
export function someExpr(expr: Expr, holds: (expr: Expr) => boolean): boolean {
  return holds(expr) || childrenOf(expr).some((child) => someExpr(child, holds));
}

/** Does its value depend on what the store holds? */
export function readsState(expr: Expr, definitions: Definitions = {}): boolean {
  const looked = new Set<string>();
  const reads = (part: Expr): boolean => {
    if (stateKinds.has(part.kind)) return true;
    if ((part.kind !== "document" && part.kind !== "invoke") || looked.has(part.name)) return false;
    looked.add(part.name);
    const definition = definitions[part.name];
    return definition !== undefined && someExpr(definition.value, reads);
  };
  return someExpr(expr, reads);
}

const stateKinds: ReadonlySet<Expr["kind"]> = new Set(["stateSeen", "stateEntry", "stateCounter", "stateTimeSince"]);

/** The operands of nested conjunctions, in source order; a condition that is none is its only conjunct. */
export function conjunctsOf(condition: Expr): readonly Expr[] {
  return condition.kind === "and" ? condition.operands.flatMap(conjunctsOf) : [condition];
}
