import { BuiltinFault, inOrder, mismatch, setOf, total, ValueSet } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { calculated, difference } from "./arithmetic-functions.ts";
import { numberIn } from "./number.ts";
import {
  anything,
  array,
  boolType,
  collection,
  engineFunction,
  index,
  itemsOf,
  listType,
  numberType,
  regoFunction,
  set,
  setType,
} from "./rego-function.ts";
import type { Parameter, RegoFunction } from "./rego-function.ts";

const countable: Parameter<Value> = { types: ["string", "list", "map", "set"], read: anything.read };

/** Aggregates, arrays and sets. */
export const collectionFunctions: readonly RegoFunction[] = [
  engineFunction("count", "size", [countable], numberType),
  regoFunction("sum", [collection], numberType, (items) => folded(items, "add", 0)),
  regoFunction("product", [collection], numberType, (items) => folded(items, "multiply", 1)),
  regoFunction("max", [collection], undefined, (items) => extreme(items, 1)),
  regoFunction("min", [collection], undefined, (items) => extreme(items, -1)),
  regoFunction("sort", [collection], listType, (items) => items.toSorted(total)),
  regoFunction("all", [collection], boolType, (items) => items.every((item) => item === true), { deprecated: true }),
  regoFunction("any", [collection], boolType, (items) => items.includes(true), { deprecated: true }),

  regoFunction("array.concat", [array, array], listType, (a, b) => [...a, ...b]),
  regoFunction("array.flatten", [array], listType, (items) => items.flatMap((item) => itemsOf(item) ?? [item])),
  regoFunction("array.reverse", [array], listType, (items) => items.toReversed()),
  regoFunction("array.slice", [array, index, index], listType, (items, from, to) =>
    items.slice(Math.max(from, 0), Math.max(to, 0)),
  ),

  regoFunction("and", [set, set], setType, shared),
  regoFunction("or", [set, set], setType, (a, b) => setOf([...a.items.values(), ...b.items.values()])),
  regoFunction("set_diff", [set, set], setType, difference, { deprecated: true }),
  regoFunction("intersection", [set], setType, (sets) =>
    combined(sets, ([first, ...others]) => (first === undefined ? setOf([]) : others.reduce(shared, first))),
  ),
  regoFunction("union", [set], setType, (sets) =>
    combined(sets, (all) => setOf(all.flatMap(({ items }) => [...items.values()]))),
  ),
];

function folded(items: readonly Value[], op: "add" | "multiply", start: number): BuiltinResult {
  let result: BuiltinResult = start;
  for (const item of items) {
    const a = numberIn(result);
    const b = numberIn(item);
    if (a === undefined || b === undefined) return mismatch;
    result = calculated(op, a, b);
    if (typeof result === "symbol" || result instanceof BuiltinFault) return result;
  }
  return result;
}

/** By Rego's order, which all values have; of equals the first. */
function extreme(items: readonly Value[], direction: 1 | -1): BuiltinResult {
  const [first] = items;
  if (first === undefined) return new BuiltinFault("a collection that is empty");
  return items.reduce((best, item) => (total(item, best) * direction > 0 ? item : best), first);
}

function shared(a: ValueSet, b: ValueSet): ValueSet {
  return setOf([...a.items].filter(([identity]) => b.items.has(identity)).map(([, item]) => item));
}

function combined(sets: ValueSet, combine: (sets: readonly ValueSet[]) => ValueSet): BuiltinResult {
  const inner = inOrder(sets);
  return inner.every((item) => item instanceof ValueSet) ? combine(inner) : mismatch;
}
