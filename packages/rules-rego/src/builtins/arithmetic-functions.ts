import { createHash } from "node:crypto";
import { BuiltinFault, LimitFault, compute, intOf, isFault, maxWeight, mismatch, ValueSet } from "@acteon/rules";
import type { ArithmeticOp, BuiltinResult, Value } from "@acteon/rules";
import { notFinite, numberIn, resultOf } from "./number.ts";
import type { Num } from "./number.ts";
import { anything, integer, listType, number, numberType, regoFunction, text } from "./rego-function.ts";
import type { Parameter, RegoFunction } from "./rego-function.ts";

/** Most bits of an integer that is made here: numbers that are multiplied over and over must not outgrow all bounds. */
const maxBits = 8_192n;
const largest = 1n << maxBits;

/** Rego's operators on numbers, as functions, and what goes with them. */
export const arithmeticFunctions: readonly RegoFunction[] = [
  operator("plus", "add"),
  regoFunction("minus", [numberOrSet(), numberOrSet()], ["int", "double", "set"], minus),
  operator("mul", "multiply"),
  operator("div", "divide"),
  operator("rem", "modulo"),
  rounding("abs", (num) => (num < 0 ? -num : num)),
  rounding("ceil", (num) => (typeof num === "bigint" ? num : Math.ceil(num))),
  rounding("floor", (num) => (typeof num === "bigint" ? num : Math.floor(num))),
  // Half away from zero, which `Math.round` does only on the one side of it.
  rounding("round", (num) => (typeof num === "bigint" ? num : Math.sign(num) * Math.round(Math.abs(num)))),
  regoFunction("numbers.range", [integer, integer], listType, (from, to) => range(from, to, 1n)),
  regoFunction("numbers.range_step", [integer, integer, integer], listType, (from, to, step) =>
    step > 0n ? range(from, to, step) : new BuiltinFault("a step that is not positive"),
  ),
  regoFunction("rand.intn", [text, integer], numberType, randomBelow),
  bitwise("bits.and", (a, b) => a & b),
  bitwise("bits.or", (a, b) => a | b),
  bitwise("bits.xor", (a, b) => a ^ b),
  regoFunction("bits.negate", [integer], numberType, (a) => intOf(~a)),
  regoFunction("bits.lsh", [integer, integer], numberType, (a, by) => shifted(a, by)),
  regoFunction("bits.rsh", [integer, integer], numberType, (a, by) => (by < 0n ? mismatch : intOf(a >> by))),
];

function operator(name: string, op: ArithmeticOp): RegoFunction {
  return regoFunction(name, [number, number], numberType, (a, b) => calculated(op, a, b));
}

/** `1.0` is `1` to Rego, so that both make the same. */
export function calculated(op: ArithmeticOp, a: Num, b: Num): BuiltinResult {
  const computed = compute(op, a, b, "rego");
  if (isFault(computed)) {
    if (computed === "divisionByZero") return new BuiltinFault("a number and zero");
    return computed === "mismatch"
      ? new BuiltinFault("a number with a fraction")
      : new LimitFault("too large a number");
  }
  const num = numberIn(computed.value);
  if (typeof num === "number") return resultOf(num);
  if (num === undefined) return mismatch;
  return num > largest || num < -largest ? notFinite : intOf(num);
}

function numberOrSet(): Parameter<Value> {
  return { types: ["int", "double", "set"], read: anything.read };
}

/** Of numbers the difference, of sets what is in the first alone. */
function minus(a: Value, b: Value): BuiltinResult {
  if (a instanceof ValueSet && b instanceof ValueSet) return difference(a, b);
  const left = numberIn(a);
  const right = numberIn(b);
  return left === undefined || right === undefined ? mismatch : calculated("subtract", left, right);
}

export function difference(a: ValueSet, b: ValueSet): BuiltinResult {
  const computed = compute("subtract", a, b, "rego");
  return isFault(computed) ? mismatch : computed.value;
}

function rounding(name: string, round: (num: Num) => Num): RegoFunction {
  return regoFunction(name, [number], numberType, (num) => {
    const rounded = round(num);
    return typeof rounded === "bigint" ? intOf(rounded) : resultOf(rounded);
  });
}

function range(from: bigint, to: bigint, step: bigint): BuiltinResult {
  const up = to >= from;
  const count = (up ? to - from : from - to) / step + 1n;
  if (count >= BigInt(maxWeight)) return new LimitFault(`more than ${maxWeight} numbers`);
  return Array.from({ length: Number(count) }, (_, i) => intOf(from + (up ? step : -step) * BigInt(i)));
}

/** The same for the same seed and bound, so that an evaluation can be repeated; spread evenly over the seeds. */
function randomBelow(seed: string, bound: bigint): BuiltinResult {
  if (bound === 0n) return 0;
  const drawn = createHash("sha256").update(`${bound} ${seed}`).digest("hex");
  return intOf(BigInt(`0x${drawn}`) % (bound < 0n ? -bound : bound));
}

function bitwise(name: string, run: (a: bigint, b: bigint) => bigint): RegoFunction {
  return regoFunction(name, [integer, integer], numberType, (a, b) => intOf(run(a, b)));
}

function shifted(value: bigint, by: bigint): BuiltinResult {
  if (by < 0n) return mismatch;
  return by > maxBits ? new LimitFault("too large a number of bits") : intOf(value << by);
}
