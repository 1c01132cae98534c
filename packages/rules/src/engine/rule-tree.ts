import type { JsonValue } from "@acteon/core";
import { noMap } from "../compile/compile-action-path.ts";
import type { Constraint, IndexValue } from "../compile/constraints.ts";

/** What an action has at a field. */
export type FieldValue = JsonValue | undefined | typeof noMap;

/** A rule with what it demands of each of the fields that its tree asks, in that order. */
export interface DemandingRule {
  readonly number: number;
  readonly demands: readonly Constraint[];
}

/** Rules that have a say whatever else the action has, by rising number; a question, whose answer leads on; or few rules. */
export type RuleTree = Uint32Array | Fork | Few;

/** Rules that are looked at one by one: one more question would cost as much. */
export interface Few {
  readonly kind: "few";
  readonly rules: readonly DemandingRule[];
  /** The fields that their demands are of. */
  readonly fields: readonly number[];
  /** The first of the demands that are still to be looked at. */
  readonly depth: number;
}

/** A question: what has the action at this field? */
export interface Fork {
  readonly kind: "fork";
  /** Its number among the fields of the index. */
  readonly field: number;
  readonly byValue: ReadonlyMap<IndexValue, RuleTree>;
  readonly byPrefix: ReadonlyMap<string, RuleTree>;
  readonly prefixLengths: readonly number[];
  // Rules for which these are an error, so that they have a say after all.
  readonly elsewhere: RuleTree | undefined;
  readonly absent: RuleTree | undefined;
  readonly noText: RuleTree | undefined;
}

const maxFew = 4;

/** @param fields That the tree asks for, one after the other: numbers. @param rules By rising number. */
export function* plantTree(
  rules: readonly DemandingRule[],
  fields: readonly number[],
  depth = 0,
): Generator<undefined, RuleTree> {
  const field = fields[depth];
  if (field === undefined) return Uint32Array.from(rules, ({ number }) => number);
  if (depth > 0 && rules.length <= maxFew) return { kind: "few", rules, fields, depth };
  yield;
  const { byValue, byPrefix, elsewhere, absent, noText } = divided(rules, depth);
  return {
    kind: "fork",
    field,
    byValue: yield* plantEach(byValue, fields, depth + 1),
    byPrefix: yield* plantEach(byPrefix, fields, depth + 1),
    prefixLengths: [...new Set([...byPrefix.keys()].map(({ length }) => length))],
    elsewhere: yield* plantAny(elsewhere, fields, depth + 1),
    absent: yield* plantAny(absent, fields, depth + 1),
    noText: yield* plantAny(noText, fields, depth + 1),
  };
}

function* plantEach<T>(
  lists: ReadonlyMap<T, readonly DemandingRule[]>,
  fields: readonly number[],
  depth: number,
): Generator<undefined, ReadonlyMap<T, RuleTree>> {
  const trees = new Map<T, RuleTree>();
  for (const [key, rules] of lists) trees.set(key, yield* plantTree(rules, fields, depth));
  return trees;
}

function* plantAny(
  rules: readonly DemandingRule[],
  fields: readonly number[],
  depth: number,
): Generator<undefined, RuleTree | undefined> {
  return rules.length === 0 ? undefined : yield* plantTree(rules, fields, depth);
}

interface Divided {
  readonly byValue: ReadonlyMap<IndexValue, readonly DemandingRule[]>;
  readonly byPrefix: ReadonlyMap<string, readonly DemandingRule[]>;
  readonly elsewhere: readonly DemandingRule[];
  readonly absent: readonly DemandingRule[];
  readonly noText: readonly DemandingRule[];
}

/** The rules by what they demand of the field at this depth. */
function divided(rules: readonly DemandingRule[], depth: number): Divided {
  const byValue = new Map<IndexValue, DemandingRule[]>();
  const byPrefix = new Map<string, DemandingRule[]>();
  for (const rule of rules) {
    const { values, prefixes } = rule.demands[depth]!;
    for (const value of values) append(byValue, value, rule);
    for (const prefix of prefixes) append(byPrefix, prefix, rule);
  }
  const failing = (what: keyof Constraint["fails"]): readonly DemandingRule[] =>
    rules.filter(({ demands }) => demands[depth]!.fails[what]);
  return { byValue, byPrefix, elsewhere: failing("elsewhere"), absent: failing("absent"), noText: failing("noText") };
}

/** Rules come by rising number, so that one that stands twice in a list is the last there. */
function append<T>(lists: Map<T, DemandingRule[]>, key: T, rule: DemandingRule): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [rule]);
  else if (list.at(-1) !== rule) list.push(rule);
}

/** How many places of a tree a demand puts a rule in, at each place above. */
export function placesOf({ values, prefixes, fails }: Constraint): number {
  return values.length + prefixes.length + Number(fails.elsewhere) + Number(fails.absent) + Number(fails.noText);
}

/** Does a rule with this demand have a say in an action that has this value there? */
export function admits({ values, prefixes, fails }: Constraint, value: FieldValue): boolean {
  if (value === noMap) return fails.elsewhere;
  if (value === undefined || value === null) return fails.absent;
  if (typeof value === "string") return values.includes(value) || prefixes.some((prefix) => value.startsWith(prefix));
  return fails.noText || (typeof value !== "object" && values.includes(value));
}
