import type { Semantics } from "../ir/expr.ts";
import { converted } from "./equality.ts";
import { entriesOf, identityOf, isAnyMap } from "./keyed.ts";
import { Duration, fromJson, isList, numberOf, Timestamp, typeOf, ValueSet } from "./value.ts";
import type { KeyedMap, Value, ValueMap, ValueType } from "./value.ts";

/**
 * Negative, 0 or positive as `a` is before, with or after `b`; `NaN` where every comparison is false; `undefined` where
 * the two have no order, which is an error.
 */
export type Order = (a: Value, b: Value) => number | undefined;

export function orderOf(semantics: Semantics): Order {
  return orders[semantics];
}

const orders: Readonly<Record<Semantics, Order>> = {
  legacy: (a, b) => numbersOrTexts(a, b),
  plain: (a, b) => (a === null || b === null ? Number.NaN : (numbersOrTexts(a, b) ?? times(a, b))),
  cel: (a, b) => numbersOrTexts(a, b) ?? times(a, b) ?? boolsOrBytes(a, b),
  rego: total,
  drl(a, b) {
    if (a === null || b === null) return Number.NaN;
    const [left, right] = converted(a, b);
    return numbersOrTexts(left, right) ?? times(left, right);
  },
};

function numbersOrTexts(a: Value, b: Value): number | undefined {
  if (typeof a === "string") return typeof b === "string" ? compareText(a, b) : undefined;
  const left = numberOf(a);
  if (left === undefined) return undefined;
  const right = numberOf(b);
  return right === undefined ? undefined : compareNumbers(left, right);
}

/** Exact between bigint and number. */
function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // oxlint-disable-next-line eqeqeq -- 1n and 1 are of the same worth
  return a == b ? 0 : Number.NaN;
}

function times(a: Value, b: Value): number | undefined {
  if (a instanceof Duration) return b instanceof Duration ? compareNumbers(a.nanoseconds, b.nanoseconds) : undefined;
  if (a instanceof Timestamp) return b instanceof Timestamp ? compareNumbers(a.nanoseconds, b.nanoseconds) : undefined;
  return undefined;
}

function boolsOrBytes(a: Value, b: Value): number | undefined {
  if (typeof a === "boolean") return typeof b === "boolean" ? Number(a) - Number(b) : undefined;
  return a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) : undefined;
}

/** Text by code points, which is the byte order of its UTF-8. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    // A surrogate stands for a code point above all others, though its unit is below U+E000.
    return (isSurrogate(left) ? left + 0x1_0000 : left) - (isSurrogate(right) ? right + 0x1_0000 : right);
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** Rego's order over everything: null, bools, numbers, texts, lists, maps, sets; what Rego does not have comes last. */
export function total(a: Value, b: Value): number {
  const byType = ranks[typeOf(a)] - ranks[typeOf(b)];
  if (byType !== 0) return byType;
  if (a === null || b === null) return 0;
  const scalar = numbersOrTexts(a, b) ?? times(a, b) ?? boolsOrBytes(a, b);
  if (scalar !== undefined) return scalar;
  if (isList(a) && isList(b)) return totalLists(a, b);
  if (a instanceof ValueSet && b instanceof ValueSet) return totalLists(inOrder(a), inOrder(b));
  if (isAnyMap(a) && isAnyMap(b)) return totalMaps(a, b);
  return compareText(identityOf(a), identityOf(b));
}

/** The elements of a set in Rego's order, in which it is compared, printed and gone through. */
export function inOrder(set: ValueSet): readonly Value[] {
  return set.inOrder(total);
}

/** The entries of a map by their keys in Rego's order. */
export function entriesInOrder(map: ValueMap | KeyedMap): readonly (readonly [key: Value, value: Value])[] {
  return entriesOf(map).toSorted(([one], [other]) => total(one, other));
}

const ranks: Readonly<Record<ValueType, number>> = {
  null: 0,
  bool: 1,
  int: 2,
  uint: 2,
  double: 2,
  string: 3,
  list: 4,
  map: 5,
  set: 6,
  bytes: 7,
  duration: 8,
  timestamp: 9,
  optional: 10,
  type: 11,
};

function totalLists(a: readonly Value[], b: readonly Value[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = total(fromJson(a[i]!), fromJson(b[i]!));
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** By the sorted keys, then the values in their order. */
function totalMaps(a: ValueMap | KeyedMap, b: ValueMap | KeyedMap): number {
  const left = entriesInOrder(a);
  const right = entriesInOrder(b);
  const keysOf = (entries: typeof left): readonly Value[] => entries.map(([key]) => key);
  const valuesOf = (entries: typeof left): readonly Value[] => entries.map(([, value]) => value);
  return totalLists(keysOf(left), keysOf(right)) || totalLists(valuesOf(left), valuesOf(right));
}
