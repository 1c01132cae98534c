import { node } from "@acteon/rules";
import type { Expr, Extent, Query } from "@acteon/rules";
import type { Body, CallTerm, Every, RefTerm, Statement, Term, WithModifier } from "../syntax/ast.ts";
import { conjunctionOf } from "./clause-of.ts";
import { conditionOf, outputArgument } from "./conditions.ts";
import {
  declaredIn,
  isAssignment,
  isRelation,
  modifierVariables,
  outputsOf,
  patternNames,
  referencesOf,
  statementVariables,
  variablesOf,
} from "./free-names.ts";
import type { NamePlace } from "./free-names.ts";
import { hoistReference, hoistRelation } from "./lower-reference.ts";
import { guard, isUnbound, matchPattern, withBound } from "./match-pattern.ts";
import type { Matched } from "./match-pattern.ts";
import { replacementOf } from "./replacements.ts";
import { spanOf } from "./scope.ts";
import type { LoweredBody, Scope } from "./scope.ts";

/*
 * The statements of a body hold in whatever order they stand: each is made a step as soon as every variable that it needs
 * has a value, the first of them first. What can never be made one is unsafe.
 */

/** What one statement asks, or one pair of parts that are to be equal. */
interface Goal extends Extent {
  /** Is the name of a variable around the closures of this goal? One that is declared further down is none. */
  readonly isOuter: IsOuter;
  readonly what:
    | { readonly kind: "holds"; readonly term: Term }
    | { readonly kind: "equal"; readonly left: Term; readonly right: Term; readonly assigns: boolean }
    | { readonly kind: "member"; readonly key: Term | undefined; readonly value: Term; readonly collection: Term }
    | { readonly kind: "every"; readonly every: Every };
  readonly negated: boolean;
  readonly with: readonly WithModifier[];
}

export function lowerBody(body: Body, heads: readonly (Term | undefined)[], around: Scope): LoweredBody {
  const scope = enter(body, around);
  const present = heads.filter((head) => head !== undefined);
  const isOuter = namesOutsideClosures(body, present, scope);
  const goals = body.flatMap((statement, i) => {
    const declaredLater = declaredIn(body.slice(i + 1), scope);
    return goalsOf(statement, (name) => isOuter(name) && !declaredLater.has(name));
  });
  const steps: Query[] = [];
  let current = scope;
  const waiting = [...goals];
  for (;;) {
    const next = waiting.findIndex((goal) => lackingIn(goal, current).length === 0);
    if (next === -1) break;
    const [goal] = waiting.splice(next, 1);
    const made = lowerGoal(goal!, current, { later: waiting });
    steps.push(...made.steps);
    current = made.scope;
  }
  for (const goal of waiting) reportUnsafe(lackingIn(goal, current), current);
  if (waiting.length > 0) return { steps, heads: heads.map(() => undefined) };
  const lowered = heads.map((head): Expr | undefined => {
    if (head === undefined) return undefined;
    const lacking = settle([head], current, isOuter).lacking([head]);
    if (lacking.length > 0) {
      reportUnsafe(lacking, current);
      return undefined;
    }
    const hoisted = hoist([head], current, isOuter);
    steps.push(...hoisted.steps);
    current = hoisted.scope;
    return current.lowering.lowerTerm(head, current);
  });
  return { steps, heads: lowered };
}

/** The scope of a body: what it declares hides what is around it. */
function enter(body: Body, around: Scope): Scope {
  const declared = declaredIn(body, around);
  if (declared.size === 0) return around;
  return {
    ...around,
    declared: new Set([...around.declared, ...declared]),
    bound: new Set([...around.bound].filter((name) => !declared.has(name))),
    inlined: new Map([...around.inlined].filter(([name]) => !declared.has(name))),
  };
}

function namesOutsideClosures(body: Body, heads: readonly Term[], scope: Scope): (name: string) => boolean {
  const direct = [
    ...body.flatMap((statement) => statementVariables(statement, scope, () => false)),
    ...heads.flatMap((head) => variablesOf(head, scope, () => false)),
  ];
  const names = new Set([...scope.bound, ...direct.map(({ name }) => name)]);
  return (name) => names.has(name);
}

function goalsOf(statement: Statement, isOuter: IsOuter): readonly Goal[] {
  const { start, end, negated, with: replaced } = statement;
  const goal = (what: Goal["what"]): Goal => ({ what, start, end, negated, with: replaced, isOuter });
  switch (statement.kind) {
    case "some":
      return [];
    case "someIn": {
      const { key, value, collection } = statement;
      return [goal({ kind: "member", key, value, collection })];
    }
    case "every":
      return [goal({ kind: "every", every: statement })];
    case "expr": {
      const { term } = statement;
      const pair = pairOf(term);
      if (pair === undefined) return [goal({ kind: "holds", term })];
      const assigns = isAssignment(term);
      const pairs = negated ? [pair] : splitPair(...pair);
      return pairs.map(([left, right]) => goal({ kind: "equal", left, right, assigns }));
    }
  }
}

