import type { Body, CallTerm, Comprehension, RefTerm, Statement, Term, VarTerm, WithModifier } from "../syntax/ast.ts";
import { isBuiltin } from "./calls.ts";
import { isLocal } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** A place where a name stands. */
export interface NamePlace {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The variables of a term, those of comprehensions in it too, as far as they are known outside of these (`isOuter`).
 */
export function variablesOf(term: Term, scope: Scope, isOuter: (name: string) => boolean): readonly NamePlace[] {
  switch (term.kind) {
    case "var":
      return isLocal(term.name, scope) ? [term] : [];
    case "comprehension":
      return closureVariables(term, scope).filter(({ name }) => isOuter(name));
    default:
      return partsOf(term).flatMap((part) => variablesOf(part, scope, isOuter));
  }
}

/** The terms right below a term; of a comprehension none: it is a scope of its own. */
export function partsOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case "scalar":
    case "var":
    case "hole":
    case "comprehension":
      return [];
    case "template":
      return term.parts.flatMap((part) => (typeof part === "string" ? [] : [part.term]));
    case "ref":
      return [term.head, ...term.path];
    case "array":
    case "set":
      return term.items;
    case "object":
      return term.entries.flat();
    case "call":
      return term.args;
  }
}

function closureVariables({ key, value, body }: Comprehension, scope: Scope): readonly NamePlace[] {
  const heads = key === undefined ? [value] : [key, value];
  return freeIn(body, heads, scope);
}

/** What a body of its own takes from around it: its variables without those that it declares. */
function freeIn(body: Body, heads: readonly Term[], scope: Scope): readonly NamePlace[] {
  const declared = declaredIn(body, scope);
  const inner = { ...scope, declared: new Set([...scope.declared, ...declared]) };
  const all = [
    ...heads.flatMap((head) => variablesOf(head, inner, () => true)),
    ...body.flatMap((statement) => statementVariables(statement, inner, () => true)),
  ];
  return all.filter(({ name }) => name !== "_" && !declared.has(name));
}

/** The names that the statements of a body declare, for the whole body. */
export function declaredIn(body: Body, scope: Scope): ReadonlySet<string> {
  const names = body.flatMap((statement): readonly string[] => {
    switch (statement.kind) {
      case "some":
        return statement.names.map(({ name }) => name);
      case "someIn":
        return [statement.key, statement.value].flatMap((term) => (term === undefined ? [] : patternNames(term)));
      case "expr":
        return isAssignment(statement.term) ? patternNames(statement.term.args[0]!) : [];
      case "every":
        return [];
    }
  });
  return new Set(names.filter((name) => name !== "_" && !scope.inlined.has(name)));
}

export function isAssignment(term: Term): term is CallTerm {
  return term.kind === "call" && term.operator.length === 1 && term.operator[0] === "assign" && term.args.length === 2;
}

/** The variables at the places of a pattern that can bind them. */
export function patternNames(term: Term): readonly string[] {
  switch (term.kind) {
    case "var":
      return [term.name];
    case "array":
      return term.items.flatMap(patternNames);
    case "object":
      return term.entries.flatMap(([, value]) => patternNames(value));
    default:
      return [];
  }
}

/** All variables that a statement mentions, its `with` and bodies included. */
export function statementVariables(
  statement: Statement,
  scope: Scope,
  isOuter: (name: string) => boolean,
): readonly NamePlace[] {
  const withs = modifierVariables(statement.with, scope, isOuter);
  switch (statement.kind) {
    case "expr":
      return [...variablesOf(statement.term, scope, isOuter), ...withs];
    case "some":
      return withs;
    case "someIn": {
      const { key, value, collection } = statement;
      const terms = key === undefined ? [value, collection] : [key, value, collection];
      return [...terms.flatMap((term) => variablesOf(term, scope, isOuter)), ...withs];
    }
    case "every": {
      const { key, value, collection, body } = statement;
      const own = new Set([value.name, ...(key === undefined ? [] : [key.name])]);
      const inBody = freeIn(body, [], { ...scope, declared: new Set([...scope.declared, ...own]) });
      return [
        ...variablesOf(collection, scope, isOuter),
        ...inBody.filter(({ name }) => !own.has(name) && isOuter(name)),
        ...withs,
      ];
    }
  }
}

/** Those of the values that `with` gives; a function that stands there has none. */
export function modifierVariables(
  modifiers: readonly WithModifier[],
  scope: Scope,
  isOuter: (name: string) => boolean,
): readonly NamePlace[] {
  const values = modifiers.map(({ value }) => value).filter((value) => !isFunctionName(value, scope));
  return values.flatMap((value) => variablesOf(value, scope, isOuter));
}

function isFunctionName(term: Term, { declared, lowering, unit }: Scope): boolean {
  if (term.kind !== "var" && term.kind !== "ref") return false;
  const names = staticNames(term);
  if (names === undefined || declared.has(names[0]!)) return false;
  return lowering.program.functionAt(names, unit) !== undefined || isBuiltin(names.join("."));
}

/** `a.b["c"]` as its names; `undefined`: it is not made of texts alone. */
export function staticNames(term: RefTerm | VarTerm): readonly string[] | undefined {
  if (term.kind === "var") return [term.name];
  if (term.head.kind !== "var") return undefined;
  const names = term.path.flatMap((part) =>
    part.kind === "scalar" && typeof part.value === "string" ? [part.value] : [],
  );
  return names.length === term.path.length ? [term.head.name, ...names] : undefined;
}

/** The references of a term, the inner ones first, and the calls of functions that have several results. */
export function referencesOf(term: Term): readonly (RefTerm | CallTerm)[] {
  const inner = partsOf(term).flatMap(referencesOf);
  if (term.kind === "ref" || (term.kind === "call" && isRelation(term))) return [...inner, term];
  return inner;
}

/** `walk` goes through many values. */
export function isRelation({ operator, args }: CallTerm): boolean {
  return operator.length === 1 && operator[0] === "walk" && args.length === 1;
}

/** What a reference binds on its way: variables in brackets that have no value yet. */
export function outputsOf(reference: RefTerm | CallTerm, scope: Scope): readonly string[] {
  if (reference.kind === "call") return [];
  return reference.path.flatMap(patternNames).filter((name) => isLocal(name, scope) && !scope.bound.has(name));
}
