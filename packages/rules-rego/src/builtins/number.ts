import { BuiltinFault, fromJson, intOf, numberOf } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";

/** A number of Rego, which knows no difference between `1` and `1.0`. One without a fraction may be of any size. */
export type Num = number | bigint;

export function numberIn(value: Value): Num | undefined {
  return numberOf(fromJson(value));
}

/** The number as an integer; `undefined`: it has a fraction. */
export function wholeOf(num: Num): bigint | undefined {
  if (typeof num === "bigint") return num;
  return Number.isInteger(num) ? BigInt(num) : undefined;
}

export const notFinite = new BuiltinFault("a number beyond what can be calculated with");

/** What a calculation with doubles gave. */
export function resultOf(num: number): BuiltinResult {
  if (!Number.isFinite(num)) return notFinite;
  return Number.isInteger(num) ? intOf(BigInt(num)) : num;
}

/** Most decimal digits of a number that is read from text: a double has at most 309 before its point. */
const maxDigits = 1_000;

const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

/** A decimal number, exact where it has no fraction; `undefined`: it is none, or too large. */
export function parseDecimal(text: string): Num | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = decimal.exec(text) ?? [];
  const digits = `${whole}${fraction}`;
  if (digits === "") return undefined;
  const significant = fraction.replace(/0+$/, "");
  const zeros = Number(exponent) - significant.length;
  if (digits.length + Math.max(zeros, 0) > maxDigits) return /^0*$/.test(digits) ? 0 : undefined;
  if (zeros < 0 && !endsInZeros(`${whole}${significant}`, -zeros)) return Number(text);
  const magnitude =
    zeros < 0
      ? BigInt(`0${whole}${significant}`.slice(0, zeros))
      : BigInt(`${whole}${significant}`) * 10n ** BigInt(zeros);
  return intOf(sign === "-" ? -magnitude : magnitude);
}

/** Do all its last digits, as many as `count`, say nothing? */
function endsInZeros(digits: string, count: number): boolean {
  return /^0*$/.test(digits.slice(Math.max(0, digits.length - count)));
}

/** As it is written: an integer in digits, anything else as short as it can be told from its neighbours. */
export function numberText(num: Num): string {
  const whole = wholeOf(num);
  if (whole !== undefined) return whole.toString();
  // Go writes an exponent with two digits at least.
  return String(num).replace(/e-(\d)$/, "e-0$1");
}