function pairOf(term: Term): readonly [Term, Term] | undefined {
  if (term.kind !== "call" || term.args.length !== 2 || term.operator.length !== 1) return undefined;
  return term.operator[0] === "eq" || term.operator[0] === "assign" ? [term.args[0]!, term.args[1]!] : undefined;
}

/** Of two lists, or two objects with the same keys, the parts that must be equal. */
function splitPair(left: Term, right: Term): readonly (readonly [Term, Term])[] {
  if (left.kind === "array" && right.kind === "array" && left.items.length === right.items.length) {
    return left.items.flatMap((item, i) => splitPair(item, right.items[i]!));
  }
  if (left.kind !== "object" || right.kind !== "object" || left.entries.length !== right.entries.length) {
    return [[left, right]];
  }
  const others = new Map(right.entries.map(([key, value]) => [scalarText(key), value]));
  const pairs = left.entries.map(([key, value]) => [value, others.get(scalarText(key))] as const);
  const isSame =
    !others.has(undefined) && others.size === pairs.length && pairs.every(([, other]) => other !== undefined);
  return isSame ? pairs.flatMap(([value, other]) => splitPair(value, other!)) : [[left, right]];
}

function scalarText(term: Term): string | undefined {
  return term.kind === "scalar" ? JSON.stringify(String(term.value)) + typeof term.value : undefined;
}

type IsOuter = (name: string) => boolean;

/** The variables that would have values behind the references in some terms, and what then has none. */
interface Settled {
  readonly bound: ReadonlySet<string>;
  /** References that can be gone through, in their order. */
  readonly order: readonly (RefTerm | CallTerm)[];
  readonly lacking: (terms: readonly Term[], exempt?: readonly string[]) => readonly NamePlace[];
}

function settle(terms: readonly Term[], scope: Scope, isOuter: IsOuter): Settled {
  const bound = new Set(scope.bound);
  const order: (RefTerm | CallTerm)[] = [];
  let waiting = terms.flatMap(referencesOf).filter((each) => each.kind === "call" || outputsOf(each, scope).length > 0);
  for (;;) {
    const isReady = (each: RefTerm | CallTerm): boolean => {
      const outputs = new Set(outputsOf(each, scope));
      return variablesOf(each, scope, isOuter).every(({ name }) => outputs.has(name) || bound.has(name));
    };
    const next = waiting.find(isReady);
    if (next === undefined) break;
    waiting = waiting.filter((each) => each !== next);
    order.push(next);
    for (const name of outputsOf(next, scope)) bound.add(name);
  }
  return {
    bound,
    order,
    lacking: (all, exempt = []) => {
      const names = all.flatMap((term) => variablesOf(term, scope, isOuter));
      return names.filter(({ name }) => !bound.has(name) && !exempt.includes(name));
    },
  };
}

/** The variables without which a goal cannot be made a step. */
function lackingIn(goal: Goal, scope: Scope): readonly NamePlace[] {
  const { what, isOuter } = goal;
  const values = modifierVariables(goal.with, scope, isOuter);
  const before = values.filter(({ name }) => !scope.bound.has(name));
  if (goal.negated) return [...before, ...termsOf(what).flatMap((term) => unboundIn(term, scope, isOuter))];
  switch (what.kind) {
    case "holds": {
      const [inputs, output] = outputArgument(what.term, scope);
      const settled = settle(termsOf(what), scope, isOuter);
      if (output === undefined) return [...before, ...settled.lacking([what.term])];
      return [...before, ...settled.lacking(inputs), ...settled.lacking([output], patternNames(output))];
    }
    case "equal": {
      const { left, right } = what;
      const settled = settle([left, right], scope, isOuter);
      const forwards = [...settled.lacking([right]), ...settled.lacking([left], patternNames(left))];
      const backwards = [...settled.lacking([left]), ...settled.lacking([right], patternNames(right))];
      return [...before, ...(forwards.length <= backwards.length || what.assigns ? forwards : backwards)];
    }
    case "member": {
      const settled = settle(termsOf(what), scope, isOuter);
      const patterns = [what.key, what.value].filter((term) => term !== undefined);
      return [
        ...before,
        ...settled.lacking([what.collection]),
        ...patterns.flatMap((pattern) => settled.lacking([pattern], patternNames(pattern))),
      ];
    }
    case "every": {
      const settled = settle([what.every.collection], scope, isOuter);
      const all = statementVariables({ ...what.every, with: [] }, scope, isOuter);
      return [...before, ...all.filter(({ name }) => !settled.bound.has(name))];
    }
  }
}

