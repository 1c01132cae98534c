import type { Arithmetic, Semantics } from "../ir/expr.ts";
import { isInRange } from "./time-text.ts";
import { doubleOf, Duration, intOf, isList, numberOf, Timestamp, Uint, ValueSet } from "./value.ts";
import type { Value } from "./value.ts";
import { isTooLarge, maxTextLength } from "./weight.ts";

export type ArithmeticOp = Arithmetic["op"];

/** What went wrong, for the error of the node; `mismatch` where the operands are of types that do not go together. */
export type ArithmeticFault = "mismatch" | "divisionByZero" | "overflow" | "tooLarge";

/** A value is boxed, so that a text that was computed is never taken for a fault. */
export type Computed = { readonly value: Value } | ArithmeticFault;

export function isFault(computed: Computed): computed is ArithmeticFault {
  return typeof computed === "string";
}

/**
 * Ints are exact, 64 bits wide outside `rego`; division of ints cuts towards zero, in `rego` it gives a double where it
 * does not go up. Int with double gives a double. `add` also joins texts, bytes and lists, and moves instants.
 */
export function compute(op: ArithmeticOp, a: Value, b: Value, semantics: Semantics): Computed {
  if (a instanceof Uint && b instanceof Uint) return uints(op, a.value, b.value);
  const left = numberOf(a);
  const right = numberOf(b);
  if (left !== undefined && right !== undefined) {
    if (semantics === "rego" && op === "modulo" && Number.isInteger(Number(left)) && Number.isInteger(Number(right))) {
      return ints(op, BigInt(left), BigInt(right), semantics);
    }
    return isInt(a) && isInt(b) ? ints(op, left, right, semantics) : doubles(op, Number(left), Number(right));
  }
  if (semantics === "rego") return op === "subtract" ? difference(a, b) : "mismatch";
  return op === "add" ? added(a, b, semantics) : op === "subtract" ? subtracted(a, b) : "mismatch";
}

/** Rego's: what is in one set and not in the other. */
function difference(a: Value, b: Value): Computed {
  if (!(a instanceof ValueSet && b instanceof ValueSet)) return "mismatch";
  return { value: new ValueSet(new Map([...a.items].filter(([identity]) => !b.items.has(identity)))) };
}

export function negated(value: Value, semantics: Semantics): Computed {
  if (value instanceof Duration) return { value: new Duration(-value.nanoseconds) };
  if (value instanceof Uint) return "mismatch";
  return isInt(value) ? compute("subtract", 0, value, semantics) : compute("multiply", value, -1, semantics);
}

function isInt(value: Value): boolean {
  return typeof value === "bigint" || Number.isSafeInteger(value) || value instanceof Uint;
}

/** In Rego ints have no width of their own; what is larger than 8,192 bits is no number that anybody means. */
const largestInt = 1n << 8_192n;

function ints(op: ArithmeticOp, a: number | bigint, b: number | bigint, semantics: Semantics): Computed {
  if (typeof a === "number" && typeof b === "number" && op !== "divide" && op !== "modulo") {
    const quick = op === "add" ? a + b : op === "subtract" ? a - b : a * b;
    // Of an int there is no -0.
    if (Number.isSafeInteger(quick)) return { value: quick + 0 };
  }
  const left = BigInt(a);
  const right = BigInt(b);
  if (right === 0n && (op === "divide" || op === "modulo")) return "divisionByZero";
  if (semantics === "rego") {
    if (op === "divide" && left % right !== 0n) return doubles(op, Number(left), Number(right));
    const value = bigints(op, left, right);
    return value > largestInt || value < -largestInt ? "tooLarge" : { value: intOf(value) };
  }
  const value = bigints(op, left, right);
  return BigInt.asIntN(64, value) === value ? { value: intOf(value) } : "overflow";
}

function uints(op: ArithmeticOp, a: bigint, b: bigint): Computed {
  if (b === 0n && (op === "divide" || op === "modulo")) return "divisionByZero";
  const value = bigints(op, a, b);
  return BigInt.asUintN(64, value) === value ? { value: new Uint(value) } : "overflow";
}

function bigints(op: ArithmeticOp, a: bigint, b: bigint): bigint {
  switch (op) {
    case "add":
      return a + b;
    case "subtract":
      return a - b;
    case "multiply":
      return a * b;
    case "divide":
      return a / b;
    case "modulo":
      return a % b;
  }
}

function doubles(op: ArithmeticOp, a: number, b: number): Computed {
  switch (op) {
    case "add":
      return { value: doubleOf(a + b) };
    case "subtract":
      return { value: doubleOf(a - b) };
    case "multiply":
      return { value: doubleOf(a * b) };
    case "divide":
      return { value: doubleOf(a / b) };
    case "modulo":
      return "mismatch";
  }
}

function added(a: Value, b: Value, semantics: Semantics): Computed {
  if (typeof a === "string" && typeof b === "string") {
    return a.length + b.length > maxTextLength ? "tooLarge" : { value: a + b };
  }
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanoseconds + b.nanoseconds);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanoseconds + b.nanoseconds);
  if (a instanceof Duration && b instanceof Timestamp) return timestamp(a.nanoseconds + b.nanoseconds);
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length + b.length > maxTextLength ? "tooLarge" : { value: new Uint8Array(Buffer.concat([a, b])) };
  }
  if (semantics !== "cel" || !isListValue(a) || !isListValue(b)) return "mismatch";
  const value = [...a, ...b];
  return isTooLarge(value) ? "tooLarge" : { value };
}

function isListValue(value: Value): value is readonly Value[] {
  return typeof value === "object" && value !== null && isList(value);
}

function subtracted(a: Value, b: Value): Computed {
  if (a instanceof Duration && b instanceof Duration) return duration(a.nanoseconds - b.nanoseconds);
  if (a instanceof Timestamp && b instanceof Duration) return timestamp(a.nanoseconds - b.nanoseconds);
  if (!(a instanceof Timestamp && b instanceof Timestamp)) return "mismatch";
  // Between two instants: 64 bits of nanoseconds, some 292 years.
  const between = a.nanoseconds - b.nanoseconds;
  return BigInt.asIntN(64, between) === between ? duration(between) : "overflow";
}

function duration(nanoseconds: bigint): Computed {
  const value = new Duration(nanoseconds);
  return isInRange(value) ? { value } : "overflow";
}

function timestamp(nanoseconds: bigint): Computed {
  const value = new Timestamp(nanoseconds);
  return isInRange(value) ? { value } : "overflow";
}
