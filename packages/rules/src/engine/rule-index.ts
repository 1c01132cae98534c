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

/**
 * Which rules have a say in an action, without asking each: per field and value a set of rules, as bitmap or, where it
 * is small, as list; what a field leaves is met with what the others leave (`design.md` §5). Rules are numbered in
 * evaluation order, and so is the answer. It may name a rule too many, never one too few.
 */
export class RuleIndex {
  readonly #size: number;
  /** The most selective first; at most eight. */
  readonly #fields: readonly IndexedField[];
  /** For want of a field: admits every rule. */
  readonly #open: Int32Array;

  private constructor(size: number, fields: readonly IndexedField[]) {
    this.#size = size;
    this.#fields = fields.toSorted((a, b) => a.openCount - b.openCount);
    this.#open = new Int32Array(Math.ceil(size / 32)).fill(-1);
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
    const [first] = fields;
    // Constraints are drawn on the assumption that the payload is a map.
    if (first === undefined || !isJsonObject(action.payload)) return everything(this.#size, numbers);
    for (let i = 0; i < fields.length; i++) fields[i]!.look(action);
    // One local per field: through a loop over the fields this takes four times as long.
    const open = this.#open;
    const a = first.found;
    const b = fields[1]?.found ?? open;
    const c = fields[2]?.found ?? open;
    const d = fields[3]?.found ?? open;
    const e = fields[4]?.found ?? open;
    const f = fields[5]?.found ?? open;
    const g = fields[6]?.found ?? open;
    const h = fields[7]?.found ?? open;
    let count = 0;
    for (let word = 0; word < a.length; word++) {
      let bits = a[word]! & b[word]!;
      if (bits === 0) continue;
      bits &= c[word]! & d[word]! & e[word]! & f[word]! & g[word]! & h[word]!;
      while (bits !== 0) {
        const lowest = bits & -bits;
        numbers[count++] = word * 32 + 31 - Math.clz32(lowest);
        bits ^= lowest;
      }
    }
    return count;
  }
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
