import { isJsonObject } from "@acteon/core";
import type { Action } from "@acteon/core";
import { samePath } from "../compile/constraints.ts";
import type { Constraint } from "../compile/constraints.ts";
import { IndexedField } from "./indexed-field.ts";

/** Fields of every action, always indexed; up to `maxHotPaths` more are chosen by how many rules test them. */
const fixedPaths: readonly (readonly string[])[] = [["tenant"], ["namespace"], ["provider"], ["action_type"]];
const maxHotPaths = 4;

/**
 * Which rules have a say in an action, without asking each: per field and value a set of rules, as bitmap or, where it
 * is small, as list; what a field leaves is met with what the others leave (`design.md` §5). Rules are numbered in
 * evaluation order, and so is the answer. It may name a rule too many, never one too few.
 */
export class RuleIndex {
  readonly #size: number;
  readonly #fields: readonly IndexedField[];

  /** @param constraints Of each rule, by its number. */
  constructor(constraints: readonly (readonly Constraint[])[]) {
    this.#size = constraints.length;
    this.#fields = [...fixedPaths, ...hotPathsOf(constraints)]
      .map((path) => new IndexedField(path, constraints))
      .filter(({ openCount }) => openCount < this.#size)
      .toSorted((a, b) => a.openCount - b.openCount);
  }

  /** Writes the numbers of the candidates to `numbers`, which has room for all, and returns how many there are. */
  candidates(action: Action, numbers: Uint32Array): number {
    const fields = this.#fields;
    // Constraints are drawn on the assumption that the payload is a map.
    if (fields.length === 0 || !isJsonObject(action.payload)) return everything(this.#size, numbers);
    for (let i = 0; i < fields.length; i++) fields[i]!.look(action);
    let count = 0;
    const words = fields[0]!.words;
    for (let w = 0; w < words; w++) {
      let bits = -1;
      for (let i = 0; bits !== 0 && i < fields.length; i++) bits &= fields[i]!.found[w]!;
      while (bits !== 0) {
        const lowest = bits & -bits;
        numbers[count++] = w * 32 + 31 - Math.clz32(lowest);
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

function hotPathsOf(constraints: readonly (readonly Constraint[])[]): readonly (readonly string[])[] {
  const counts = new Map<string, { readonly path: readonly string[]; rules: number }>();
  for (const { path } of constraints.flat()) {
    if (fixedPaths.some((fixed) => samePath(fixed, path))) continue;
    const name = path.join("\0");
    const entry = counts.get(name) ?? { path, rules: 0 };
    entry.rules++;
    counts.set(name, entry);
  }
  return [...counts.values()]
    .toSorted((a, b) => b.rules - a.rules)
    .slice(0, maxHotPaths)
    .map(({ path }) => path);
}
