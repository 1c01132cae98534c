import { literal, node } from "@acteon/rules";
import type { Definition, Expr, Query } from "@acteon/rules";
import type { Body, ElseBranch, RegoRule, Statement, Term } from "../syntax/ast.ts";
import { patternNames } from "./mentions.ts";
import { clausesOf, groupOf, keysText } from "./rule-group.ts";
import type { Clause, RuleGroup } from "./rule-group.ts";
import { hiding, scopeOf, spanOf } from "./scope.ts";
import type { Lowering, Scope } from "./scope.ts";

/** The definition that rules of one document or function make. */
export function lowerGroup(group: RuleGroup, lowering: Lowering): Definition {
  const [first] = clausesOf(group) as readonly [Clause, ...Clause[]];
  const scope = scopeOf(first, lowering);
  const span = spanOf(scope, first.rule.head);
  switch (group.kind) {
    case "function": {
      const params = paramsOf(group, lowering);
      return node({ kind: "definition", params, value: lowerClauses(group, params, lowering, span), span });
    }
    case "complete":
      return node({ kind: "definition", params: undefined, value: lowerClauses(group, [], lowering, span), span });
    case "set":
    case "tree":
      return node({ kind: "definition", params: undefined, value: lowerCollection(group, lowering, span), span });
  }
}

/** The names of the arguments, where every clause calls them the same. */
function paramsOf(group: RuleGroup, lowering: Lowering): readonly string[] {
  const clauses = clausesOf(group);
  const taken = new Set<string>();
  return Array.from({ length: group.arity }, (_, i) => {
    const name = nameOfArgument(clauses[0]?.rule.head.args?.[i]);
    const isShared = clauses.every(({ rule }) => nameOfArgument(rule.head.args?.[i]) === name);
    if (name === undefined || !isShared || taken.has(name)) return lowering.fresh();
    taken.add(name);
    return name;
  });
}

function nameOfArgument(term: Term | undefined): string | undefined {
  return term?.kind === "var" && term.name !== "_" ? term.name : undefined;
}

/** All clauses that have a value say the same; where none has one, there is the default. */
function lowerClauses(
  { clauses, defaults: [byDefault] }: RuleGroup,
  params: readonly string[],
  lowering: Lowering,
  span: Expr["span"],
): Expr {
  const values = clauses.map((clause) => lowerClause(clause.rule, params, scopeOf(clause, lowering)));
  const options = byDefault === undefined ? values : [...values, lowerDefault(byDefault, scopeOf(byDefault, lowering))];
  const [only] = options;
  if (options.length === 1) return only!;
  if (byDefault === undefined) return node({ kind: "agreement", options, span });
  const agreed = values.length === 1 ? values[0]! : node({ kind: "agreement", options: values, span });
  return node({ kind: "firstDefined", options: [agreed, options.at(-1)!], span });
}

function lowerDefault({ rule }: Clause, scope: Scope): Expr {
  const { value } = rule.head;
  return value === undefined ? literal(null, spanOf(scope, rule)) : scope.lowering.lowerTerm(value, scope);
}

/** Of a body with `else` the first branch that has a solution. */
function lowerClause(rule: RegoRule, params: readonly string[], scope: Scope): Expr {
  const { head, body, elses, start, end } = rule;
  const branches = [{ value: head.value, body, start, end }, ...elses].map((branch) =>
    lowerBranch(branch, head.args ?? [], params, scope),
  );
  const [only] = branches;
  return branches.length === 1 ? only! : node({ kind: "firstDefined", options: branches, span: spanOf(scope, rule) });
}

function lowerBranch(
  { value, body = [], ...extent }: ElseBranch,
  args: readonly Term[],
  params: readonly string[],
  around: Scope,
): Expr {
  const scope = withArguments(args, params, around);
  const span = spanOf(scope, extent);
  const { steps, heads } = scope.lowering.lowerBody([...patternsOf(args, params), ...body], [value], scope);
  const emitted = value === undefined ? literal(true, span) : (heads[0] ?? literal(null, span));
  if (steps.length === 0) return emitted;
  const isCertain = emitted.kind === "literal" || !steps.some(hasSeveral);
  const emit: Query = node({ kind: "emit", key: undefined, value: emitted, span });
  return node({ kind: "query", body: [...steps, emit], collect: isCertain ? "first" : "only", span });
}

