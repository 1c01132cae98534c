import { literal, node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import type { DrlBinary, DrlBinding, DrlExpr, DrlIn, DrlInstanceof } from "../syntax/ast-expression.ts";
import { lowerRelation } from "./lower-relation.ts";
import { allOf, conjunctsOf, guardAgainstNull, negated, spanOf, valueOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { typeTest } from "./type-test.ts";

/** An expression as a condition: what must hold, in the order in which it is written. */
export function lowerConjuncts(expr: DrlExpr, lowering: Lowering): readonly Expr[] {
  const span = spanOf(expr, lowering);
  switch (expr.kind) {
    case "logic": {
      if (expr.op === "&&") return expr.operands.flatMap((operand) => conjunctsOf(operand, lowering));
      const inner = { ...lowering, guards: undefined };
      const operands = expr.operands.map((each) => allOf(conjunctsOf(each, inner), spanOf(each, lowering)));
      return [node({ kind: "or", operands, absorbs: "none", span })];
    }
    case "unary":
      if (expr.op !== "!") break;
      return guarded(lowering, (inner) => [negated(allOf(conjunctsOf(expr.operand, inner), span), span)]);
    case "group":
      return guarded(lowering, (inner) => {
        const fact = valueOf(expr.of, inner);
        if (expr.nullSafe) guardAgainstNull(fact.expr, inner);
        const within = { ...lowering, fact, guards: undefined };
        return expr.constraints.flatMap((each) => conjunctsOf(each, within));
      });
    case "binding":
      // A name for a value asks nothing of it.
      return guarded(lowering, (inner) => {
        valueOf(expr, inner);
        return [];
      });
    case "binary": {
      const binding = boundWhole(expr);
      if (binding === undefined) break;
      return conjunctsOf(binding, lowering);
    }
    case "relation":
      return guarded(lowering, (inner) => [lowerRelation(expr, inner)]);
    case "in":
      return guarded(lowering, (inner) => [lowerIn(expr, inner)]);
    case "instanceof":
      return guarded(lowering, (inner) => [lowerInstanceof(expr, inner)]);
    case "hole":
      return [];
    case "call": {
      const [only] = expr.args;
      if (expr.of !== undefined || expr.name.text !== "eval" || only === undefined) break;
      return conjunctsOf(only, lowering);
    }
    default:
  }
  return guarded(lowering, (inner) => [truthOf(valueOf(expr, inner).expr)]);
}

/** `$r : ratio * 2` has no other meaning than `$r : ( ratio * 2 )`. */
function boundWhole(expr: DrlBinary): DrlBinding | undefined {
  const { left } = expr;
  const first = left.kind === "binary" ? boundWhole(left) : left;
  if (first?.kind !== "binding") return undefined;
  return { ...first, value: { ...expr, left: first.value }, end: expr.end };
}

/** With what `!.` asks in front of it; inside of a negation that stands in front of the negation. */
function guarded(lowering: Lowering, lower: (inner: Lowering) => readonly Expr[]): readonly Expr[] {
  if (lowering.guards !== undefined) return lower(lowering);
  const guards: Expr[] = [];
  const conjuncts = lower({ ...lowering, guards });
  return guards.length === 0 ? conjuncts : [...guards, ...conjuncts];
}

const boolKinds: ReadonlySet<Expr["kind"]> = new Set([
  "compare",
  "in",
  "and",
  "or",
  "not",
  "has",
  "quantifier",
  "stateSeen",
]);
const boolFunctions: ReadonlySet<string> = new Set(["contains", "startsWith", "endsWith", "matches", "soundsLike"]);

/** A value that is true or false, or that is compared with true: what is null, or no bool, does not hold. */
export function truthOf(left: Expr): Expr {
  const isBool =
    boolKinds.has(left.kind) ||
    (left.kind === "literal" && left.type === "bool") ||
    (left.kind === "health" && left.fact === "circuitOpen") ||
    (left.kind === "query" && left.collect === "exists") ||
    (left.kind === "call" && boolFunctions.has(left.name));
  if (isBool) return left;
  const { span } = left;
  return node({ kind: "compare", op: "eq", left, right: literal(true, span), semantics: "drl", span });
}

function lowerIn(expr: DrlIn, lowering: Lowering): Expr {
  const span = spanOf(expr, lowering);
  const item = valueOf(expr.item, lowering).expr;
  const items = expr.items.map((each) => valueOf(each, lowering).expr);
  const collection = node({ kind: "list", items, span });
  const membership = node({ kind: "in", item, collection, semantics: "drl", span });
  return expr.negated ? negated(membership, span) : membership;
}

function lowerInstanceof({ of, type, ...place }: DrlInstanceof, lowering: Lowering): Expr {
  const value = valueOf(of, lowering).expr;
  return typeTest(value, type, place, lowering);
}
