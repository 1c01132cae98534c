import type { Span } from "@acteon/core";
import type { Definition, Expr, Extent, PlacedFinding, Query } from "@acteon/rules";
import type { Body, Comprehension, Every, RegoRule, Term } from "../syntax/ast.ts";
import { Bindings } from "./bindings.ts";
import type { Mention } from "./mentions.ts";
import type { PathSet } from "./path-set.ts";
import type { Global, Program } from "./program.ts";
import type { Clause } from "./rule-group.ts";
import type { Suggestions } from "./suggestions.ts";
import type { Unit } from "./unit.ts";

/** What the lowering of a program has in hand. */
export interface Lowering {
  readonly program: Program;
  /** Where `input` lies in the action; `undefined`: it is a map with the action under `action`, as rules have it. */
  readonly input: readonly string[] | undefined;
  /** What is undefined because of a function's operands is an error all the same (OPA's strict mode). */
  readonly strict: boolean;
  readonly replaced: Replaced;
  /** Documents above those of rules, and built-ins that are replaced, as they are asked for. */
  readonly extra: Map<string, Definition>;
  /** What bodies within bodies take from around them, once it is known. */
  readonly taken: Map<Comprehension | Every, readonly Mention[]>;
  readonly suggestions: Suggestions;
  /** A name that no file can contain. */
  readonly fresh: () => string;
  readonly lowerTerm: (term: Term, scope: Scope) => Expr;
  readonly lowerBody: LowerBody;
}

/** What `with` replaces somewhere: only what can be replaced has to look whether it is. */
export interface Replaced {
  /** Below `input` and `data`. */
  readonly documents: PathSet;
  readonly functions: ReadonlySet<string>;
}

export type LowerBody = (body: Body, heads: readonly (Term | undefined)[], scope: Scope) => LoweredBody;

export interface LoweredBody {
  readonly steps: readonly Query[];
  /** What stands for the heads behind the steps, in order; `undefined` also where a variable of it has no value. */
  readonly heads: readonly (Expr | undefined)[];
}

/** Where a term stands. */
export interface Scope {
  readonly lowering: Lowering;
  readonly unit: Unit;
  /** The rule around it, for what it says of itself. */
  readonly rule: RegoRule;
  /** The arguments of a function, right in its body. */
  readonly args: ReadonlySet<string>;
  /** The names that are declared here or around: they hide documents. */
  readonly declared: ReadonlySet<string>;
  /** The names that have a value here. It grows with the steps of a body. */
  readonly bindings: Bindings;
  /** What was made of references on the way: they bound something, or hang on what others bound. */
  readonly hoisted: Map<Term, Expr>;
  /** A `with` around may have replaced what is asked for: one of the same body, or in what asks for this document. */
  readonly isReplaceable: boolean;
  /** Lets small values stand in the place of names, as the clauses of rules that decide do; else each name is a variable. */
  readonly inlines: boolean;
  /** Tells what is wrong; a body that is lowered a second time says nothing. */
  readonly reports: boolean;
}

/** Where the body of a rule stands: nothing is bound there. Of a rule that cannot be read nothing more is told. */
export function scopeOf({ rule, unit }: Pick<Clause, "rule" | "unit">, lowering: Lowering): Scope {
  return {
    lowering,
    unit,
    rule,
    args: noNames,
    declared: noNames,
    bindings: new Bindings(undefined, noNames),
    hoisted: new Map(),
    isReplaceable: true,
    inlines: false,
    reports: !unit.broken.has(rule),
  };
}

/** Where a body within the body stands, in which these names hide what is around it. */
export function within(scope: Scope, hidden: ReadonlySet<string> = noNames): Scope {
  return { ...scope, args: noNames, inlines: false, ...hiding(scope, hidden) };
}

/** The scope of a body: what it declares hides what is around it. */
export function hiding(
  { declared, bindings }: Scope,
  hidden: ReadonlySet<string>,
): Pick<Scope, "declared" | "bindings"> {
  return { declared: declared.union(hidden), bindings: new Bindings(bindings, hidden) };
}

const noNames: ReadonlySet<string> = new Set();

/** A name that is bound by bodies, and not the name of a document. */
export function isLocal(name: string, { declared, lowering, unit }: Scope): boolean {
  return declared.has(name) || lowering.program.resolve(name, unit) === undefined;
}

export function isUnbound(name: string, scope: Scope): boolean {
  return isLocal(name, scope) && !scope.bindings.has(name);
}

export function globalOf(name: string, scope: Scope): Global | undefined {
  return scope.declared.has(name) ? undefined : scope.lowering.program.resolve(name, scope.unit);
}

export function spanOf({ unit }: Scope, extent: Extent): Span {
  return unit.findings.spanOf(extent);
}

export function reportError({ reports, unit }: Scope, finding: PlacedFinding): void {
  if (reports) unit.findings.error(finding);
}

export function reportWarning({ reports, unit }: Scope, finding: PlacedFinding): void {
  if (reports) unit.findings.warning(finding);
}
