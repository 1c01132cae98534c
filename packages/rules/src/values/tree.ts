import { equal } from "./equality.ts";
import { entriesOf, identityOf, isAnyMap, mapOf, setOf } from "./keyed.ts";
import type { Value } from "./value.ts";

/** A value for a place in a tree of maps. */
export interface TreeEntry {
  readonly path: readonly Value[];
  readonly value: Value;
  /** It is a member of the set that is there. */
  readonly member: boolean;
}

/** Maps within maps; `undefined`: two different values are at one place, or one is on the way to another. */
export function treeOf(entries: readonly TreeEntry[]): Value | undefined {
  const [first] = entries;
  if (first?.path.length === 0) return leafOf(entries);
  const byKey = new Map<string, { readonly key: Value; readonly below: TreeEntry[] }>();
  for (const { path, ...entry } of entries) {
    const [key, ...rest] = path;
    if (key === undefined) return undefined;
    const identity = identityOf(key);
    const branch = byKey.get(identity) ?? { key, below: [] };
    branch.below.push({ path: rest, ...entry });
    byKey.set(identity, branch);
  }
  const pairs: (readonly [Value, Value])[] = [];
  for (const { key, below } of byKey.values()) {
    const value = treeOf(below);
    if (value === undefined) return undefined;
    pairs.push([key, value]);
  }
  return mapOf(pairs);
}

function leafOf(entries: readonly TreeEntry[]): Value | undefined {
  const [first, ...rest] = entries as [TreeEntry, ...TreeEntry[]];
  if (entries.some(({ path, member }) => path.length > 0 || member !== first.member)) return undefined;
  if (first.member) return setOf(entries.map(({ value }) => value));
  return rest.every(({ value }) => equal(value, first.value)) ? first.value : undefined;
}

/** A tree with another value at a place below it; what stands in the way is no map and gives way. */
export function treeWith(tree: Value, path: readonly string[], value: Value): Value {
  const [key, ...deeper] = path;
  if (key === undefined) return value;
  const entries = isAnyMap(tree) ? entriesOf(tree) : [];
  const own = entries.find(([name]) => name === key)?.[1] ?? {};
  const others = entries.filter(([name]) => name !== key);
  return mapOf([...others, [key, treeWith(own, deeper, value)]])!;
}
