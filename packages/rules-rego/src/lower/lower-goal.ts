import { node } from "@acteon/rules";
import type { Query } from "@acteon/rules";
import type { Every, Term, VarTerm } from "../syntax/ast.ts";
import { conjunctionOf } from "./clause-of.ts";
import { conditionOf } from "./conditions.ts";
import { settle } from "./goal.ts";
import type { Demand, Goal, Question } from "./goal.ts";
import { isSmall, isUsedFirsthand } from "./inlining.ts";
import { passThrough } from "./lower-reference.ts";
import { guard, matchPattern } from "./match-pattern.ts";
import { isNameless, variableName, variablesOf } from "./mentions.ts";
import { replacementOf } from "./replacements.ts";
import { isUnbound, spanOf, within } from "./scope.ts";
import type { Scope } from "./scope.ts";

/**
 * The steps of a goal whose time has come. What it binds is bound from then on.
 *
 * @param later The goals that come after it.
 */
export function lowerGoal(goal: Goal, scope: Scope, later: readonly Goal[]): readonly Query[] {
  const before = passWays(goal.demandBefore, scope);
  const isReplaceable = scope.isReplaceable || goal.with.length > 0;
  const inlines = scope.inlines && goal.with.length === 0 && !goal.negated;
  const inner = lowerQuestion(goal, { ...scope, isReplaceable, inlines }, later);
  const steps = goal.with.toReversed().reduce<readonly Query[]>((body, modifier) => {
    const replaced = replacementOf(modifier, scope);
    if (replaced === undefined) return body;
    return [node({ kind: "with", replaced, body: [...body], span: spanOf(scope, modifier) })];
  }, inner);
  if (!goal.negated) return [...before, ...steps];
  return [...before, node({ kind: "not", body: [...steps], span: spanOf(scope, goal) })];
}

function lowerQuestion(goal: Goal, scope: Scope, later: readonly Goal[]): readonly Query[] {
  const { what, demand } = goal;
  switch (what.kind) {
    case "holds":
      return [...passWays(demand, scope), ...lowerHolds(what.term, scope)];
    case "equal":
      return lowerEqual(what, demand, scope, later);
    case "member":
      return [...passWays(demand, scope), ...lowerMember(what, spanOf(scope, goal), scope)];
    case "every":
      return [...passWays(demand, scope), ...lowerEvery(what.every, scope)];
  }
}

/**
 * Goes through the references that bind variables.
 *
 * @param name What the value of the last bracket of this one is called.
 */
export function passWays(
  { ways }: Demand,
  scope: Scope,
  name?: { readonly of: Term; readonly is: string },
): readonly Query[] {
  return settle(ways, scope.bindings).order.flatMap(({ through, gives }) => {
    const isOpen = through?.kind === "call" || [...gives].some((each) => !scope.bindings.has(each));
    if (through === undefined || !isOpen) return [];
    const { steps, value } = passThrough(through, through === name?.of ? name.is : undefined, scope);
    scope.hoisted.set(through, value);
    return steps;
  });
}

function lowerHolds(term: Term, scope: Scope): readonly Query[] {
  const lowered = scope.lowering.lowerTerm(term, scope);
  return lowered.kind === "literal" && lowered.value === true ? [] : [guard(conditionOf(lowered))];
}

function lowerEqual(
  { left, right }: Extract<Question, { kind: "equal" }>,
  demand: Demand,
  scope: Scope,
  later: readonly Goal[],
): readonly Query[] {
  const name = nameOfLast(left, right, demand, scope) ?? nameOfLast(right, left, demand, scope);
  const passed = passWays(demand, scope, name);
  const forwards = demand.ways.find(({ through }) => through === undefined);
  const isForwards = forwards === undefined || [...forwards.needs].every((each) => scope.bindings.has(each));
  const [pattern, other] = isForwards ? [left, right] : [right, left];
  const value = scope.lowering.lowerTerm(other, scope);
  const isNew = pattern.kind === "var" && pattern.name !== "_" && isUnbound(pattern.name, scope);
  if (scope.inlines && isNew && isSmall(value) && isUsedFirsthand(pattern.name, later)) {
    scope.bindings.add(pattern.name, value);
    return passed;
  }
  return [...passed, ...matchPattern(value, pattern, scope)];
}

/** In `x := xs[_]` what is gone through is called `x` right away. */
function nameOfLast(
  variable: Term,
  reference: Term,
  { ways }: Demand,
  scope: Scope,
): { readonly of: Term; readonly is: string } | undefined {
  if (variable.kind !== "var" || !isUnbound(variableName(variable), scope)) return undefined;
  const is = variableName(variable);
  const way = ways.find(({ through }) => through === reference);
  return way === undefined || way.gives.has(is) || way.needs.has(is) ? undefined : { of: reference, is };
}

function lowerMember(
  { key, value, collection }: Extract<Question, { kind: "member" }>,
  span: Query["span"],
  scope: Scope,
): readonly Query[] {
  const over = scope.lowering.lowerTerm(collection, scope);
  const keyName = scanName(key, scope);
  const valueName = scanName(value, scope);
  const parts = [
    [keyName, key],
    [valueName, value],
  ] as const;
  return [
    node({ kind: "scan", over, key: keyName, value: valueName, semantics: "rego", span }),
    ...parts.flatMap(([name, pattern]) =>
      name === undefined || pattern === undefined
        ? []
        : matchPattern(node({ kind: "local", name, span: spanOf(scope, pattern) }), pattern, scope),
    ),
  ];
}

/** What a scan calls the keys or values that a pattern is for; `undefined`: nobody asks for them. */
function scanName(pattern: Term | undefined, scope: Scope): string | undefined {
  if (pattern?.kind !== "var") return pattern && scope.lowering.fresh();
  const name = variableName(pattern);
  if (isNameless(name)) return undefined;
  return isUnbound(name, scope) ? name : scope.lowering.fresh();
}

function lowerEvery(every: Every, scope: Scope): readonly Query[] {
  const span = spanOf(scope, every);
  const names = new Set(variablesOf(every).map(variableName));
  const inner = within(scope, names);
  for (const name of names) inner.bindings.add(name);
  const { steps } = scope.lowering.lowerBody(every.body, [], inner);
  const condition = conjunctionOf(steps, span) ?? node({ kind: "query", body: [...steps], collect: "exists", span });
  const over = scope.lowering.lowerTerm(every.collection, scope);
  const { key, value } = every;
  const all = node({
    kind: "quantifier",
    quantifier: "all",
    over,
    key: key && nameIfAsked(key),
    value: nameIfAsked(value),
    condition,
    absorbs: "none",
    semantics: "rego",
    span,
  });
  return [guard(all)];
}

function nameIfAsked(variable: VarTerm): string | undefined {
  return variable.name === "_" ? undefined : variable.name;
}