function termsOf(what: Goal["what"]): readonly Term[] {
  switch (what.kind) {
    case "holds":
      return [what.term];
    case "equal":
      return [what.left, what.right];
    case "member":
      return [...(what.key === undefined ? [] : [what.key]), what.value, what.collection];
    case "every":
      return [what.every.collection];
  }
}

/** Below `not` nothing is bound. */
function unboundIn(term: Term, scope: Scope, isOuter: IsOuter): readonly NamePlace[] {
  return variablesOf(term, scope, isOuter).filter(({ name }) => !scope.bound.has(name));
}

interface Around {
  /** The goals that are not lowered yet. */
  readonly later: readonly Goal[];
}

function lowerGoal(goal: Goal, scope: Scope, around: Around): Matched {
  const inner = lowerPositive(
    goal,
    { ...scope, inlines: scope.inlines && goal.with.length === 0 && !goal.negated },
    around,
  );
  const span = spanOf(scope, goal);
  const steps = goal.with.toReversed().reduce<readonly Query[]>((body, modifier) => {
    const replaced = replacementOf(modifier, scope);
    return replaced === undefined
      ? body
      : [node({ kind: "with", replaced, body: [...body], span: spanOf(scope, modifier) })];
  }, inner.steps);
  if (goal.negated) return { steps: [node({ kind: "not", body: [...steps], span })], scope };
  return { steps, scope: { ...inner.scope, inlines: scope.inlines } };
}

function lowerPositive({ what, isOuter, ...extent }: Goal, scope: Scope, around: Around): Matched {
  const span = spanOf(scope, extent);
  switch (what.kind) {
    case "holds":
      return lowerHolds(what.term, scope, isOuter);
    case "equal":
      return lowerEqual(what, scope, isOuter, around);
    case "member": {
      const { key, value, collection } = what;
      const hoisted = hoist(termsOf(what), scope, isOuter);
      const over = scope.lowering.lowerTerm(collection, hoisted.scope);
      const named = (term: Term | undefined): string | undefined =>
        term?.kind === "var" && term.name !== "_" && isUnbound(term.name, hoisted.scope) ? term.name : undefined;
      const keyName = key === undefined || isWildcard(key) ? undefined : (named(key) ?? scope.lowering.fresh());
      const valueName = named(value) ?? scope.lowering.fresh();
      const scan: Query = node({ kind: "scan", over, key: keyName, value: valueName, semantics: "rego", span });
      const scoped = withBound(hoisted.scope, ...[named(key), named(value)].filter((name) => name !== undefined));
      const keyed = match(keyName, named(key) === undefined ? key : undefined, scoped);
      const valued = match(valueName, named(value) === undefined ? value : undefined, keyed.scope);
      return { steps: [...hoisted.steps, scan, ...keyed.steps, ...valued.steps], scope: valued.scope };
    }
    case "every":
      return lowerEvery(what.every, scope, isOuter);
  }
}

function isWildcard(term: Term): boolean {
  return term.kind === "var" && term.name === "_";
}

function match(name: string | undefined, pattern: Term | undefined, scope: Scope): Matched {
  if (name === undefined || pattern === undefined) return { steps: [], scope };
  return matchPattern(node({ kind: "local", name, span: spanOf(scope, pattern) }), pattern, scope);
}

function lowerHolds(term: Term, scope: Scope, isOuter: IsOuter): Matched {
  const [inputs, output] = outputArgument(term, scope);
  const hoisted = hoist([term], scope, isOuter);
  if (output !== undefined && term.kind === "call") {
    const call = { ...term, args: inputs };
    const several = isRelation(call) ? hoistRelation(call, hoisted.scope) : undefined;
    const value = several?.value ?? scope.lowering.lowerTerm(call, hoisted.scope);
    const matched = matchPattern(value, output, hoisted.scope);
    return { steps: [...hoisted.steps, ...(several?.steps ?? []), ...matched.steps], scope: matched.scope };
  }
  const lowered = scope.lowering.lowerTerm(term, hoisted.scope);
  if (lowered.kind === "literal" && lowered.value === true) return hoisted;
  return { steps: [...hoisted.steps, guard(conditionOf(lowered), spanOf(scope, term))], scope: hoisted.scope };
}

