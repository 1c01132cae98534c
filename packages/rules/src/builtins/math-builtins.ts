import { orderOf } from "../values/order.ts";
import { Double, doubleOf, fromJson, intOf, isList, numberOf, typeOf, Uint } from "../values/value.ts";
import type { Value } from "../values/value.ts";
import { BuiltinFault, mismatch } from "./builtin.ts";
import type { Builtin, BuiltinResult } from "./builtin.ts";
import { define } from "./define.ts";
import { int64 } from "./value-builtins.ts";

/** Most arguments of the functions that take any number of them. */
const manyArguments = 1_000;

/** CEL's extension `math`. */
export const mathBuiltins: readonly Builtin[] = [
  define("greatest", [1, manyArguments], undefined, (...values) => extreme(values, 1)),
  define("least", [1, manyArguments], undefined, (...values) => extreme(values, -1)),
  ofDouble("ceil", Math.ceil),
  ofDouble("floor", Math.floor),
  ofDouble("trunc", Math.trunc),
  ofDouble("round", (value) => Math.sign(value) * Math.round(Math.abs(value))),
  testOfDouble("isNaN", Number.isNaN),
  testOfDouble("isInf", (value) => Math.abs(value) === Number.POSITIVE_INFINITY),
  testOfDouble("isFinite", Number.isFinite),
  define("abs", 1, undefined, (value = null) => absolute(value)),
  define("sign", 1, undefined, (value = null) => sign(value)),
  define("sqrt", 1, "double", (value = null) => {
    const number = numberOf(value);
    return number === undefined ? mismatch : doubleOf(Math.sqrt(Number(number)));
  }),
  bitwise("bitAnd", (a, b) => a & b),
  bitwise("bitOr", (a, b) => a | b),
  bitwise("bitXor", (a, b) => a ^ b),
  define("bitNot", 1, undefined, (value = null) => {
    if (value instanceof Uint) return new Uint(BigInt.asUintN(64, ~value.value));
    return typeOf(value) === "int" ? intOf(~BigInt(value as number | bigint)) : mismatch;
  }),
  shift("bitShiftLeft", (value, count) => value << count),
  // Of an int the bits move, and its sign with them.
  shift("bitShiftRight", (value, count) => BigInt.asUintN(64, value) >> count),
];

const order = orderOf("cel");

/** Of the arguments, or of the elements of the one list that is given; of equals the first. */
function extreme(values: readonly Value[], direction: 1 | -1): BuiltinResult {
  const [first = null] = values;
  const isOneList = values.length === 1 && typeof first === "object" && first !== null && isList(first);
  const numbers = isOneList ? first.map((item) => fromJson(item)) : values;
  if (numbers.length === 0) return new BuiltinFault("an empty list");
  if (!numbers.every((value) => numberOf(value) !== undefined)) return mismatch;
  return numbers.reduce((best, value) => ((order(value, best) ?? 0) * direction > 0 ? value : best));
}

function ofDouble(name: string, run: (value: number) => number): Builtin {
  return define(name, 1, "double", (value = null) => {
    const number = doubleIn(value);
    return number === undefined ? mismatch : doubleOf(run(number));
  });
}

function testOfDouble(name: string, holds: (value: number) => boolean): Builtin {
  return define(name, 1, "bool", (value = null) => {
    const number = doubleIn(value);
    return number === undefined ? mismatch : holds(number);
  });
}

function doubleIn(value: Value): number | undefined {
  if (value instanceof Double) return value.value;
  return typeof value === "number" && typeOf(value) === "double" ? value : undefined;
}

function absolute(value: Value): BuiltinResult {
  const double = doubleIn(value);
  if (double !== undefined) return doubleOf(Math.abs(double));
  if (value instanceof Uint) return value;
  if (typeOf(value) !== "int") return mismatch;
  const int = BigInt(value as number | bigint);
  return int64(int < 0n ? -int : int);
}

function sign(value: Value): BuiltinResult {
  const double = doubleIn(value);
  if (double !== undefined) return doubleOf(Math.sign(double));
  if (value instanceof Uint) return new Uint(value.value === 0n ? 0n : 1n);
  return typeOf(value) === "int" ? Math.sign(Number(value)) : mismatch;
}

function bitwise(name: string, run: (a: bigint, b: bigint) => bigint): Builtin {
  return define(name, 2, undefined, (a = null, b = null) => {
    if (a instanceof Uint && b instanceof Uint) return new Uint(run(a.value, b.value));
    if (typeOf(a) !== "int" || typeOf(b) !== "int") return mismatch;
    return intOf(run(BigInt(a as number | bigint), BigInt(b as number | bigint)));
  });
}

/** By 64 bits or more everything is gone. */
function shift(name: string, run: (value: bigint, count: bigint) => bigint): Builtin {
  return define(name, 2, undefined, (value = null, by = null) => {
    if (typeOf(by) !== "int" || !(value instanceof Uint || typeOf(value) === "int")) return mismatch;
    const count = BigInt(by as number | bigint);
    if (count < 0n) return new BuiltinFault("a negative number of bits");
    const bits = count >= 64n ? 0n : run(BigInt(numberOf(value)!), count);
    return value instanceof Uint ? new Uint(BigInt.asUintN(64, bits)) : intOf(BigInt.asIntN(64, bits));
  });
}
