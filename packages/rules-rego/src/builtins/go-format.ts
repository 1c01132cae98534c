import { maxTextLength } from "@acteon/rules";
import { binaryFloatText, floatText, hexFloatText } from "./go-float.ts";
import { escapedRune, quoted } from "./rego-text.ts";
import { TextBuilder } from "./text-builder.ts";

/** What OPA passes to Go's `fmt`: numbers as `int`, as `*big.Int` beyond 64 bits, or as `float64`; anything else as text. */
export type FormatArgument = string | FormatNumber;

export type FormatNumber =
  | { readonly kind: "int" | "big"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number };

/** `fmt.Sprintf`, as the documentation of Go's package `fmt` has it. `undefined`: the text would be too long. */
export function formatGo(format: string, args: readonly FormatArgument[]): string | undefined {
  return new GoFormatter(format, args).format();
}

interface Flags {
  plus: boolean;
  minus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  width: number | undefined;
  precision: number | undefined;
}

const maxWidth = 1_000_000;

class GoFormatter {
  readonly #format: string;
  readonly #args: readonly FormatArgument[];
  readonly #out = new TextBuilder();
  #at = 0;
  #next = 0;
  /** An argument was named by its number, `%[1]d`. */
  #isReordered = false;
  /** The last thing read was such a number. */
  #afterIndex = false;
  #isGoodIndex = true;

  constructor(format: string, args: readonly FormatArgument[]) {
    this.#format = format;
    this.#args = args;
  }

  format(): string | undefined {
    while (this.#at < this.#format.length && !this.#out.isFull) {
      const percent = this.#format.indexOf("%", this.#at);
      this.#out.write(this.#format.slice(this.#at, percent === -1 ? undefined : percent));
      if (percent === -1) break;
      this.#at = percent + 1;
      this.#directive();
    }
    if (!this.#isReordered && this.#next < this.#args.length) this.#extra();
    return this.#out.finish();
  }

  #extra(): void {
    const described = this.#args.slice(this.#next).map((arg) => `${typeName(arg)}=${plain(arg)}`);
    this.#out.write(`%!(EXTRA ${described.join(", ")})`);
  }

