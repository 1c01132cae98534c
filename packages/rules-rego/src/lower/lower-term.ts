import { literal, node } from "@acteon/rules";
import type { Expr, Query } from "@acteon/rules";
import type { Comprehension, ExprStatement, ObjectTerm, TemplateTerm, Term, VarTerm } from "../syntax/ast.ts";
import { lowerCall } from "./calls.ts";
import { called } from "./functions.ts";
import { lowerReference } from "./lower-reference.ts";
import { spanOf, within } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** A term whose variables all have values. */
export function lowerTerm(term: Term, scope: Scope): Expr {
  const hoisted = scope.hoisted.get(term);
  if (hoisted !== undefined) return hoisted;
  const span = spanOf(scope, term);
  const lower = (part: Term): Expr => lowerTerm(part, scope);
  switch (term.kind) {
    case "scalar":
      return literal(term.value, span);
    case "var":
    case "ref":
      return lowerReference(term, scope);
    case "array":
      return node({ kind: "list", items: term.items.map(lower), span });
    case "set": {
      const items = node({ kind: "list", items: term.items.map(lower), span });
      return node({ kind: "call", name: "rego.set", args: [items], semantics: "rego", span });
    }
    case "object":
      return node({ kind: "map", entries: lastOfEach(term).map(([key, value]) => [lower(key), lower(value)]), span });
    case "call":
      return lowerCall(term, scope);
    case "comprehension":
      return lowerComprehension(term, scope);
    case "template":
      return lowerTemplate(term, scope);
    case "hole":
      return literal(null, span);
  }
}

/** Of what is written out under one key the last one counts. */
function lastOfEach({ entries }: ObjectTerm): ObjectTerm["entries"] {
  const places = new Map(
    entries.map(([key], i) => [key.kind === "scalar" ? `${typeof key.value} ${key.value}` : i, i]),
  );
  return [...places.values()].map((place) => entries[place]!);
}

function lowerComprehension({ collect, key, value, body, ...extent }: Comprehension, scope: Scope): Expr {
  const span = spanOf(scope, extent);
  const lowered = scope.lowering.lowerBody(body, [value, key], within(scope));
  const [emitted = literal(null, span), emittedKey] = lowered.heads;
  const at = emittedKey === undefined ? undefined : node({ kind: "list", items: [emittedKey], span });
  const emit: Query = node({ kind: "emit", key: at, value: emitted, span });
  const collected = ({ array: "list", set: "set", object: "tree" } as const)[collect];
  return node({ kind: "query", body: [...lowered.steps, emit], collect: collected, span });
}

/** Each part as `%v` prints it. */
function lowerTemplate({ parts, ...extent }: TemplateTerm, scope: Scope): Expr {
  const span = spanOf(scope, extent);
  const format = parts.map((part) => (typeof part === "string" ? part.replaceAll("%", "%%") : "%v")).join("");
  const values = parts.flatMap((part): readonly Expr[] => {
    if (typeof part === "string") return [];
    const value = part.with.length === 0 ? lowerTerm(part.term, scope) : withModifiers(part, scope);
    return [node({ kind: "firstDefined", options: [value, literal("<undefined>", span)], span: spanOf(scope, part) })];
  });
  return called("sprintf", [literal(format, span), node({ kind: "list", items: values, span })], span, scope);
}

/** What a part with `with` is there. */
function withModifiers(part: ExprStatement, scope: Scope): Expr {
  const { start, end, term } = part;
  const result: VarTerm = { kind: "var", name: scope.lowering.fresh(), start, end };
  const args = [result, term];
  const assignment: Term = { kind: "call", operator: ["assign"], operatorExtent: part, args, start, end };
  const { steps, heads } = scope.lowering.lowerBody([{ ...part, term: assignment }], [result], within(scope));
  const span = spanOf(scope, part);
  const emit: Query = node({ kind: "emit", key: undefined, value: heads[0] ?? literal(null, span), span });
  return node({ kind: "query", body: [...steps, emit], collect: "first", span });
}
