/** Most digits of a whole number: what they cost to read and to print grows with their square. */
const maxDigits = 10_000;

/** The number that is written; a whole one beyond 2^53 is exact. `undefined`: it has too many digits. */
export function numberValue(text: string): number | bigint | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return 0;
  const zeros = Number(exponent) - fraction.length;
  if (digits.length + Math.abs(zeros) > maxDigits) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) || !isWhole(digits, zeros)) return value;
  return BigInt(sign + (zeros >= 0 ? digits + "0".repeat(zeros) : digits.slice(0, zeros)));
}

/** Are the digits behind the point, if there are any, zeros? */
function isWhole(digits: string, zeros: number): boolean {
  return zeros >= 0 || /^0*$/.test(digits.slice(zeros));
}
