import type { ReplacedDocument, ReplacedFunction } from "@acteon/rules";
import type { Body, RefTerm, Statement, Term, VarTerm, WithModifier } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";
import { defineBuiltin, isBuiltin } from "./calls.ts";
import { staticNames } from "./free-names.ts";
import type { Program, Unit } from "./program.ts";
import type { Lowering, Scope } from "./scope.ts";

/** What a `with` replaces, by what; `undefined`: there is no such thing, which was reported. */
export function replacementOf(modifier: WithModifier, scope: Scope): ReplacedDocument | ReplacedFunction | undefined {
  const { lowering, unit } = scope;
  const { target, value } = modifier;
  const at = targetOf(target, lowering.program, unit);
  if (at === undefined) {
    unit.findings.error({
      code: "ACT-R024",
      at: target,
      summary: "`with` has nothing to replace here",
      label: "neither a function, nor below `input` or `data`",
    });
    return undefined;
  }
  if (at.kind === "document")
    return Object.freeze({ kind: "document", path: Object.freeze(at.path), by: lowering.lowerTerm(value, scope) });
  if (isBuiltin(at.name)) defineBuiltin(at.name, target, scope);
  const other = value.kind === "var" || value.kind === "ref" ? targetOf(value, lowering.program, unit) : undefined;
  if (other?.kind !== "function")
    return Object.freeze({ kind: "function", name: at.name, by: lowering.lowerTerm(value, scope) });
  if (isBuiltin(other.name)) defineBuiltin(other.name, value, scope);
  return Object.freeze({ kind: "function", name: at.name, by: other.name });
}

type Target =
  | { readonly kind: "document"; readonly path: readonly string[] }
  | { readonly kind: "function"; readonly name: string };

function targetOf(target: RefTerm | VarTerm, program: Program, unit: Unit): Target | undefined {
  const names = staticNames(target);
  const [first, ...rest] = names ?? [];
  if (names === undefined || first === undefined) return undefined;
  const group = program.functionAt(names, unit);
  if (group !== undefined) return { kind: "function", name: group.name };
  const global = program.resolve(first, unit);
  if (global?.kind === "input") return { kind: "document", path: ["input", ...global.path, ...rest] };
  if (global?.kind === "data") return { kind: "document", path: [...global.path, ...rest] };
  return isBuiltin(names.join(".")) ? { kind: "function", name: names.join(".") } : undefined;
}

/** Everything that some `with` of the program replaces: only what can be replaced has to look whether it is. */
export function replacedIn(program: Program): Lowering["replaced"] {
  const documents: (readonly string[])[] = [];
  const functions = new Set<string>();
  const visit = (part: Term | Statement, unit: Unit): void => {
    if ("with" in part) {
      for (const { target } of part.with) {
        const at = targetOf(target, program, unit);
        if (at?.kind === "document") documents.push(at.path);
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
