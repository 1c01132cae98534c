import { entriesOf, maxTextLength, valueAt } from "@acteon/rules";
import { encodeQuery } from "./encoding-functions.ts";
import { formatGo } from "./go-format.ts";
import type { FormatArgument } from "./go-format.ts";
import { fromData, isListValue, isMapValue, isTrue, JsonNumber, printed, textIn } from "./go-template-values.ts";
import type { TemplateValue } from "./go-template-values.ts";

/** `undefined`: not of these values. */
type TemplateFunction = (...args: readonly TemplateValue[]) => TemplateValue | undefined;

/** The functions that Go's templates have; `and` and `or` are not among them, since they do not take all their values. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ["not", (value = null) => !isTrue(value)],
  ["len", (value = null) => lengthOf(value)],
  ["index", (value = null, ...keys) => keys.reduce<TemplateValue | undefined>(elementAt, value)],
  ["slice", sliced],
  [
    "html",
    (...values) => onText(values, (text) => text.replaceAll(/[<>&'"\0]/g, (char) => htmlEscapes[char] ?? "\ufffd")),
  ],
  ["js", (...values) => onText(values, escapedForScripts)],
  ["urlquery", (...values) => onText(values, encodeQuery)],
  ["print", (...values) => joined(values, false)],
  ["println", (...values) => `${joined(values, true)}\n`],
  ["printf", (format = null, ...values) => formatted(format, values)],
  ["eq", (first = null, ...others) => (others.length === 0 ? undefined : anyEqual(first, others))],
  ["ne", (a = null, b) => (b === undefined ? undefined : negated(areEqual(a, b)))],
  ["lt", comparison((order) => order < 0)],
  ["le", comparison((order) => order <= 0)],
  ["gt", comparison((order) => order > 0)],
  ["ge", comparison((order) => order >= 0)],
]);

/** Of a text in bytes. */
function lengthOf(value: TemplateValue): bigint | undefined {
  const text = textIn(value);
  if (text !== undefined) return BigInt(Buffer.byteLength(text));
  if (isListValue(value)) return BigInt(value.length);
  return isMapValue(value) ? BigInt(entriesOf(value).length) : undefined;
}

/** A key that a map does not have gives nothing. */
function elementAt(value: TemplateValue | undefined, key: TemplateValue): TemplateValue | undefined {
  if (value === undefined) return undefined;
  if (isMapValue(value)) {
    const element = typeof key === "string" ? valueAt(value, key) : undefined;
    return typeof key === "string" ? fromData(element ?? null) : undefined;
  }
  const item = isListValue(value) && typeof key === "bigint" ? value[Number(key)] : undefined;
  return item === undefined ? undefined : fromData(item);
}

function sliced(value: TemplateValue = null, ...places: readonly TemplateValue[]): TemplateValue | undefined {
  const whole = isListValue(value) ? value : typeof value === "string" ? Buffer.from(value) : undefined;
  if (whole === undefined || places.length > 2 || !places.every((place) => typeof place === "bigint")) return undefined;
  const [start = 0, end = whole.length] = places.map(Number);
  if (start < 0 || start > end || end > whole.length) return undefined;
  return isListValue(value)
    ? value.slice(start, end)
    : Buffer.from(value as string)
        .subarray(start, end)
        .toString();
}

const htmlEscapes: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "'": "&#39;",
  '"': "&#34;",
};

function escapedForScripts(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is escaped
  return text.replaceAll(/[\\'"<>&=\u0000-\u001f]/g, (char) =>
    /[\\'"]/.test(char) ? `\\${char}` : `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}

function onText(values: readonly TemplateValue[], change: (text: string) => string): string | undefined {
  const text = joined(values, false);
  return text === undefined ? undefined : change(text);
}

/** A space stands between values that are no texts, or between all. */
function joined(values: readonly TemplateValue[], spaced: boolean): string | undefined {
  let text = "";
  for (const [i, value] of values.entries()) {
    const part = printed(value);
    if (part === undefined || text.length > maxTextLength) return undefined;
    const isApart = i > 0 && (spaced || (textIn(value) === undefined && textIn(values[i - 1]!) === undefined));
    text += isApart ? ` ${part}` : part;
  }
  return text;
}

function formatted(format: TemplateValue, values: readonly TemplateValue[]): string | undefined {
  const args = values.map(formatArgument);
  return typeof format === "string" && args.every((arg) => arg !== undefined) ? formatGo(format, args) : undefined;
}

function formatArgument(value: TemplateValue): FormatArgument | undefined {
  if (typeof value === "bigint") return { kind: "int", value };
  return typeof value === "number" ? { kind: "float", value } : printed(value);
}

function anyEqual(first: TemplateValue, others: readonly TemplateValue[]): boolean | undefined {
  for (const other of others) {
    const isEqual = areEqual(first, other);
    if (isEqual !== false) return isEqual;
  }
  return false;
}

/** Of two that are of different kinds there is no telling. */
function areEqual(a: TemplateValue, b: TemplateValue): boolean | undefined {
  if (a === null || b === null) return a === b;
  const left = basic(a);
  const right = basic(b);
  return left === undefined || typeof left !== typeof right ? undefined : left === right;
}

function basic(value: TemplateValue): boolean | bigint | number | string | undefined {
  if (value instanceof JsonNumber) return value.text;
  return typeof value === "object" ? undefined : value;
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function comparison(holds: (order: number) => boolean): TemplateFunction {
  return (a = null, b = null) => {
    const left = basic(a);
    const right = basic(b);
    if (left === undefined || right === undefined || typeof left === "boolean" || typeof left !== typeof right)
      return undefined;
    return holds(left < right ? -1 : left > right ? 1 : 0);
  };
}
