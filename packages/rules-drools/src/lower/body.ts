import type { Span } from "@acteon/core";
import { childrenOf, node } from "@acteon/rules";
import type { Expr, Query } from "@acteon/rules";

/**
 * What a list of steps asks, as conjuncts: a step that has no name of the others' is one by itself, and so stays where
 * the engine finds it; steps with names in common are one query, which stands where the first of them stood.
 */
export function conjunctsOfSteps(steps: readonly Query[]): readonly Expr[] {
  return groupsOf(steps).flatMap((group) => {
    const [only] = group;
    if (group.length === 1 && only?.kind === "guard") return only.condition;
    // Names for values that nothing is asked of.
    if (group.every(({ kind }) => kind === "bind")) return [];
    return node({ kind: "query", body: [...group], collect: "exists", span: spanOver(group) });
  });
}

/** A value that names of the steps may stand in: that of the first solution. */
export function valueInSteps(expr: Expr, steps: readonly Query[]): Expr {
  const names = namesBoundIn(steps);
  const used = localsOf(expr, names);
  if (used.size === 0) return expr;
  const { span } = expr;
  const body = groupsOf(steps)
    .filter((group) => group.some((step) => [...used].some((name) => namesOf(step).includes(name))))
    .flat();
  const emit = node({ kind: "emit", key: undefined, value: expr, span });
  return node({ kind: "query", body: [...body, emit], collect: "first", span });
}

/** The values of all solutions, in their order. */
export function listOf(steps: readonly Query[], value: Expr, span: Span): Expr {
  const emit = node({ kind: "emit", key: undefined, value, span });
  return node({ kind: "query", body: [...steps, emit], collect: "list", span });
}

export function guard(condition: Expr): Query {
  return node({ kind: "guard", condition, absorbs: "none", span: condition.span });
}

/** Steps that share names, directly or through others, in the order in which the first of each stands. */
function groupsOf(steps: readonly Query[]): readonly (readonly Query[])[] {
  const bound = namesBoundIn(steps);
  const parents = new Map<string, string>();
  const rootOf = (name: string): string => {
    let root = name;
    for (let above = parents.get(root); above !== undefined; above = parents.get(root)) root = above;
    if (root !== name) parents.set(name, root);
    return root;
  };
  const namesOfSteps = steps.map((step) => [...usedIn(step, bound), ...namesOf(step)]);
  for (const [first, ...others] of namesOfSteps) {
    for (const other of others) {
      const [a, b] = [rootOf(first!), rootOf(other)];
      if (a !== b) parents.set(b, a);
    }
  }
  const groups = new Map<string | number, Query[]>();
  for (const [i, step] of steps.entries()) {
    const [name] = namesOfSteps[i]!;
    const key = name === undefined ? i : rootOf(name);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [step]);
    else group.push(step);
  }
  return [...groups.values()];
}

function namesBoundIn(steps: readonly Query[]): ReadonlySet<string> {
  return new Set(steps.flatMap(namesOf));
}

function namesOf(step: Query): readonly string[] {
  if (step.kind === "bind") return [step.name];
  return step.kind === "scan" && step.value !== undefined ? [step.value] : [];
}

function usedIn(step: Query, names: ReadonlySet<string>): ReadonlySet<string> {
  switch (step.kind) {
    case "scan":
      return localsOf(step.over, names);
    case "bind":
      return localsOf(step.value, names);
    case "guard":
      return localsOf(step.condition, names);
    default:
      return new Set();
  }
}

function localsOf(expr: Expr, among: ReadonlySet<string>, into = new Set<string>()): ReadonlySet<string> {
  if (among.size === 0) return into;
  if (expr.kind === "local" && among.has(expr.name)) into.add(expr.name);
  for (const child of childrenOf(expr)) localsOf(child, among, into);
  return into;
}

/** Steps that were filled in stand elsewhere, before or behind the others. */
function spanOver(steps: readonly Query[]): Span {
  const spans = steps.map(({ span }) => span);
  const start = spans.reduce((first, span) => (span.start.offset < first.offset ? span.start : first), spans[0]!.start);
  const end = spans.reduce((last, span) => (span.end.offset > last.offset ? span.end : last), spans[0]!.end);
  return { file: spans[0]!.file, start, end };
}
