import { identityOf, none } from "../values/keyed.ts";
import { orderOf } from "../values/order.ts";
import { fromJson, isList, Optional, typeOf } from "../values/value.ts";
import type { Value } from "../values/value.ts";
import { isTooLarge, maxWeight } from "../values/weight.ts";
import { BuiltinFault, LimitFault, mismatch } from "./builtin.ts";
import type { Builtin, BuiltinResult } from "./builtin.ts";
import { define } from "./define.ts";

/** CEL's extensions `lists` and `sets`. */
export const listBuiltins: readonly Builtin[] = [
  ofList("distinct", (items) => distinct(items)),
  ofList("sort", (items) => sorted(items.map((item) => [item, item]))),
  /** Of pairs of a key and an item: the items in the order of their keys. */
  ofList("sortPairs", (items) => sorted(items as readonly (readonly [Value, Value])[])),
  ofList("first", ([item]) => (item === undefined ? none : new Optional(item)), "optional"),
  ofList("last", (items) => (items.length === 0 ? none : new Optional(items.at(-1)!)), "optional"),
  define("reverse", 1, undefined, (value = null) => {
    if (typeof value === "string") return Array.from(value).toReversed().join("");
    return itemsOf(value)?.toReversed() ?? mismatch;
  }),
  define("flatten", [1, 2], "list", (list = null, depth = 1) => {
    const items = itemsOf(list);
    if (items === undefined || typeOf(depth) !== "int") return mismatch;
    return Number(depth) < 0 ? new BuiltinFault("a negative depth") : whole(flattened(items, Number(depth)));
  }),
  define("slice", 3, "list", (list = null, from = null, to = null) => {
    const items = itemsOf(list);
    if (items === undefined || typeof from !== "number" || typeof to !== "number") return mismatch;
    if (from < 0 || from > to || to > items.length) return new BuiltinFault("a place that is not in the list");
    return items.slice(from, to);
  }),
  define("range", 1, "list", (count = null) => {
    if (typeof count !== "number" || typeOf(count) !== "int") return mismatch;
    return count > maxWeight / 2 ? new LimitFault("too large a number") : [...Array(Math.max(0, count)).keys()];
  }),
  onSets("setsContains", (a, b) => [...b].every((identity) => a.has(identity))),
  onSets("setsIntersects", (a, b) => [...b].some((identity) => a.has(identity))),
  onSets("setsEquivalent", (a, b) => a.size === b.size && [...b].every((identity) => a.has(identity))),
];

function itemsOf(value: Value): readonly Value[] | undefined {
  return typeof value === "object" && value !== null && isList(value) ? value.map((item) => fromJson(item)) : undefined;
}

function ofList(
  name: string,
  run: (items: readonly Value[]) => BuiltinResult,
  returns: "list" | "optional" = "list",
): Builtin {
  return define(name, 1, returns, (list = null) => {
    const items = itemsOf(list);
    return items === undefined ? mismatch : run(items);
  });
}

function flattened(items: readonly Value[], depth: number): readonly Value[] {
  if (depth === 0) return items;
  return items.flatMap((item) => {
    const inner = itemsOf(item);
    return inner === undefined ? [item] : flattened(inner, depth - 1);
  });
}

function whole(items: readonly Value[]): BuiltinResult {
  return isTooLarge(items) ? new LimitFault("lists that are too large together") : items;
}

function distinct(items: readonly Value[]): readonly Value[] {
  const first = new Map<string, Value>();
  for (const item of items) {
    const identity = identityOf(item);
    if (!first.has(identity)) first.set(identity, item);
  }
  return [...first.values()];
}

const order = orderOf("cel");

function sorted(pairs: readonly (readonly [key: Value, item: Value])[]): BuiltinResult {
  let comparable = true;
  const inOrder = pairs.toSorted(([a], [b]) => {
    const difference = order(a, b);
    comparable &&= difference !== undefined;
    return difference ?? 0;
  });
  return comparable ? inOrder.map(([, item]) => item) : mismatch;
}

function onSets(name: string, holds: (a: ReadonlySet<string>, b: ReadonlySet<string>) => boolean): Builtin {
  return define(name, 2, "bool", (a = null, b = null) => {
    const left = itemsOf(a);
    const right = itemsOf(b);
    return left && right ? holds(new Set(left.map(identityOf)), new Set(right.map(identityOf))) : mismatch;
  });
}
