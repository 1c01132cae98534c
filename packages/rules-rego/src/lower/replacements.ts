import { node } from "@acteon/rules";
import type { ReplacedDocument, ReplacedFunction } from "@acteon/rules";
import type { Body, RefTerm, Statement, Term, VarTerm, WithModifier } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";
import { placeOn } from "./document-tree.ts";
import { builtinNamed, defineBuiltin } from "./functions.ts";
import { staticNames } from "./mentions.ts";
import { PathSet } from "./path-set.ts";
import type { Program } from "./program.ts";
import { reportError } from "./scope.ts";
import type { Replaced, Scope } from "./scope.ts";
import type { Unit } from "./unit.ts";

/** What a `with` replaces, by what; `undefined`: it cannot be, which was reported. */
export function replacementOf(
  { target, value }: WithModifier,
  scope: Scope,
): ReplacedDocument | ReplacedFunction | undefined {
  const { lowering, unit } = scope;
  const at = targetOf(target, lowering.program, unit);
  if (at === undefined) {
    reportError(scope, {
      code: "ACT-R024",
      at: target,
      summary: "`with` has nothing to replace here",
      label: "neither a function, nor below `input` or `data`",
    });
    return undefined;
  }
  if (at.kind === "document") {
    if (isInsideDocument(at.path, lowering.program)) reportInside(target, scope);
    return node({ kind: "document", path: at.path, by: lowering.lowerTerm(value, scope) });
  }
  defineBuiltin(at.name, target, scope);
  const isName = (value.kind === "var" && !scope.declared.has(value.name)) || value.kind === "ref";
  const other = isName ? targetOf(value, lowering.program, unit) : undefined;
  if (other?.kind !== "function")
    return node({ kind: "function", name: at.name, by: lowering.lowerTerm(value, scope) });
  defineBuiltin(other.name, value, scope);
  return node({ kind: "function", name: at.name, by: other.name });
}

type Target =
  | { readonly kind: "document"; readonly path: readonly string[] }
  | { readonly kind: "function"; readonly name: string };

function targetOf(target: RefTerm | VarTerm, program: Program, unit: Unit): Target | undefined {
  const names = staticNames(target);
  if (names === undefined) return undefined;
  const [first = "", ...rest] = names;
  const group = program.functionAt(names, unit);
  if (group !== undefined) return { kind: "function", name: group.name };
  const global = program.resolve(first, unit);
  if (global?.kind === "input") return { kind: "document", path: ["input", ...global.path, ...rest] };
  if (global?.kind === "data") return { kind: "document", path: [...global.path, ...rest] };
  const name = names.join(".");
  return builtinNamed(name) === undefined ? undefined : { kind: "function", name };
}

function isInsideDocument(path: readonly string[], { documents }: Program): boolean {
  if (path[0] !== "data") return false;
  const { place, length } = placeOn(path, documents);
  return place.group !== undefined && length < path.length;
}

function reportInside(at: Term, scope: Scope): void {
  reportError(scope, {
    code: "ACT-R024",
    at,
    summary: "a document of rules is replaced as a whole, or not at all",
    label: "a part of it",
  });
}

/** Everything that some `with` of the program replaces. */
export function replacedIn(program: Program): Replaced {
  const documents = new PathSet();
  const functions = new Set<string>();
  const visit = (part: Term | Statement, unit: Unit): void => {
    if ("with" in part) {
      for (const { target } of part.with) {
        const at = targetOf(target, program, unit);
        if (at?.kind === "document") documents.add(at.path);
        if (at?.kind === "function") functions.add(at.name);
      }
    }
    for (const child of childrenOf(part)) visit(child, unit);
  };
  for (const unit of program.units) {
    for (const { head, body, elses } of unit.module.rules) {
      const terms = [...head.ref.path, ...(head.args ?? []), head.key, head.value, ...elses.map(({ value }) => value)];
      const bodies: readonly (Body | undefined)[] = [body, ...elses.map((branch) => branch.body)];
      for (const term of terms) if (term !== undefined) visit(term, unit);
      for (const each of bodies) for (const statement of each ?? []) visit(statement, unit);
    }
  }
  return { documents, functions };
}
