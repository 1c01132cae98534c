import { node } from "@acteon/rules";
import type { Expr, Extent, Query } from "@acteon/rules";
import type { CallTerm, RefTerm, Term, VarTerm } from "../syntax/ast.ts";
import { maxPathLength, tooLong } from "./document-tree.ts";
import { documentAt, fieldOf, inputAt } from "./documents.ts";
import { called } from "./functions.ts";
import type { Passage } from "./goal.ts";
import { matchPattern } from "./match-pattern.ts";
import { patternNames, variableName } from "./mentions.ts";
import type { Global } from "./program.ts";
import { globalOf, isUnbound, reportError, spanOf } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** A reference or name whose variables all have values. */
export function lowerReference(term: RefTerm | VarTerm, scope: Scope): Expr {
  const { expr, rest } = baseOf(term, scope);
  return rest.reduce((of, part) => entryOf(of, part, { start: term.start, end: part.end }, scope), expr);
}

/** The values of what is gone through, one after the other. */
export interface Passed {
  readonly steps: readonly Query[];
  readonly value: Expr;
}

/**
 * Goes through a reference whose brackets leave something open, step by step, or through the values of a call.
 *
 * @param name What the last value that is gone through is called.
 */
export function passThrough(passage: Passage, name: string | undefined, scope: Scope): Passed {
  return passage.kind === "ref" ? passBrackets(passage, name, scope) : passValues(passage, name, scope);
}

function passBrackets(reference: RefTerm, name: string | undefined, scope: Scope): Passed {
  const steps: Query[] = [];
  const { expr, rest } = baseOf(reference, scope);
  let value = expr;
  for (const [i, part] of rest.entries()) {
    if (!patternNames(part).some((each) => isUnbound(each, scope))) {
      value = entryOf(value, part, { start: reference.start, end: part.end }, scope);
      continue;
    }
    const span = spanOf(scope, part);
    const valueName = (i === rest.length - 1 ? name : undefined) ?? scope.lowering.fresh();
    const keyName = keyNameOf(part, scope);
    steps.push(node({ kind: "scan", over: value, key: keyName, value: valueName, semantics: "rego", span }));
    value = node({ kind: "local", name: valueName, span });
    if (part.kind === "var") scope.bindings.add(variableName(part));
    else if (keyName !== undefined) {
      steps.push(...matchPattern(node({ kind: "local", name: keyName, span }), part, scope));
    }
  }
  return { steps, value };
}

/** `undefined`: nobody asks for it. */
function keyNameOf(part: Term, scope: Scope): string | undefined {
  if (part.kind !== "var") return scope.lowering.fresh();
  return part.name === "_" ? undefined : part.name;
}

function passValues(call: CallTerm, name: string | undefined, scope: Scope): Passed {
  const span = spanOf(scope, call);
  const valueName = name ?? scope.lowering.fresh();
  const args = call.args.map((arg) => scope.lowering.lowerTerm(arg, scope));
  const over = called(call.operator.join("."), args, span, scope);
  const step: Query = node({ kind: "scan", over, key: undefined, value: valueName, semantics: "rego", span });
  return { steps: [step], value: node({ kind: "local", name: valueName, span }) };
}

function entryOf(of: Expr, part: Term, extent: Extent, scope: Scope): Expr {
  if (part.kind === "scalar" && typeof part.value === "string") return fieldOf(of, part.value, extent, scope);
  const at = scope.lowering.lowerTerm(part, scope);
  return node({ kind: "index", of, at, missing: "undefined", span: spanOf(scope, extent) });
}

interface Base {
  readonly expr: Expr;
  /** What of the path is still to be looked up. */
  readonly rest: readonly Term[];
}

function baseOf(term: RefTerm | VarTerm, scope: Scope): Base {
  const head = term.kind === "ref" ? term.head : term;
  const path = term.kind === "ref" ? term.path : [];
  if (path.length > maxPathLength) {
    reportError(scope, { code: "ACT-R002", at: term, ...tooLong });
    return baseOf({ ...term, ...(term.kind === "ref" && { path: [] }) }, scope);
  }
  if (head.kind !== "var") return { expr: scope.lowering.lowerTerm(head, scope), rest: path };
  const global = globalOf(head.name, scope);
  if (global === undefined) return { expr: localNamed(head, scope), rest: path };
  const keys = path.map((part) => keyOf(part, global.kind));
  const open = keys.indexOf(undefined);
  const names = [...global.path, ...(open === -1 ? keys : keys.slice(0, open)).flatMap((key) => key ?? [])];
  const known = names.length - global.path.length;
  const extent = { start: term.start, end: path[known - 1]?.end ?? head.end };
  if (global.kind === "input") return { expr: inputAt(names, extent, scope), rest: path.slice(known) };
  const { expr, length } = documentAt(names, keys.slice(known), extent, scope);
  // An import may lead into a document.
  const inside = global.path.slice(length).reduce((of, name) => fieldOf(of, name, extent, scope), expr);
  return { expr: inside, rest: path.slice(Math.max(0, length - global.path.length)) };
}

/** A key that is written out. Configured data is JSON: a number is a key like any other, or a place in an array. */
function keyOf(part: Term, kind: Global["kind"]): string | undefined {
  if (part.kind !== "scalar") return undefined;
  const isKey = typeof part.value === "string" || (kind === "data" && Number.isSafeInteger(part.value));
  return isKey ? String(part.value) : undefined;
}

function localNamed(variable: VarTerm, scope: Scope): Expr {
  const name = variableName(variable);
  return scope.bindings.inlinedAs(name) ?? node({ kind: "local", name, span: spanOf(scope, variable) });
}
