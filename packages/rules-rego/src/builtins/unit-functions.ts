import { BuiltinFault, intOf } from "@acteon/rules";
import type { BuiltinResult } from "@acteon/rules";
import { numberType, regoFunction, text } from "./rego-function.ts";
import type { RegoFunction } from "./rego-function.ts";

export const unitFunctions: readonly RegoFunction[] = [
  // Only of milli and mega the case counts.
  regoFunction("units.parse", [text], numberType, (quantity) =>
    parsed(quantity, (unit) => (unit === "m" || unit === "M" ? unit : unit.toLowerCase()), amounts, decimalOf),
  ),
  regoFunction("units.parse_bytes", [text], numberType, (quantity) =>
    parsed(
      quantity,
      (unit) => unit.toLowerCase().replace(/(?<=.)b$/, ""),
      byteAmounts,
      (value) => intOf(value / unitScale),
    ),
  ),
];

/** Values are counted in 10^-400, so that everything that is read is exact. */
const scaleDigits = 400;
const unitScale = 10n ** BigInt(scaleDigits);

const noQuantity = new BuiltinFault("text that is no number with a unit");

const prefixes = ["k", "m", "g", "t", "p", "e"];

const byteAmounts: ReadonlyMap<string, bigint> = new Map([
  ["", 1n],
  ...prefixes.map((prefix, i) => [prefix, 1_000n ** BigInt(i + 1)] as const),
  ...prefixes.map((prefix, i) => [`${prefix}i`, 1_024n ** BigInt(i + 1)] as const),
]);

/** The units by what a thousand of them is worth, since one is a thousandth. */
const amounts: ReadonlyMap<string, bigint> = new Map([
  ...[...byteAmounts].map(([unit, amount]) => [unit, amount * 1_000n] as const),
  ["M", 1_000_000_000n],
  ["m", 1n],
]);

/** A number, perhaps with an exponent, and a unit right after it; it may be in quotes. */
function parsed(
  quantity: string,
  normalised: (unit: string) => string,
  units: ReadonlyMap<string, bigint>,
  finish: (value: bigint) => BuiltinResult,
): BuiltinResult {
  const [, sign = "", whole = "", fraction = "", exponent = "0", unit = ""] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?([A-Za-z]*)$/.exec(quantity.replaceAll('"', "")) ?? [];
  const amount = units.get(normalised(unit));
  const power = scaleDigits + Number(exponent) - fraction.length;
  if (`${whole}${fraction}` === "" || amount === undefined) return noQuantity;
  if (power < 0 || power > 2 * scaleDigits || whole.length > scaleDigits)
    return new BuiltinFault("too large or small a number");
  const value = BigInt(`${whole}${fraction}`) * 10n ** BigInt(power) * amount;
  return finish(sign === "-" ? -value : value);
}

/** In thousandths of what was counted; what is no integer to ten places. */
function decimalOf(value: bigint): BuiltinResult {
  const unit = unitScale * 1_000n;
  if (value % unit === 0n) return intOf(value / unit);
  const places = 10n ** 10n;
  const scaled = (value < 0n ? -value : value) * places;
  const rounded = (scaled + unit / 2n) / unit;
  const digits = rounded.toString().padStart(11, "0");
  const num = Number(`${digits.slice(0, -10)}.${digits.slice(-10)}`);
  return value < 0n ? -num : num;
}
