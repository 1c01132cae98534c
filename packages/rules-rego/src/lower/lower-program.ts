import type { JsonObject } from "@acteon/core";
import { literal, node } from "@acteon/rules";
import type { Definition, Definitions, Expr, Query } from "@acteon/rules";
import type { Body, RegoRule, Term } from "../syntax/ast.ts";
import { checkProgram } from "./check-program.ts";
import { lowerBody } from "./lower-body.ts";
import { lowerTerm } from "./lower-term.ts";
import { Program } from "./program.ts";
import type { Clause, RuleGroup, Unit } from "./program.ts";
import { reportCircles } from "./circles.ts";
import { replacedIn } from "./replacements.ts";
import { spanOf } from "./scope.ts";
import type { Lowering, Scope } from "./scope.ts";

export interface ProgramOptions {
  readonly data: JsonObject;
  readonly input?: readonly string[];
  readonly strict?: boolean;
}

/** Puts files together. Rules that contradict each other are reported where they stand. */
export function createLowering(units: readonly Unit[], { data, input, strict = false }: ProgramOptions): Lowering {
  const program = new Program(units, data);
  checkProgram(program);
  let names = 0;
  return {
    program,
    input,
    strict,
    replaced: replacedIn(program),
    extra: new Map(),
    fresh: () => `$${names++}`,
    lowerTerm,
    lowerBody,
  };
}

/** Every document and function, and what else was asked for so far. What is wrong with them is reported. */
export function definitionsOf(lowering: Lowering): Definitions {
  const { program, extra } = lowering;
  const own = [...program.groups.values()].map((group) => [group.name, lowerGroup(group, lowering)] as const);
  const all = Object.fromEntries([...own, ...extra]);
  for (const definition of Object.values(all)) Object.freeze(definition);
  reportCircles(program, all);
  return Object.freeze(all);
}

/** Where a clause stands. */
function scopeOf({ rule, unit }: Clause, lowering: Lowering): Scope {
  return { ...fileScope(unit, lowering), rule };
}

/** Where nothing is bound. */
export function fileScope(unit: Unit, lowering: Lowering): Scope {
  return {
    lowering,
    unit,
    rule: undefined,
    declared: new Set(),
    bound: new Set(),
    inlined: new Map(),
    hoisted: new Map(),
    inlines: false,
  };
}

function lowerGroup(group: RuleGroup, lowering: Lowering): Definition {
  const [first = group.byDefault!] = group.clauses;
  const span = spanOf(scopeOf(first, lowering), first.rule.head);
  const params = group.kind === "function" ? paramsOf(group, lowering) : undefined;
  return { kind: "definition", params, value: valueOf(group, params ?? [], span, lowering), span };
}

function valueOf(group: RuleGroup, params: readonly string[], span: Definition["span"], lowering: Lowering): Expr {
  if (group.kind === "set" || group.kind === "tree") return lowerCollection(group, span, lowering);
  const values = group.clauses.map((clause) => lowerClause(clause, params, lowering));
  const agreed = values.length === 1 ? values[0]! : node({ kind: "agreement", options: values, span });
  if (group.byDefault === undefined) return agreed;
  const { head } = group.byDefault.rule;
  const otherwise =
    head.value === undefined ? literal(null, span) : lowerTerm(head.value, scopeOf(group.byDefault, lowering));
  return values.length === 0 ? otherwise : node({ kind: "firstDefined", options: [agreed, otherwise], span });
}

/** The names of the arguments, where every clause calls them the same. */
function paramsOf({ clauses, byDefault, arity }: RuleGroup, lowering: Lowering): readonly string[] {
  const all = byDefault === undefined ? clauses : [...clauses, byDefault];
  const names = Array.from({ length: arity }, (_, i) => {
    const called = new Set(all.map(({ rule }) => nameOfArgument(rule.head.args?.[i])));
    const [name] = called;
    return called.size === 1 && name !== undefined ? name : lowering.fresh();
  });
  return names.map((name, i) => (names.indexOf(name) === i ? name : lowering.fresh()));
}

function nameOfArgument(term: Term | undefined): string | undefined {
  return term?.kind === "var" && term.name !== "_" ? term.name : undefined;
}