function lowerEqual(
  what: Extract<Goal["what"], { kind: "equal" }>,
  scope: Scope,
  isOuter: IsOuter,
  around: Around,
): Matched {
  const hoisted = hoist([what.left, what.right], scope, isOuter);
  const { bound } = hoisted.scope;
  const isKnown = (term: Term): boolean =>
    variablesOf(term, scope, isOuter).every(({ name }) => name === "_" || bound.has(name)) &&
    !patternNames(term).includes("_");
  const [pattern, other] = isKnown(what.right) ? [what.left, what.right] : [what.right, what.left];
  const value = scope.lowering.lowerTerm(other, hoisted.scope);
  if (hoisted.scope.inlines && pattern.kind === "var" && isUnbound(pattern.name, hoisted.scope)) {
    if (isUsedFirsthand(pattern.name, around, scope) && isSmall(value)) {
      const inlined = new Map([...hoisted.scope.inlined, [pattern.name, value]]);
      return { steps: hoisted.steps, scope: { ...withBound(hoisted.scope, pattern.name), inlined } };
    }
  }
  const matched = matchPattern(value, pattern, hoisted.scope);
  return { steps: [...hoisted.steps, ...matched.steps], scope: matched.scope };
}

/**
 * Does some goal fail where the name has no value? Only then the value may stand in the place of its name: a name that
 * nobody asks for must have a value all the same.
 */
function isUsedFirsthand(name: string, { later }: Around, scope: Scope): boolean {
  return later.some(
    (goal) =>
      !goal.negated &&
      goal.with.length === 0 &&
      goal.what.kind === "holds" &&
      variablesOf(goal.what.term, scope, () => false).some((place) => place.name === name),
  );
}

/** It costs nothing worth mentioning to compute it twice. */
function isSmall(value: Expr): boolean {
  switch (value.kind) {
    case "literal":
    case "action":
    case "dedupKey":
      return true;
    case "template":
    case "list":
    case "call": {
      const parts = value.kind === "template" ? value.parts : value.kind === "list" ? value.items : value.args;
      return (
        parts.length <= 8 &&
        parts.every(
          (part) => part.kind === "literal" || part.kind === "action" || (part.kind === "list" && isSmall(part)),
        )
      );
    }
    default:
      return false;
  }
}

/** No value of the collection fails the body; a collection that is undefined has none that holds. */
function lowerEvery({ key, value, collection, body, ...extent }: Every, scope: Scope, isOuter: IsOuter): Matched {
  const span = spanOf(scope, extent);
  const hoisted = hoist([collection], scope, isOuter);
  const names = [value.name, ...(key === undefined ? [] : [key.name])].filter((name) => name !== "_");
  const declared = new Set([...hoisted.scope.declared, ...names]);
  const inner = withBound({ ...hoisted.scope, declared, inlines: false }, ...names);
  const { steps } = scope.lowering.lowerBody(body, [], inner);
  const own = {
    key: key === undefined || key.name === "_" ? undefined : key.name,
    value: value.name === "_" ? undefined : value.name,
    semantics: "rego",
    span,
  } as const;
  const over = scope.lowering.lowerTerm(collection, hoisted.scope);
  const condition = conjunctionOf(steps, span);
  if (condition !== undefined) {
    const every = node({ kind: "quantifier", quantifier: "all", over, condition, absorbs: "none", ...own });
    return { steps: [...hoisted.steps, guard(every, span)], scope: hoisted.scope };
  }
  const name = scope.lowering.fresh();
  const scan: Query = node({ kind: "scan", over: node({ kind: "local", name, span }), ...own });
  const fails: Query = node({ kind: "not", body: [...steps], span });
  return {
    steps: [
      ...hoisted.steps,
      node({ kind: "bind", name, value: over, span }),
      node({ kind: "not", body: [scan, fails], span }),
    ],
    scope: hoisted.scope,
  };
}

/** Goes through the references of some terms that bind variables. */
function hoist(terms: readonly Term[], scope: Scope, isOuter: IsOuter): Matched {
  let current = scope;
  const steps: Query[] = [];
  for (const reference of settle(terms, scope, isOuter).order) {
    const made = reference.kind === "call" ? hoistRelation(reference, current) : hoistReference(reference, current);
    steps.push(...made.steps);
    current = { ...made.scope, hoisted: new Map([...made.scope.hoisted, [reference, made.value]]) };
  }
  return { steps, scope: current };
}

function reportUnsafe(places: readonly NamePlace[], { unit }: Scope): void {
  for (const { name, ...at } of new Map(places.map((place) => [place.name, place])).values()) {
    unit.findings.error({
      code: "ACT-R027",
      at: { start: at.start, end: at.end },
      summary: name === "_" ? "`_` stands for any value, and here none is looked for" : `\`${name}\` has no value here`,
      label: "unsafe",
      help:
        name === "_"
          ? "inside of `not` nothing is gone through: move the expression to a rule of its own, and negate that"
          : `give it one, as in \`${name} := …\` or \`some ${name} in …\`; a misspelt name is one without a value`,
    });
  }
}