  #directive(): void {
    this.#isGoodIndex = true;
    const flags = this.#flags();
    this.#index();
    this.#width(flags);
    this.#precision(flags);
    if (!this.#afterIndex) this.#index();
    const code = this.#format.codePointAt(this.#at);
    if (code === undefined) return this.#out.write("%!(NOVERB)");
    const verb = String.fromCodePoint(code);
    this.#at += verb.length;
    if (verb === "%") return this.#out.write("%");
    if (!this.#isGoodIndex) return this.#out.write(`%!${verb}(BADINDEX)`);
    const arg = this.#args[this.#next];
    if (arg === undefined) return this.#out.write(`%!${verb}(MISSING)`);
    this.#next++;
    this.#out.write(formatted(verb, arg, flags));
  }

  #flags(): Flags {
    const flags: Flags = {
      plus: false,
      minus: false,
      sharp: false,
      space: false,
      zero: false,
      width: undefined,
      precision: undefined,
    };
    for (; ; this.#at++) {
      const name = flagNames.get(this.#format[this.#at] ?? "");
      if (name === undefined) return flags;
      flags[name] = true;
    }
  }

  /** `[n]`: which argument comes next. */
  #index(): void {
    this.#afterIndex = false;
    if (this.#format[this.#at] !== "[") return;
    this.#isReordered = true;
    const close = this.#format.indexOf("]", this.#at);
    const inside = close === -1 ? "" : this.#format.slice(this.#at + 1, close);
    this.#afterIndex = /^\d{1,7}$/.test(inside);
    this.#at = close === -1 ? this.#at + 1 : close + 1;
    const wanted = this.#afterIndex ? Number(inside) - 1 : -1;
    if (wanted >= 0 && wanted < this.#args.length) this.#next = wanted;
    else this.#isGoodIndex = false;
  }

  #width(flags: Flags): void {
    if (this.#format[this.#at] === "*") {
      this.#at++;
      const width = this.#starred();
      if (width === undefined) this.#out.write("%!(BADWIDTH)");
      else {
        flags.width = Math.abs(width);
        if (width < 0) flags.minus = true;
      }
      return;
    }
    flags.width = this.#number();
    if (this.#afterIndex && flags.width !== undefined) this.#isGoodIndex = false;
  }

  #precision(flags: Flags): void {
    if (this.#format[this.#at] !== ".") return;
    this.#at++;
    if (this.#afterIndex) this.#isGoodIndex = false;
    this.#index();
    if (this.#format[this.#at] !== "*") {
      flags.precision = this.#number() ?? 0;
      return;
    }
    this.#at++;
    const precision = this.#starred();
    if (precision === undefined) this.#out.write("%!(BADPREC)");
    // A negative precision counts as none.
    flags.precision = precision !== undefined && precision >= 0 ? precision : undefined;
    if (precision !== undefined && precision < 0) this.#out.write("%!(BADPREC)");
  }

  #starred(): number | undefined {
    this.#afterIndex = false;
    const arg = this.#args[this.#next];
    if (arg === undefined) return undefined;
    this.#next++;
    if (typeof arg === "string" || arg.kind !== "int") return undefined;
    const value = Number(arg.value);
    return Math.abs(value) > maxWidth ? undefined : value;
  }

  #number(): number | undefined {
    const [digits = ""] = /^\d*/.exec(this.#format.slice(this.#at, this.#at + 8)) ?? [];
    this.#at += digits.length;
    return digits === "" || Number(digits) > maxWidth ? undefined : Number(digits);
  }
}

const flagNames: ReadonlyMap<string, "plus" | "minus" | "sharp" | "space" | "zero"> = new Map([
  ["+", "plus"],
  ["-", "minus"],
  ["#", "sharp"],
  [" ", "space"],
  ["0", "zero"],
]);

function typeName(arg: FormatArgument): string {
  if (typeof arg === "string") return "string";
  return { int: "int", big: "*big.Int", float: "float64" }[arg.kind];
}

function plain(arg: FormatArgument): string {
  if (typeof arg === "string") return arg;
  return arg.kind === "float" ? floatText(arg.value, "g", undefined) : arg.value.toString();
}

function formatted(verb: string, arg: FormatArgument, flags: Flags): string {
  if (verb === "T") return padded(truncated(typeName(arg), flags), flags);
  if (verb === "v") return valueText(arg, { ...flags, sharp: false, plus: flags.plus && isBig(arg) }, flags.sharp);
  const text =
    typeof arg === "string"
      ? stringText(verb, arg, flags)
      : arg.kind === "float"
        ? floatingText(verb, arg.value, flags)
        : integerText(verb, arg, flags);
  if (text !== undefined) return text;
  if (isBig(arg)) return `%!${verb}(big.Int=${arg.value})`;
  return `%!${verb}(${typeName(arg)}=${valueText(arg, flags, false)})`;
}

/** Formats itself in Go, with some flags of its own. */
function isBig(arg: FormatArgument): arg is FormatNumber & { readonly kind: "big"; readonly value: bigint } {
  return typeof arg !== "string" && arg.kind === "big";
}

/** `%v`; of a text `%#v` is a literal. */
function valueText(arg: FormatArgument, flags: Flags, isLiteral: boolean): string {
  if (typeof arg !== "string") {
    return (arg.kind === "float" ? floatingText("g", arg.value, flags) : integerText("d", arg, flags)) ?? "";
  }
  const text = truncated(arg, flags);
  return padded(isLiteral ? quoted(text) : text, flags);
}

function padded(text: string, { width = 0, minus, zero }: Flags): string {
  const missing = width - lengthOf(text);
  if (missing <= 0) return text;
  if (minus) return text + " ".repeat(missing);
  return (zero ? "0" : " ").repeat(missing) + text;
}

/** In code points, as Go counts the width. */
function lengthOf(text: string): number {
  return /[\uD800-\uDFFF]/.test(text) ? Array.from(text).length : text.length;
}

function truncated(text: string, { precision }: Flags): string {
  return precision === undefined || precision >= text.length ? text : Array.from(text).slice(0, precision).join("");
}

function stringText(verb: string, text: string, flags: Flags): string | undefined {
  switch (verb) {
    case "s":
      return padded(truncated(text, flags), flags);
    case "q":
      return padded(quotedText(truncated(text, flags), flags), flags);
    case "x":
    case "X":
      return padded(hexText(verb, text, flags), flags);
    default:
      return undefined;
  }
}

function quotedText(text: string, { sharp, plus }: Flags): string {
  // oxlint-disable-next-line no-control-regex -- what cannot stand between back quotes
  return sharp && !/[`\u0000-\u0008\u000a-\u001f\u007f\ufeff]/.test(text) ? `\`${text}\`` : quoted(text, plus);
}

function hexText(verb: string, text: string, { precision, space, sharp }: Flags): string {
  const bytes = Buffer.from(text).subarray(0, precision);
  if (bytes.length === 0) return "";
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  const hex = space
    ? pairs.map((pair) => (sharp ? `0x${pair}` : pair)).join(" ")
    : (sharp ? "0x" : "") + pairs.join("");
  return verb === "X" ? hex.toUpperCase() : hex;
}

const bases: Readonly<Record<string, number>> = { d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
const prefixes: Readonly<Record<string, string>> = { b: "0b", o: "0", O: "0", x: "0x", X: "0X" };

function integerText(
  verb: string,
  { kind, value }: FormatNumber & { readonly value: bigint },
  flags: Flags,
): string | undefined {
  // Of a large integer `%s` is its digits.
  const base = kind === "big" && verb === "s" ? 10 : bases[verb];
  if (base === undefined) return kind === "int" ? runeText(verb, value, flags) : undefined;
  const { precision, width } = flags;
  if (precision === 0 && value === 0n) return " ".repeat(width ?? 0);
  const sign = value < 0n ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  const magnitude = (value < 0n ? -value : value).toString(base);
  const cased = verb === "X" ? magnitude.toUpperCase() : magnitude;
  const zeros = precision ?? (flags.zero && !flags.minus && width !== undefined ? width - sign.length : 0);
  const digits = cased.padStart(Math.min(zeros, maxTextLength), "0");
  const sharp = flags.sharp && !(kind === "big" && verb === "O") ? (prefixes[verb] ?? "") : "";
  const prefix = digits.startsWith("0") && sharp === "0" ? "" : sharp;
  return padded(sign + (verb === "O" ? "0o" : "") + prefix + digits, { ...flags, zero: false });
}

/** `%c`, `%q` and `%U`: the integer as a character. */
function runeText(verb: string, value: bigint, flags: Flags): string | undefined {
  const isRune = value >= 0n && value <= 0x10_ffffn && (value < 0xd800n || value > 0xdfffn);
  const char = isRune ? String.fromCodePoint(Number(value)) : "\ufffd";
  if (verb === "c") return padded(char, flags);
  if (verb === "q") {
    const escaped = char === "'" ? "\\'" : char === '"' ? char : quoted(char, flags.plus).slice(1, -1);
    return padded(`'${escaped}'`, flags);
  }
  if (verb !== "U") return undefined;
  const hex = BigInt.asUintN(64, value)
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, flags.precision ?? 0), "0");
  const shown = flags.sharp && isRune && escapedRune(char, false) === char ? ` '${char}'` : "";
  return padded(`U+${hex}${shown}`, { ...flags, zero: false });
}

function floatingText(verb: string, value: number, flags: Flags): string | undefined {
  const text = unsignedFloat(verb, Math.abs(value), flags);
  if (text === undefined) return undefined;
  const sign = value < 0 || Object.is(value, -0) ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  if (!flags.zero || flags.minus) return padded(sign + text, flags);
  return sign + padded(text, { ...flags, width: (flags.width ?? 0) - sign.length });
}

function unsignedFloat(verb: string, value: number, { precision, sharp }: Flags): string | undefined {
  switch (verb) {
    case "g":
    case "G":
      return withPoint(floatText(value, verb, precision), sharp, precision ?? 6);
    case "e":
    case "E":
      return withPoint(floatText(value, verb, precision ?? 6), sharp, 0);
    case "f":
    case "F":
      return withPoint(floatText(value, "f", precision ?? 6), sharp, 0);
    case "x":
    case "X": {
      const text = sharpHex(hexFloatText(value, precision), sharp);
      return verb === "X" ? text.toUpperCase() : text;
    }
    case "b":
      return binaryFloatText(value);
    default:
      return undefined;
  }
}

function sharpHex(text: string, isSharp: boolean): string {
  return isSharp && !text.includes(".") ? text.replace("p", ".p") : text;
}

/** `#`: always a point, and as many digits that count as there are at most. */
function withPoint(text: string, isSharp: boolean, digits: number): string {
  if (!isSharp) return text;
  const [, mantissa = "", exponent = ""] = /^([\d.]+)(.*)$/.exec(text) ?? [];
  const significant = mantissa.replace(".", "").replace(/^0+/, "").length;
  const pointed = mantissa.includes(".") ? mantissa : `${mantissa}.`;
  const missing = Math.max(0, digits - Math.max(significant, mantissa === "0" ? 1 : 0));
  return pointed + "0".repeat(Math.min(missing, maxTextLength)) + exponent;
}
