import { field, literal, node } from "@acteon/rules";
import type { Expr, Extent, NamedParam, Query, VerdictName } from "@acteon/rules";
import { isText, conditionOf as truthOf } from "../lower/conditions.ts";
import { guard } from "../lower/match-pattern.ts";
import type { Clause, RuleGroup } from "../lower/rule-group.ts";
import { scopeOf } from "../lower/scope.ts";
import type { Lowering, Scope } from "../lower/scope.ts";
import { keyOf } from "../lower/state-key.ts";
import { windowIn } from "../lower/window.ts";
import { conditionOf, namesBoundBy, usesNames } from "./condition-of.ts";
import { paramTerms, textIn, textParamOf, valuesOf } from "./said.ts";
import type { ParamTerms } from "./said.ts";

/** When a rule decides, and what its verdict takes then. */
export interface Decided {
  readonly condition: Expr;
  readonly params: ReadonlyMap<string, NamedParam>;
  /** Makes a value of its own of an expression with variables of the body. */
  readonly closed: (expr: Expr) => Expr;
}

interface LoweredClause extends Decided {
  readonly steps: readonly Query[];
}

/**
 * One of the clauses holds; what the verdict takes is what the one that holds says. `undefined`: one says nothing that can be
 * understood, which was reported.
 */
export function decidedByClauses(group: RuleGroup, kind: VerdictName, lowering: Lowering): Decided | undefined {
  const said = group.clauses.filter(canDecide).map((clause) => {
    const [value] = valuesOf(clause.rule);
    return { clause, params: paramTerms(value, kind, clause.unit.findings) };
  });
  const clauses = said.flatMap(({ clause, params }) =>
    params === undefined ? [] : lowerClause(clause, params, lowering),
  );
  if (clauses.length < said.length) return undefined;
  const [first] = group.clauses as readonly [Clause, ...Clause[]];
  const span = first.unit.findings.spanOf(first.rule);
  const [only] = clauses;
  if (only === undefined) return { condition: literal(false, span), params: new Map(), closed: itself };
  if (clauses.length === 1) return only;
  const condition = node({ kind: "or", operands: clauses.map((clause) => clause.condition), absorbs: "none", span });
  const names = new Set(clauses.flatMap(({ params }) => [...params.keys()]));
  const params = [...names].map((name): readonly [string, NamedParam] => {
    const given = clauses.flatMap((clause) => {
      const param = clause.params.get(name);
      return param?.value === undefined ? [] : [{ at: param.at, value: whereHolds(clause, param.value) }];
    });
    const options = given.map(({ value }) => value);
    // Of a set any member will do; of a document all that hold must say the same.
    const value = node({ kind: group.kind === "set" ? "firstDefined" : "agreement", options, span });
    return [name, { at: given[0]?.at ?? first.rule.head, value }];
  });
  return { condition, params: new Map(params), closed: itself };
}

function itself(expr: Expr): Expr {
  return expr;
}

/** A rule whose value is false never decides. */
function canDecide({ rule }: Clause): boolean {
  const [value] = valuesOf(rule);
  return !(value?.kind === "scalar" && value.value === false);
}

function lowerClause({ rule, unit }: Clause, terms: ParamTerms, lowering: Lowering): LoweredClause {
  // What is wrong with the body is told where its document is lowered.
  const scope: Scope = { ...scopeOf({ rule, unit }, lowering), isReplaceable: false, inlines: true, reports: false };
  const heads = [...terms.values()].map(({ term }) => term);
  const lowered = lowering.lowerBody(rule.body ?? [], heads, scope);
  const params = [...terms].map(([name, { at }], i): readonly [string, NamedParam] => {
    const head = lowered.heads[i];
    return [name, { at, value: head && paramOf(name, head, scope) }];
  });
  const [value] = valuesOf(rule);
  const said = value?.kind === "object" ? undefined : lowered.heads[0];
  // A value that may be false decides only where it is not.
  const steps = said === undefined || isText(said) ? lowered.steps : [...lowered.steps, guard(truthOf(said))];
  const bound = new Set(steps.flatMap(namesBoundBy));
  return {
    steps,
    condition: conditionOf(steps, unit.findings.spanOf(rule)),
    params: new Map(params),
    closed: (expr) => (usesNames(expr, bound) ? firstOf(steps, expr) : expr),
  };
}

/** As the verdict takes it. */
export function paramOf(name: string, value: Expr, scope: Scope): Expr | undefined {
  if (name === "key") return keyOf(value);
  return name === "window" || name === "duration" ? windowIn(value, scope) : value;
}

function whereHolds({ steps }: LoweredClause, value: Expr): Expr {
  return steps.length === 0 ? value : firstOf(steps, value);
}

function firstOf(steps: readonly Query[], value: Expr): Expr {
  const emit: Query = node({ kind: "emit", key: undefined, value, span: value.span });
  return node({ kind: "query", body: [...steps, emit], collect: "first", span: value.span });
}

/** Where there is an `else`, or a default that decides: the value of the document says it all. */
export function decidedByDocument(group: RuleGroup, kind: VerdictName, scope: Scope): Decided {
  const [{ rule }] = group.clauses as readonly [Clause, ...Clause[]];
  const at: Extent = rule.head;
  const span = scope.unit.findings.spanOf(at);
  const document = node({ kind: "document", name: group.name, span });
  const objects = group.clauses.flatMap((clause) => valuesOf(clause.rule)).filter((value) => value.kind === "object");
  const names = new Set(objects.flatMap(({ entries }) => entries.flatMap(([key]) => textIn(key) ?? [])));
  names.delete("verdict");
  const text = textParamOf(kind);
  const said: readonly (readonly [string, Expr])[] =
    objects.length > 0
      ? [...names].map((name) => [name, field(document, name, "undefined", span)])
      : text === undefined
        ? []
        : [[text, document]];
  const params = said.map(([name, value]) => [name, { at, value: paramOf(name, value, scope) }] as const);
  return { condition: truthOf(document), params: new Map(params), closed: itself };
}
