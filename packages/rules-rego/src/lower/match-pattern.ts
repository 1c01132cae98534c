import { literal, node } from "@acteon/rules";
import type { Expr, Query } from "@acteon/rules";
import type { ArrayTerm, ObjectTerm, Term } from "../syntax/ast.ts";
import { called } from "./functions.ts";
import { isNameless, patternNames, variableName } from "./mentions.ts";
import { isUnbound, spanOf } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** Goes on where a value has the form of a pattern, with names for its parts. */
export function matchPattern(value: Expr, pattern: Term, scope: Scope): readonly Query[] {
  if (pattern.kind === "var" && isUnbound(variableName(pattern), scope)) {
    return bindTo(variableName(pattern), value, scope);
  }
  const isOpen = patternNames(pattern).some((name) => isUnbound(name, scope));
  if (isOpen && (pattern.kind === "array" || pattern.kind === "object")) return matchParts(value, pattern, scope);
  return [equals(value, scope.lowering.lowerTerm(pattern, scope))];
}

/** What nobody asks for must be there all the same. */
function bindTo(name: string, value: Expr, { bindings }: Scope): readonly Query[] {
  bindings.add(name);
  const isThere = value.kind === "local" && (value.name === name || isNameless(name));
  return isThere ? [] : [node({ kind: "bind", name, value, span: value.span })];
}

function matchParts(value: Expr, pattern: ArrayTerm | ObjectTerm, scope: Scope): readonly Query[] {
  const span = spanOf(scope, pattern);
  const isList = pattern.kind === "array";
  const size = isList ? pattern.items.length : pattern.entries.length;
  const name = value.kind === "local" ? value.name : scope.lowering.fresh();
  const whole = node({ kind: "local", name, span });
  const parts: readonly (readonly [at: Expr, part: Term])[] = isList
    ? pattern.items.map((item, i) => [literal(i, span), item])
    : pattern.entries.map(([key, item]) => [scope.lowering.lowerTerm(key, scope), item]);
  const steps: Query[] = [
    ...(value.kind === "local" ? [] : [node({ kind: "bind", name, value, span })]),
    guard(called(isList ? "is_array" : "is_object", [whole], span, scope)),
    equals(called("count", [whole], span, scope), literal(size, span)),
  ];
  // Variables first: the other parts may ask for them.
  for (const [at, part] of parts.toSorted(([, one], [, other]) => rankOf(one) - rankOf(other))) {
    const entry = node({ kind: "index", of: whole, at, missing: "undefined", span: spanOf(scope, part) });
    steps.push(...matchPattern(entry, part, scope));
  }
  return steps;
}

function rankOf({ kind }: Term): number {
  return kind === "var" ? 0 : kind === "array" || kind === "object" ? 1 : 2;
}

function equals(left: Expr, right: Expr): Query {
  return guard(node({ kind: "compare", op: "eq", left, right, semantics: "rego", span: right.span }));
}

export function guard(condition: Expr): Query {
  return node({ kind: "guard", condition, absorbs: "none", span: condition.span });
}
