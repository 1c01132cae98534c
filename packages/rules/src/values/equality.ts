import type { Semantics } from "../ir/expr.ts";
import { identityOf } from "./keyed.ts";
import {
  Boxed,
  Duration,
  fromJson,
  isList,
  isMap,
  KeyedMap,
  numberOf,
  Optional,
  Timestamp,
  TypeValue,
  ValueSet,
} from "./value.ts";
import type { Value, ValueMap } from "./value.ts";

export type Equality = (a: Value, b: Value) => boolean;

/** Two values of different types are unequal, never an error. */
export function equalityOf(semantics: Semantics): Equality {
  return semantics === "legacy" ? equalButMaps : semantics === "drl" ? equalAfterConversion : equal;
}

/** Numbers by what they are worth, lists and maps deep. */
export function equal(a: Value, b: Value): boolean {
  if (a === b || equalScalars(a, b) || equalLists(a, b, equal)) return true;
  return a instanceof Boxed ? equalBoxes(a, b) : isMap(a) && isMap(b) && equalMaps(a, b);
}

/** The existing YAML dialect: a map equals nothing, not even itself. */
function equalButMaps(a: Value, b: Value): boolean {
  if (typeof a !== "object" || a === null) return a === b || equalScalars(a, b);
  return equalScalars(a, b) || equalLists(a, b, equalButMaps);
}

/** DRL: a text that is a number equals that number. */
function equalAfterConversion(a: Value, b: Value): boolean {
  const [left, right] = converted(a, b);
  return (
    left === right ||
    equalScalars(left, right) ||
    equalLists(left, right, equalAfterConversion) ||
    (left instanceof Boxed ? equalBoxes(left, right) : isMap(left) && isMap(right) && equalMaps(left, right))
  );
}

/** Of a text and a number the text as number, where it is one. */
export function converted(a: Value, b: Value): readonly [Value, Value] {
  if (typeof a === "string" && numberOf(b) !== undefined) return [parsedNumber(a), b];
  if (typeof b === "string" && numberOf(a) !== undefined) return [a, parsedNumber(b)];
  return [a, b];
}

function parsedNumber(text: string): Value {
  return saysNumber(text) ? Number(text) : text;
}

/** Is it a text that DRL takes for a number, beside one? */
export function saysNumber(text: string): boolean {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text);
}

function equalScalars(a: Value, b: Value): boolean {
  const left = numberOf(a);
  if (left !== undefined) {
    const right = numberOf(b);
    // Between bigint and number `==` compares what they are worth, exactly.
    // oxlint-disable-next-line eqeqeq
    return right !== undefined && left == right;
  }
  if (a instanceof Duration) return b instanceof Duration && a.nanoseconds === b.nanoseconds;
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanoseconds === b.nanoseconds;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  return false;
}

function equalLists(a: Value, b: Value, equality: Equality): boolean {
  if (!(typeof a === "object" && a !== null && isList(a) && typeof b === "object" && b !== null && isList(b))) {
    return false;
  }
  return a.length === b.length && a.every((item, i) => equality(fromJson(item), fromJson(b[i]!)));
}

function equalBoxes(a: Boxed, b: Value): boolean {
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name;
  if (a instanceof Optional) {
    if (!(b instanceof Optional)) return false;
    if (a.value === undefined || b.value === undefined) return a.value === b.value;
    return equal(a.value, b.value);
  }
  if (a instanceof ValueSet) return b instanceof ValueSet && identityOf(a) === identityOf(b);
  if (!(a instanceof KeyedMap && b instanceof KeyedMap) || a.entries.size !== b.entries.size) return false;
  return [...a.entries].every(([identity, [, value]]) => {
    const other = b.entries.get(identity);
    return other !== undefined && equal(value, other[1]);
  });
}

function equalMaps(a: ValueMap, b: ValueMap): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(fromJson(a[key]!), fromJson(b[key]!)))
  );
}
