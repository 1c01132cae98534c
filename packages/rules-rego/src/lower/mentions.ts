import type { Extent } from "@acteon/rules";
import { childrenOf } from "../syntax/children.ts";
import type {
  Body,
  CallTerm,
  Comprehension,
  Every,
  RefTerm,
  Statement,
  Term,
  VarTerm,
  WithModifier,
} from "../syntax/ast.ts";
import { builtinNamed } from "./functions.ts";
import type { Lowering } from "./scope.ts";

/** A place where a name stands, which may be that of a variable or of a document. */
export interface Mention extends Extent {
  readonly name: string;
  /** It stands in a comprehension, or in the body of `every`, which may have it from around them. */
  readonly isEnclosed: boolean;
  /** `with` names what replaces something, which may be a function. */
  readonly isFunction: boolean;
}

/** What each statement of a body mentions, and the heads behind it. */
export interface BodyMentions {
  readonly ofBody: readonly (readonly Mention[])[];
  readonly ofHeads: readonly Mention[];
}

/** The name of a variable; those that are called `_` are told apart by where they stand. */
export function variableName({ name, start }: VarTerm): string {
  return name === "_" ? `_@${start}` : name;
}

export function isNameless(name: string): boolean {
  return name.startsWith("_@");
}

/** The names that terms and statements mention, also in what replaces something for them. */
export function mentionsIn(nodes: readonly (Term | Statement)[], lowering: Lowering): readonly Mention[] {
  const mentions: Mention[] = [];
  for (const each of nodes) collect(each, lowering, mentions);
  return mentions;
}

function collect(each: Term | Statement, lowering: Lowering, into: Mention[]): void {
  switch (each.kind) {
    case "var":
      into.push({ name: variableName(each), start: each.start, end: each.end, isEnclosed: false, isFunction: false });
      return;
    case "comprehension":
      for (const mention of takenBy(each, lowering)) into.push(mention);
      return;
    case "every":
      collect(each.collection, lowering, into);
      for (const mention of takenBy(each, lowering)) into.push(mention);
      break;
    case "some":
      break;
    case "someIn":
      for (const term of [each.key, each.value, each.collection]) {
        if (term !== undefined) collect(term, lowering, into);
      }
      break;
    case "expr":
      collect(each.term, lowering, into);
      break;
    default:
      for (const child of childrenOf(each)) collect(child, lowering, into);
      return;
  }
  for (const mention of mentionsOfReplacements(each.with, lowering)) into.push(mention);
}

/** Those of what `with` puts in the place of something. */
export function mentionsOfReplacements(modifiers: readonly WithModifier[], lowering: Lowering): readonly Mention[] {
  return modifiers.flatMap(({ value }) => {
    const mentions = mentionsIn([value], lowering);
    return namesBuiltin(value) ? mentions.map((mention) => ({ ...mention, isFunction: true })) : mentions;
  });
}

function namesBuiltin(term: Term): boolean {
  const names = term.kind === "var" || term.kind === "ref" ? staticNames(term) : undefined;
  return names !== undefined && builtinNamed(names.join(".")) !== undefined;
}

/** The names that a body of its own mentions and does not declare, each once. */
function takenBy(closure: Comprehension | Every, lowering: Lowering): readonly Mention[] {
  const known = lowering.taken.get(closure);
  if (known !== undefined) return known;
  const declared = new Set(declarationsIn(closure.body).map(variableName));
  if (closure.kind === "every") for (const own of variablesOf(closure)) declared.add(variableName(own));
  const heads =
    closure.kind === "every" ? [] : closure.key === undefined ? [closure.value] : [closure.key, closure.value];
  const names = new Map<string, Mention>();
  for (const mention of mentionsIn([...heads, ...closure.body], lowering)) {
    const { name } = mention;
    if (declared.has(name) || (names.has(name) && names.get(name)?.isFunction === false)) continue;
    names.set(name, { ...mention, isEnclosed: true });
  }
  const taken = [...names.values()];
  lowering.taken.set(closure, taken);
  return taken;
}

/** The variables of `every`. */
export function variablesOf({ key, value }: Every): readonly VarTerm[] {
  return key === undefined ? [value] : [key, value];
}

/** The variables that the statements of a body declare, for the whole body, in their order. */
export function declarationsIn(body: Body): readonly VarTerm[] {
  return body.flatMap(declarationsOf);
}

export function declarationsOf(statement: Statement): readonly VarTerm[] {
  switch (statement.kind) {
    case "some":
      return statement.names;
    case "someIn":
      return [statement.key, statement.value].flatMap((term) => (term === undefined ? [] : patternVariables(term)));
    case "expr":
      return isAssignment(statement.term) ? patternVariables(statement.term.args[0]!) : [];
    case "every":
      return [];
  }
}

export function isAssignment(term: Term): term is CallTerm {
  return term.kind === "call" && term.operator.length === 1 && term.operator[0] === "assign" && term.args.length === 2;
}

/** The variables at the places of a pattern that can bind them. */
export function patternVariables(term: Term): readonly VarTerm[] {
  switch (term.kind) {
    case "var":
      return [term];
    case "array":
      return term.items.flatMap(patternVariables);
    case "object":
      return term.entries.flatMap(([, value]) => patternVariables(value));
    default:
      return [];
  }
}

export function patternNames(term: Term): readonly string[] {
  return patternVariables(term).map(variableName);
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
