import { literal, node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import type { Term } from "../syntax/ast.ts";
import { regoFunctions } from "../builtins/rego-builtins.ts";
import { arityOf } from "./calls.ts";
import type { Scope } from "./scope.ts";

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

/** The functions that answer true or false. */
const predicates: ReadonlySet<string> = new Set(
  [...regoFunctions.values()].filter(({ returns }) => returns?.join() === "bool").map(({ builtin }) => builtin),
);

/** An expression as a condition: whatever is neither false nor undefined holds. */
export function conditionOf(expr: Expr): Expr {
  const { span } = expr;
  if (bools.has(expr.kind) || (expr.kind === "query" && expr.collect === "exists")) return expr;
  if (expr.kind === "literal" && typeof expr.value === "boolean") return expr;
  if (expr.kind === "health" && expr.fact === "circuitOpen") return expr;
  if (expr.kind === "call" && predicates.has(expr.name)) return expr;
  return node({ kind: "compare", op: "ne", left: expr, right: literal(false, span), semantics: "rego", span });
}

/** A call with one argument more than the function takes: its last one is what comes out. */
export function outputArgument(term: Term, scope: Scope): readonly [inputs: readonly Term[], output: Term | undefined] {
  if (term.kind !== "call") return [[], undefined];
  const arity = arityOf(term.operator, scope);
  const last = term.args.at(-1);
  if (arity === undefined || last === undefined || term.args.length !== arity + 1) return [[], undefined];
  return [term.args.slice(0, -1), last];
}
