import { entriesOf, isAnyMap } from "../values/keyed.ts";
import { compareText } from "../values/order.ts";
import { instantText, secondsText } from "../values/time-text.ts";
import {
  Double,
  Duration,
  fromJson,
  isList,
  numberOf,
  Optional,
  Timestamp,
  TypeValue,
  typeOf,
  Uint,
} from "../values/value.ts";
import type { Value } from "../values/value.ts";
import { maxTextLength } from "../values/weight.ts";
import { BuiltinFault, LimitFault } from "./builtin.ts";
import { utf8 } from "./conversion-builtins.ts";

/** A clause: `%`, perhaps a precision, and a letter. */
const clause = /%(?:(%)|(?:\.(\d{1,4}))?([a-zA-Z])|)/g;
const maxPrecision = 1_000;

/** CEL's `format`: `%s %d %f %e %b %o %x %X`, `%%` for a percent sign. (cel-spec, extension `strings`.) */
export function formatText(format: string, values: readonly Value[]): string | BuiltinFault {
  let next = 0;
  let fault: BuiltinFault | undefined;
  const text = format.replace(clause, (_, percent: string | undefined, precision: string | undefined, letter = "") => {
    if (percent !== undefined) return percent;
    const value = values[next++];
    const part =
      value === undefined
        ? new BuiltinFault("a format with more clauses than there are values")
        : formatted(letter, fromJson(value), Math.min(Number(precision ?? 6), maxPrecision));
    if (typeof part === "string") return part;
    fault ??= part;
    return "";
  });
  if (fault !== undefined) return fault;
  return text.length > maxTextLength ? new LimitFault("values whose text is too long") : text;
}

function formatted(letter: string, value: Value, precision: number): string | BuiltinFault {
  const text = formatters[letter]?.(value, precision);
  if (text !== undefined) return text;
  return new BuiltinFault(
    formatters[letter] === undefined ? "a format with an unknown clause" : `a value that \`%${letter}\` does not take`,
  );
}

type Formatter = (value: Value, precision: number) => string | undefined;

const formatters: Readonly<Record<string, Formatter>> = {
  s: (value) => plainText(value),
  d: (value) => integerText(value, 10) ?? infiniteText(value) ?? doubleText(value),
  b: (value) => (typeof value === "boolean" ? String(Number(value)) : integerText(value, 2)),
  o: (value) => integerText(value, 8),
  x: (value) => hexText(value),
  X: (value) => hexText(value)?.toUpperCase(),
  f: (value, precision) => infiniteText(value) ?? fixedText(value, precision),
  e: (value, precision) =>
    infiniteText(value) ??
    doubleIn(value)
      ?.toExponential(Math.min(precision, 100))
      .replace(/e([+-])(\d)$/, "e$10$2"),
};

function integerText(value: Value, base: number): string | undefined {
  if (value instanceof Uint) return value.value.toString(base);
  return typeOf(value) === "int" ? BigInt(value as number | bigint).toString(base) : undefined;
}

function doubleText(value: Value): string | undefined {
  const double = doubleIn(value);
  return double === undefined || typeOf(value) !== "double" ? undefined : String(double);
}

function hexText(value: Value): string | undefined {
  if (typeof value === "string" || value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return integerText(value, 16);
}

/** Of a number that is not finite its name. */
function infiniteText(value: Value): string | undefined {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : undefined;
}

function doubleIn(value: Value): number | undefined {
  const number = numberOf(value);
  return number === undefined ? undefined : Number(number);
}

/** Rounded to even where it is exactly between two. */
function fixedText(value: Value, precision: number): string | undefined {
  const double = doubleIn(value);
  if (double === undefined) return undefined;
  const text = double.toFixed(Math.min(precision, 100));
  if (precision > 15 || Math.abs(double) >= 2 ** 53) return text;
  const scaled = double * 10 ** precision;
  const isBetween = Math.abs(scaled % 1) === 0.5 && scaled / 10 ** precision === double;
  return isBetween ? ((Math.round(scaled / 2) * 2) / 10 ** precision).toFixed(precision) : text;
}

/** `%s`: lists and maps with what is in them, a map by the text of its keys. */
function plainText(value: Value): string | undefined {
  if (typeof value === "string") return value;
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  const number = numberOf(fromJson(value));
  if (number !== undefined) return String(number);
  if (value instanceof Duration) return secondsText(value);
  if (value instanceof Timestamp) return instantText(value);
  if (value instanceof TypeValue) return value.name;
  if (value instanceof Uint8Array) return utf8(value) ?? Buffer.from(value).toString("latin1");
  if (value instanceof Optional || value instanceof Double || typeof value !== "object") return undefined;
  if (isList(value)) return joined(value.map(plainText), "[", "]");
  if (!isAnyMap(value)) return undefined;
  const entries = entriesOf(value).map(([key, item]) => [plainText(key), plainText(item)] as const);
  const inOrder = entries.toSorted(([a = ""], [b = ""]) => compareText(a, b));
  return joined(
    inOrder.map(([key, item]) => (key === undefined || item === undefined ? undefined : `${key}: ${item}`)),
    "{",
    "}",
  );
}

function joined(parts: readonly (string | undefined)[], open: string, close: string): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(", ")}${close}`;
}
