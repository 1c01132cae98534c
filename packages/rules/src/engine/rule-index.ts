import { isJsonObject } from "@acteon/core";
import type { Action } from "@acteon/core";
import { fieldReader, noMap } from "../compile/compile-action-path.ts";
import type { Constraint } from "../compile/constraints.ts";
import { NumberSet } from "./number-set.ts";
import type { Pacer } from "./pacer.ts";
import { admits, placesOf, plantTree } from "./rule-tree.ts";
import type { DemandingRule, Few, FieldValue, RuleTree } from "./rule-tree.ts";

/** Fields that every action has; always indexed where a rule tests them. */
const fixedFields: ReadonlySet<string> = new Set(["tenant", "namespace", "provider", "action_type"]);
/** So many others are indexed besides: those that most rules test. */
const maxHotFields = 8 - fixedFields.size;
/** So many trees there are for several fields; the rules of smaller ones are known by one field each. */
const maxTrees = 24;
/** Most places in its tree that one rule may have: each value that it admits at one field stands below each at another. */
const maxPlaces = 64;

/**
 * Which rules have a say in an action, without asking each (`design.md` §5). Rules that test the same fields stand in one
 * tree, which asks for one field after the other, first for the one that tells most of them apart: what an action has
 * there leads to few rules, however many there are. Rules are numbered in evaluation order, and so is the answer. It may
 * name a rule too many, never one too few.
 */
export class RuleIndex {
  readonly #size: number;
  readonly #fields: readonly ((action: Action) => FieldValue)[];
  readonly #trees: readonly RuleTree[];
  readonly #found: NumberSet;
  /** What the action at hand has at each field. */
  readonly #values: FieldValue[] = [];

  private constructor(
    size: number,
    fields: readonly IndexedField[],
    trees: readonly RuleTree[],
    always: readonly number[],
  ) {
    this.#size = size;
    this.#fields = fields.map(({ path }) => fieldReader(path));
    this.#trees = trees;
    this.#found = new NumberSet(size, always);
  }

  /** Of no rules. */
  static readonly empty = new RuleIndex(0, [], [], []);

  /** @param constraints Of each rule, by its number. */
  static async build(constraints: readonly (readonly Constraint[])[], pacer: Pacer): Promise<RuleIndex> {
    const fields = await pacer.run(indexedFields(constraints));
    const { groups, always } = await pacer.run(grouped(constraints, fields));
    const trees: RuleTree[] = [];
    for (const { rules, asked } of groups) trees.push(await pacer.run(plantTree(rules, asked)));
    return new RuleIndex(constraints.length, fields, trees, always);
  }

  /** Writes the numbers of the candidates to `numbers`, which has room for all, and returns how many there are. */
  candidates(action: Action, numbers: Uint32Array): number {
    const fields = this.#fields;
    const trees = this.#trees;
    // Constraints are drawn on the assumption that the payload is a map.
    if (trees.length === 0 || !isJsonObject(action.payload)) return everything(this.#size, numbers);
    for (let i = 0; i < fields.length; i++) this.#values[i] = fields[i]!(action);
    this.#found.clear();
    for (let i = 0; i < trees.length; i++) this.#visit(trees[i]);
    return this.#found.writeTo(numbers);
  }

  #visit(tree: RuleTree | undefined): void {
    if (tree === undefined) return;
    if (tree instanceof Uint32Array) return this.#found.add(tree);
    if (tree.kind === "few") return this.#visitFew(tree);
    const value = this.#values[tree.field];
    if (typeof value === "string") {
      this.#visit(tree.byValue.get(value));
      for (let i = 0; i < tree.prefixLengths.length; i++) {
        const length = tree.prefixLengths[i]!;
        if (length <= value.length) this.#visit(tree.byPrefix.get(value.slice(0, length)));
      }
    } else if (value === noMap) {
      this.#visit(tree.elsewhere);
    } else if (value === undefined || value === null) {
      this.#visit(tree.absent);
    } else {
      if (typeof value !== "object") this.#visit(tree.byValue.get(value));
      this.#visit(tree.noText);
    }
  }

