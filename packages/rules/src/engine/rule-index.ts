import { isJsonObject } from "@acteon/core";
import type { Action } from "@acteon/core";
import type { Constraint } from "../compile/constraints.ts";
import { IndexedField } from "./indexed-field.ts";
import type { Demand } from "./indexed-field.ts";
import type { Pacer } from "./pacer.ts";

/** Fields that every action has; always indexed where a rule tests them. */
const fixedFields: ReadonlySet<string> = new Set(["tenant", "namespace", "provider", "action_type"]);
/** So many others are indexed besides: those that most rules test. */
const maxHotFields = 8 - fixedFields.size;

/** So many combinations of kept bitmaps are remembered. */
const maxCombinations = 256;

/**
 * Which rules have a say in an action, without asking each: per field and value a set of rules, as bitmap or, where it
 * is small, as list; what a field leaves is met with what the others leave (`design.md` §5). Rules are numbered in
 * evaluation order, and so is the answer. It may name a rule too many, never one too few.
 */
export class RuleIndex {
  readonly #size: number;
  readonly #fields: readonly IndexedField[];
  readonly #words: number;
  /** The kept bitmaps of several fields met with each other, by their ids: few combinations serve nearly all actions. */
  readonly #met = new Map<number, Int32Array>();
  /** The bitmaps that were made for the action at hand. */
  readonly #own: Int32Array[] = [];

  private constructor(size: number, fields: readonly IndexedField[]) {
    this.#size = size;
    this.#fields = fields.toSorted((a, b) => a.openCount - b.openCount);
    this.#words = Math.ceil(size / 32);
  }

  /** Of no rules. */
  static readonly empty = new RuleIndex(0, []);

  /** @param constraints Of each rule, by its number. */
  static async build(constraints: readonly (readonly Constraint[])[], pacer: Pacer): Promise<RuleIndex> {
    const fields: IndexedField[] = [];
    for (const [first, ...rest] of indexedDemands(constraints)) {
      if (pacer.isDue) await pacer.pause();
      if (first !== undefined)
        fields.push(new IndexedField(first.constraint.path, [first, ...rest], constraints.length));
    }
    return new RuleIndex(constraints.length, fields);
  }

  /** Writes the numbers of the candidates to `numbers`, which has room for all, and returns how many there are. */
  candidates(action: Action, numbers: Uint32Array): number {
    const fields = this.#fields;
    // Constraints are drawn on the assumption that the payload is a map.
    if (fields.length === 0 || !isJsonObject(action.payload)) return everything(this.#size, numbers);
    let combination = 0;
    let owned = 0;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]!;
      field.look(action);
      if (field.foundId === -1) this.#own[owned++] = field.found;
      combination = combination * (field.keptCount + 1) + field.foundId + 1;
    }
    const kept = this.#met.get(combination) ?? this.#meet(combination);
    const first = owned > 0 ? this.#own[0]! : kept;
    const second = owned > 1 ? this.#own[1]! : kept;
    for (let i = 2; i < owned; i++) meetInto(first, this.#own[i]!);
    return numbersIn(kept, first, second, numbers);
  }

  /** What the kept bitmaps that the fields have found leave together. */
  #meet(combination: number): Int32Array {
    const met = new Int32Array(this.#words).fill(-1);
    for (const { found, foundId } of this.#fields) if (foundId !== -1) meetInto(met, found);
    if (this.#met.size >= maxCombinations) this.#met.clear();
    this.#met.set(combination, met);
    return met;
  }
}

function meetInto(target: Int32Array, other: Int32Array): void {
  for (let word = 0; word < target.length; word++) target[word]! &= other[word]!;
}

/** The numbers that are in all three bitmaps, rising. */
function numbersIn(a: Int32Array, b: Int32Array, c: Int32Array, numbers: Uint32Array): number {
  let count = 0;
  for (let word = 0; word < a.length; word++) {
    let bits = a[word]! & b[word]! & c[word]!;
    while (bits !== 0) {
      const lowest = bits & -bits;
      numbers[count++] = word * 32 + 31 - Math.clz32(lowest);
      bits ^= lowest;
    }
  }
  return count;
}

function everything(size: number, numbers: Uint32Array): number {
  for (let i = 0; i < size; i++) numbers[i] = i;
  return size;
}

/** What the rules demand, by field; of the fields that are indexed. */
function indexedDemands(constraints: readonly (readonly Constraint[])[]): readonly (readonly Demand[])[] {
  const byField = new Map<string, Demand[]>();
  for (const [number, ofRule] of constraints.entries()) {
    for (const constraint of ofRule) {
      const demands = byField.get(constraint.field);
      if (demands === undefined) byField.set(constraint.field, [{ number, constraint }]);
      else demands.push({ number, constraint });
    }
  }
  const fixed = [...byField].filter(([field]) => fixedFields.has(field));
  const hot = [...byField]
    .filter(([field]) => !fixedFields.has(field))
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, maxHotFields);
  return [...fixed, ...hot].map(([, demands]) => demands);
}
