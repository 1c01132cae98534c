import { literal, node } from "@acteon/rules";
import type { Expr, ValueType } from "@acteon/rules";
import { regoFunctions } from "../builtins/rego-builtins.ts";

const bools: ReadonlySet<Expr["kind"]> = new Set([
  "compare",
  "in",
  "and",
  "or",
  "not",
  "has",
  "stateSeen",
  "quantifier",
]);

const predicates = functionsThatReturn("bool");
const textFunctions = functionsThatReturn("string");

function functionsThatReturn(type: ValueType): ReadonlySet<string> {
  return new Set(
    [...regoFunctions.values()].flatMap(({ builtin, returns }) => (returns?.join() === type ? builtin : [])),
  );
}

export function isText(expr: Expr): boolean {
  if (expr.kind === "call") return textFunctions.has(expr.name);
  return expr.kind === "template" || (expr.kind === "literal" && expr.type === "string");
}

/** An expression as a condition: whatever is neither false nor undefined holds. */
export function conditionOf(expr: Expr): Expr {
  const { span } = expr;
  if (bools.has(expr.kind) || (expr.kind === "query" && expr.collect === "exists")) return expr;
  if (expr.kind === "literal" && typeof expr.value === "boolean") return expr;
  if (expr.kind === "health" && expr.fact === "circuitOpen") return expr;
  if (expr.kind === "call" && predicates.has(expr.name)) return expr;
  return node({ kind: "compare", op: "ne", left: expr, right: literal(false, span), semantics: "rego", span });
}