/** Of a body with `else` the first branch that has a solution. */
function lowerClause(clause: Clause, params: readonly string[], lowering: Lowering): Expr {
  const { head, body, elses, ...extent } = clause.rule;
  const branches = [{ value: head.value, body, start: extent.start, end: extent.end }, ...elses].map((branch) =>
    lowerBranch(branch, clause, params, lowering),
  );
  const [only] = branches;
  const span = spanOf(scopeOf(clause, lowering), clause.rule);
  return branches.length === 1 ? only! : node({ kind: "firstDefined", options: branches, span });
}

function lowerBranch(
  { value, body, ...extent }: Pick<RegoRule, "body" | "start" | "end"> & { readonly value: Term | undefined },
  clause: Clause,
  params: readonly string[],
  lowering: Lowering,
): Expr {
  const { equalities, scope } = matchArguments(clause, params, lowering);
  const { steps, heads } = lowering.lowerBody([...equalities, ...(body ?? [])], [value], scope);
  const span = spanOf(scope, extent);
  const emitted = value === undefined ? literal(true, span) : (heads[0] ?? literal(null, span));
  if (steps.length === 0) return emitted;
  const isCertain = emitted.kind === "literal" || !steps.some(goesThrough);
  const emit: Query = node({ kind: "emit", key: undefined, value: emitted, span });
  return node({ kind: "query", body: [...steps, emit], collect: isCertain ? "first" : "only", span });
}

/** May it have more than one solution? */
function goesThrough(step: Query): boolean {
  return step.kind === "scan" || step.kind === "or" || (step.kind === "with" && step.body.some(goesThrough));
}

/** An argument that is no name is a pattern, which the parameter equals: the body may bind what it needs. */
function matchArguments(
  clause: Clause,
  params: readonly string[],
  lowering: Lowering,
): { readonly equalities: Body; readonly scope: Scope } {
  const args = clause.rule.head.args ?? [];
  const equalities = args.flatMap((arg, i): Body => {
    const name = params[i];
    if (name === undefined || nameOfArgument(arg) === name) return [];
    const { start, end } = arg;
    const param: Term = { kind: "var", name, start, end };
    const term: Term = { kind: "call", operator: ["eq"], operatorExtent: arg, args: [param, arg], start, end };
    return [{ kind: "expr", term, with: [], negated: false, start, end }];
  });
  const declared = new Set([...params, ...args.flatMap(namesIn)]);
  return { equalities, scope: { ...scopeOf(clause, lowering), declared, bound: new Set(params) } };
}

function namesIn(term: Term): readonly string[] {
  switch (term.kind) {
    case "var":
      return term.name === "_" ? [] : [term.name];
    case "array":
      return term.items.flatMap(namesIn);
    case "object":
      return term.entries.flatMap(([, value]) => namesIn(value));
    default:
      return [];
  }
}

/** A set of members, or a tree of values: one query, with a branch for each clause. */
function lowerCollection(group: RuleGroup, span: Definition["span"], lowering: Lowering): Expr {
  const branches = group.clauses.flatMap((clause) => {
    const { rule } = clause;
    if (rule.elses.length > 0) {
      clause.unit.findings.error({
        code: "ACT-R012",
        at: rule.elses[0]!,
        summary: "`else` belongs to rules with one value",
        help: "write another rule with the opposite condition",
      });
    }
    return [lowerMember(clause, rule.body ?? [], lowering, group.kind === "tree")];
  });
  const body = branches.length === 1 ? branches[0]! : [node({ kind: "or", branches, span })];
  return node({ kind: "query", body: [...body], collect: group.kind === "set" ? "set" : "tree", span });
}

function lowerMember(clause: Clause, body: Body, lowering: Lowering, inTree: boolean): readonly Query[] {
  const { head } = clause.rule;
  const scope = scopeOf(clause, lowering);
  const value = head.key ?? head.value;
  const { steps, heads } = lowering.lowerBody(body, [value, ...clause.keys], scope);
  const span = spanOf(scope, head);
  const [emitted, ...keys] = heads;
  const path = keys.map((key) => key ?? literal(null, span));
  const emit: Query = node({
    kind: "emit",
    key: inTree ? node({ kind: "list", items: path, span }) : undefined,
    value: value === undefined ? literal(true, span) : (emitted ?? literal(null, span)),
    ...(inTree && head.key !== undefined && { member: true as const }),
    span,
  });
  return [...steps, emit];
}
