import { literal, node } from "@acteon/rules";
import type { Expr, Extent, Query } from "@acteon/rules";
import type { Term } from "../syntax/ast.ts";
import { called } from "./calls.ts";
import { patternNames } from "./free-names.ts";
import { isLocal, spanOf } from "./scope.ts";
import type { Scope } from "./scope.ts";

export interface Matched {
  readonly steps: readonly Query[];
  /** With the names that the pattern binds. */
  readonly scope: Scope;
}

/** Goes on where a value has the form of a pattern, with names for its parts. */
export function matchPattern(value: Expr, pattern: Term, scope: Scope): Matched {
  const span = spanOf(scope, pattern);
  if (pattern.kind === "var" && isUnbound(pattern.name, scope)) {
    // A value that is not asked for must be there all the same.
    const name = pattern.name === "_" ? scope.lowering.fresh() : pattern.name;
    if (value.kind === "local" && pattern.name === "_") return { steps: [], scope };
    return { steps: [node({ kind: "bind", name, value, span })], scope: withBound(scope, name) };
  }
  const isOpen = patternNames(pattern).some((name) => isUnbound(name, scope));
  if (!isOpen || (pattern.kind !== "array" && pattern.kind !== "object")) {
    const right = scope.lowering.lowerTerm(pattern, scope);
    const condition = node({ kind: "compare", op: "eq", left: value, right, semantics: "rego", span });
    return { steps: [guard(condition, span)], scope };
  }
  const named = nameFor(value, pattern, scope);
  const isList = pattern.kind === "array";
  const size = isList ? pattern.items.length : pattern.entries.length;
  const shape = [
    guard(called(isList ? "is_array" : "is_object", [named.value], span, scope), span),
    guard(sameSize(named.value, size, pattern, scope), span),
  ];
  const parts: readonly (readonly [Expr, Term])[] = isList
    ? pattern.items.map((item, i) => [literal(i, span), item])
    : pattern.entries.map(([key, item]) => [scope.lowering.lowerTerm(key, scope), item]);
  return parts.reduce<Matched>(
    (matched, [at, part]) => {
      const entry = node({ kind: "index", of: named.value, at, missing: "undefined", span: spanOf(scope, part) });
      const inner = matchPattern(entry, part, matched.scope);
      return { steps: [...matched.steps, ...inner.steps], scope: inner.scope };
    },
    { steps: [...named.steps, ...shape], scope: named.scope },
  );
}

function nameFor(value: Expr, extent: Extent, scope: Scope): Matched & { readonly value: Expr } {
  if (value.kind === "local") return { steps: [], value, scope };
  const span = spanOf(scope, extent);
  const name = scope.lowering.fresh();
  return { steps: [node({ kind: "bind", name, value, span })], value: node({ kind: "local", name, span }), scope };
}

function sameSize(value: Expr, size: number, extent: Extent, scope: Scope): Expr {
  const span = spanOf(scope, extent);
  const left = called("count", [value], span, scope);
  return node({ kind: "compare", op: "eq", left, right: literal(size, span), semantics: "rego", span });
}

export function guard(condition: Expr, span: Expr["span"]): Query {
  return node({ kind: "guard", condition, absorbs: "none", span });
}

export function isUnbound(name: string, scope: Scope): boolean {
  return isLocal(name, scope) && !scope.bound.has(name);
}

export function withBound(scope: Scope, ...names: readonly string[]): Scope {
  return { ...scope, bound: new Set([...scope.bound, ...names]) };
}
