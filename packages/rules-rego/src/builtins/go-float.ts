/** Doubles as Go's `strconv` writes them: exact, and rounded to even where they are between two. */

/** Most digits that are asked for in earnest; a double has none beyond some 1,100. */
const maxPrecision = 1_100;

/**
 * `verb` is one of `e f g`, or `E G`; `precision` counts the digits after the point, for `g` all that count. `undefined`:
 * as few as tell it from its neighbours.
 */
export function floatText(value: number, verb: string, precision: number | undefined): string {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const places = precision === undefined ? undefined : Math.min(precision, maxPrecision);
  const digits = digitsOf(Math.abs(value), verb, places);
  const text = textOf(digits, verb.toLowerCase(), places);
  return sign + (verb === "E" || verb === "G" ? text.toUpperCase() : text);
}

/** `0.d₁d₂d₃… · 10^point`. */
interface Digits {
  readonly digits: string;
  readonly point: number;
}

function digitsOf(value: number, verb: string, places: number | undefined): Digits {
  if (value === 0) return { digits: "0", point: 1 };
  if (places === undefined) return shortest(value);
  if (verb === "f") return fixed(value, places);
  const { point } = shortest(value);
  const count = verb === "g" || verb === "G" ? Math.max(places, 1) : places + 1;
  const digits = scaled(value, count - point).toString();
  // Rounding may carry into one digit more; and a double such as 1e-7 is in truth a little below the digits it is told by.
  if (digits.length > count) return { digits: digits.slice(0, -1), point: point + 1 };
  return digits.length < count
    ? { digits: scaled(value, count - point + 1).toString(), point: point - 1 }
    : { digits, point };
}

function shortest(value: number): Digits {
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  return { digits: mantissa.replace(".", ""), point: Number(exponent) + 1 };
}

function fixed(value: number, places: number): Digits {
  const digits = scaled(value, places)
    .toString()
    .padStart(places + 1, "0");
  return { digits, point: digits.length - places };
}

/** value · 10^exponent, rounded to even. */
function scaled(value: number, exponent: number): bigint {
  const [numerator, denominator] = fractionOf(value);
  const top = exponent > 0 ? numerator * 10n ** BigInt(exponent) : numerator;
  const bottom = exponent < 0 ? denominator * 10n ** BigInt(-exponent) : denominator;
  const quotient = top / bottom;
  const twice = 2n * (top % bottom);
  return twice > bottom || (twice === bottom && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** The double exactly. */
function fractionOf(value: number): readonly [numerator: bigint, denominator: bigint] {
  const [mantissa, exponent] = binaryOf(value);
  return exponent >= 0 ? [mantissa << BigInt(exponent), 1n] : [mantissa, 1n << BigInt(-exponent)];
}

/** mantissa · 2^exponent, as it is stored. */
function binaryOf(value: number): readonly [mantissa: bigint, exponent: number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const stored = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  return stored === 0 ? [fraction, -1074] : [fraction | (1n << 52n), stored - 1075];
}

function textOf(digits: Digits, verb: string, places: number | undefined): string {
  if (verb === "f") return pointText(digits, places ?? Math.max(digits.digits.length - digits.point, 0));
  if (verb === "e") return exponentText(digits, places ?? digits.digits.length - 1);
  const { point } = digits;
  const significant = digits.digits.replace(/0+$/, "") || "0";
  const limit = places === undefined ? 6 : Math.max(places, 1);
  const most =
    places !== undefined && limit > significant.length && significant.length >= point ? significant.length : limit;
  const exponent = point - 1;
  const trimmed = { digits: significant, point };
  // With an exponent where it is below -4, or where there would be more digits than there are to tell.
  if (exponent < -4 || exponent >= most) return exponentText(trimmed, significant.length - 1);
  return pointText(trimmed, Math.max(significant.length - point, 0));
}

function pointText({ digits, point }: Digits, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  const fraction = point > 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  return places === 0 ? whole : `${whole}.${fraction.slice(0, places).padEnd(places, "0")}`;
}

function exponentText({ digits, point }: Digits, places: number): string {
  const exponent = /^0+$/.test(digits) ? 0 : point - 1;
  const fraction = digits.slice(1, places + 1).padEnd(places, "0");
  const sign = exponent < 0 ? "-" : "+";
  return `${digits[0]}${places === 0 ? "" : `.${fraction}`}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** `-0x1.8p+01`: the double in its own base. */
export function hexFloatText(value: number, precision: number | undefined): string {
  const sign = value < 0 ? "-" : "";
  if (value === 0)
    return `${sign}0x0${precision === undefined || precision === 0 ? "" : `.${"0".repeat(precision)}`}p+00`;
  const [stored, power] = binaryOf(Math.abs(value));
  const shift = 53 - stored.toString(2).length;
  let mantissa = stored << BigInt(shift);
  let exponent = power - shift + 52;
  const places = Math.min(precision ?? 13, 13);
  const dropped = BigInt(4 * (13 - places));
  const rest = mantissa & ((1n << dropped) - 1n);
  mantissa >>= dropped;
  const half = dropped === 0n ? 0n : 1n << (dropped - 1n);
  if (dropped > 0n && (rest > half || (rest === half && mantissa % 2n === 1n))) mantissa += 1n;
  if (mantissa >> BigInt(4 * places) === 2n) {
    mantissa >>= 1n;
    exponent += 1;
  }
  const hex = mantissa.toString(16).slice(1);
  const fraction = precision === undefined ? hex.replace(/0+$/, "") : hex.padEnd(precision, "0");
  const magnitude = String(Math.abs(exponent)).padStart(2, "0");
  return `${sign}0x1${fraction === "" ? "" : `.${fraction}`}p${exponent < 0 ? "-" : "+"}${magnitude}`;
}

/** `4503599627370496p-52`. */
export function binaryFloatText(value: number): string {
  const [mantissa, exponent] = binaryOf(Math.abs(value));
  return `${value < 0 ? "-" : ""}${mantissa}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}