  #visitFew({ rules, fields, depth }: Few): void {
    for (let i = 0; i < rules.length; i++) {
      const { number, demands } = rules[i]!;
      let met = depth;
      while (met < demands.length && admits(demands[met]!, this.#values[fields[met]!])) met++;
      if (met === demands.length) this.#found.addOne(number);
    }
  }
}

function everything(size: number, numbers: Uint32Array): number {
  for (let i = 0; i < size; i++) numbers[i] = i;
  return size;
}

interface IndexedField {
  readonly name: string;
  readonly path: readonly string[];
  /** How many rules each of its values leaves on average. */
  readonly rulesLeft: number;
}

/** The fields that are worth asking for. */
function* indexedFields(
  constraints: readonly (readonly Constraint[])[],
): Generator<undefined, readonly IndexedField[]> {
  const byName = new Map<string, { path: readonly string[]; demands: number; values: Set<unknown> }>();
  for (const ofRule of constraints) {
    yield;
    for (const { field, path, values, prefixes } of ofRule) {
      let found = byName.get(field);
      if (found === undefined) byName.set(field, (found = { path, demands: 0, values: new Set() }));
      found.demands++;
      for (const value of values) found.values.add(value);
      for (const prefix of prefixes) found.values.add(`${prefix}…`);
    }
  }
  const fixed = [...byName].filter(([name]) => fixedFields.has(name));
  const hot = [...byName]
    .filter(([name]) => !fixedFields.has(name))
    .toSorted(([, a], [, b]) => b.demands - a.demands)
    .slice(0, maxHotFields);
  return [...fixed, ...hot].map(([name, { path, demands, values }]) => ({
    name,
    path,
    rulesLeft: demands / Math.max(values.size, 1),
  }));
}

/** The rules of one tree. */
interface Group {
  /** Numbers of fields, in the order in which they are asked. */
  readonly asked: readonly number[];
  readonly rules: DemandingRule[];
}

interface Grouped {
  readonly groups: Iterable<Group>;
  /** Rules that demand nothing of an indexed field. */
  readonly always: readonly number[];
}

function* grouped(
  constraints: readonly (readonly Constraint[])[],
  fields: readonly IndexedField[],
): Generator<undefined, Grouped> {
  const numberOf = new Map(fields.map(({ name }, number) => [name, number]));
  const left = (demand: Constraint): number => fields[numberOf.get(demand.field)!]!.rulesLeft;
  const always: number[] = [];
  const all: DemandingRule[] = [];
  for (const [number, ofRule] of constraints.entries()) {
    yield;
    const known = ofRule.filter(({ field }) => numberOf.has(field));
    if (known.length === 0) always.push(number);
    else all.push({ number, demands: bounded(known.toSorted((a, b) => left(a) - left(b))) });
  }
  const fieldsOf = ({ demands }: DemandingRule): readonly number[] => demands.map(({ field }) => numberOf.get(field)!);
  const byFields = Map.groupBy(all, (rule) => fieldsOf(rule).join(" "));
  const large = new Set(
    [...byFields]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .slice(0, maxTrees)
      .map(([key]) => key),
  );
  const groups = new Map<string, Group>();
  for (const rule of all) {
    yield;
    const isLarge = large.has(fieldsOf(rule).join(" "));
    const planted = isLarge ? rule : { ...rule, demands: rule.demands.slice(0, 1) };
    const asked = fieldsOf(planted);
    const group = groups.get(asked.join(" "));
    if (group === undefined) groups.set(asked.join(" "), { asked, rules: [planted] });
    else group.rules.push(planted);
  }
  return { groups: groups.values(), always };
}

/** The first demands, as many as do not put their rule in too many places. */
function bounded([first, ...others]: readonly Constraint[]): readonly Constraint[] {
  const kept = first === undefined ? [] : [first];
  let places = first === undefined ? 0 : placesOf(first);
  for (const demand of others) {
    places *= placesOf(demand);
    if (places > maxPlaces) break;
    kept.push(demand);
  }
  return kept;
}