/** May it have more than one solution? */
function hasSeveral(step: Query): boolean {
  return step.kind === "scan" || step.kind === "or" || (step.kind === "with" && step.body.some(hasSeveral));
}

function withArguments(args: readonly Term[], params: readonly string[], around: Scope): Scope {
  const names = new Set([...params, ...args.flatMap(patternNames)]);
  const scope = { ...around, args: names, ...hiding(around, names) };
  for (const param of params) scope.bindings.add(param);
  // That there are more than the function takes elsewhere was reported.
  for (const name of args.slice(params.length).flatMap(patternNames)) scope.bindings.add(name);
  return scope;
}

/** An argument that is no name is a pattern, which the parameter equals: the body may bind what it needs. */
function patternsOf(args: readonly Term[], params: readonly string[]): Body {
  return args.flatMap((arg, i): readonly Statement[] => {
    const name = params[i];
    if (name === undefined || nameOfArgument(arg) === name) return [];
    const { start, end } = arg;
    const param: Term = { kind: "var", name, start, end };
    const term: Term = { kind: "call", operator: ["eq"], operatorExtent: arg, args: [param, arg], start, end };
    return [{ kind: "expr", term, with: [], negated: false, start, end }];
  });
}

/** A set of members, or a tree of values: one query, with a branch for each clause, or each place that is a document by itself. */
function lowerCollection(group: RuleGroup, lowering: Lowering, span: Expr["span"]): Expr {
  const inTree = group.kind === "tree";
  const whole = inTree ? documentsWithin(group) : [];
  const apart = new Set(whole.flatMap(clausesOf));
  const branches = [
    ...group.clauses
      .filter((clause) => !apart.has(clause))
      .map((clause) => lowerMember(clause, scopeOf(clause, lowering), inTree)),
    ...whole.map((document) => lowerWithin(document, lowering)),
  ];
  const [only] = branches;
  const body = branches.length === 1 ? only! : [node({ kind: "or", branches, span })];
  return node({ kind: "query", body: [...body], collect: inTree ? "tree" : "set", span });
}

/** Rules of a tree whose keys are all written out, where one of them is a default or has other branches. */
function documentsWithin(group: RuleGroup): readonly RuleGroup[] {
  const fixed = clausesOf(group).filter(
    ({ rule, keys }) => rule.head.key === undefined && keys.every(({ kind }) => kind === "scalar"),
  );
  return [...Map.groupBy(fixed, keysText).values()]
    .filter((clauses) => clauses.some(({ rule }) => rule.isDefault || rule.elses.length > 0))
    .map((clauses) => groupOf(group.path, clauses));
}

function lowerWithin(document: RuleGroup, lowering: Lowering): readonly Query[] {
  const [first] = clausesOf(document) as readonly [Clause, ...Clause[]];
  const scope = scopeOf(first, lowering);
  const span = spanOf(scope, first.rule.head);
  const path = first.keys.map((key) => lowering.lowerTerm(key, scope));
  const key = node({ kind: "list", items: path, span });
  return [node({ kind: "emit", key, value: lowerClauses(document, [], lowering, span), span })];
}

function lowerMember({ rule, keys }: Clause, scope: Scope, inTree: boolean): readonly Query[] {
  const { head, body = [] } = rule;
  const span = spanOf(scope, head);
  const value = head.key ?? head.value;
  const { steps, heads } = scope.lowering.lowerBody(body, [value, ...keys], scope);
  const [emitted, ...path] = heads.map((each) => each ?? literal(null, span));
  const emit: Query = node({
    kind: "emit",
    key: inTree ? node({ kind: "list", items: path, span }) : undefined,
    value: value === undefined ? literal(true, span) : emitted!,
    ...(inTree && head.key !== undefined && { member: true }),
    span,
  });
  return [...steps, emit];
}
