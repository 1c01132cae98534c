import type { Span } from "@acteon/core";
import type { Definition, Expr, Extent, Query } from "@acteon/rules";
import type { Body, RegoRule, Term } from "../syntax/ast.ts";
import type { Global, Program, Unit } from "./program.ts";

/** What the lowering of a program has in hand. */
export interface Lowering {
  readonly program: Program;
  /** Where `input` lies in the action; `undefined`: it is a map with the action under `action`, as rules have it. */
  readonly input: readonly string[] | undefined;
  /** What is undefined because of a function's operands is an error all the same (OPA's strict mode). */
  readonly strict: boolean;
  /** What `with` replaces somewhere: paths below `input` and `data`, and functions. */
  readonly replaced: { readonly documents: readonly (readonly string[])[]; readonly functions: ReadonlySet<string> };
  /** Documents above those of rules, and built-ins that are replaced, as they are asked for. */
  readonly extra: Map<string, Definition>;
  /** A name that no file can contain. */
  fresh(): string;
  readonly lowerTerm: (term: Term, scope: Scope) => Expr;
  readonly lowerBody: LowerBody;
}

export type LowerBody = (body: Body, heads: readonly (Term | undefined)[], scope: Scope) => LoweredBody;

export interface LoweredBody {
  readonly steps: readonly Query[];
  /** What stands for the heads behind the steps, in order. */
  readonly heads: readonly (Expr | undefined)[];
}

/** Where a term stands. */
export interface Scope {
  readonly lowering: Lowering;
  readonly unit: Unit;
  /** The rule around it, for what it says of itself. */
  readonly rule: RegoRule | undefined;
  /** The names that are declared here or around: they hide documents. */
  readonly declared: ReadonlySet<string>;
  /** The names that have a value here. */
  readonly bound: ReadonlySet<string>;
  /** Those of them that stand for an expression, of which no variable is made. */
  readonly inlined: ReadonlyMap<string, Expr>;
  /** What was made of references on the way: they bound something, or hang on what others bound. */
  readonly hoisted: ReadonlyMap<Term, Expr>;
  /** Makes such names, as the clauses of rules that decide do; else each name is a variable. */
  readonly inlines: boolean;
}

/** A name that is bound by bodies, and not the name of a document. */
export function isLocal(name: string, { declared, lowering, unit }: Scope): boolean {
  return name === "_" || declared.has(name) || lowering.program.resolve(name, unit) === undefined;
}

export function globalOf(name: string, scope: Scope): Global | undefined {
  return isLocal(name, scope) ? undefined : scope.lowering.program.resolve(name, scope.unit);
}

export function spanOf({ unit }: Scope, extent: Extent): Span {
  return unit.findings.spanOf(extent);
}
