import { isStandard, macroOf, variableOf } from "../src/macros.ts";
import type { CelConstant, CelExpr } from "../src/ast.ts";

/**
 * The debug form in which the CEL specification's tests write an AST: a node, `^#`, the name of its Go type, `#`. The
 * macros of one variable are expanded in it, and chains of `&&` and `||` are balanced trees.
 */
export function printAst(expr: CelExpr): string {
  return print(expr, "");
}

function print(expr: CelExpr, indent: string): string {
  switch (expr.kind) {
    case "literal":
      return literal(expr);
    case "name":
      return name(expr.name);
    case "select":
      return `${print(expr.of, indent)}.${expr.field}^#*expr.Expr_SelectExpr#`;
    case "logic":
      return print(balanced(expr.op, expr.operands), indent);
    case "list":
      return `${block("[", "]", expr.items, indent, ({ value, optional }, inner) => `${optional ? "?" : ""}${print(value, inner)}`)}^#*expr.Expr_ListExpr#`;
    case "map":
      return `${block("{", "}", expr.entries, indent, ({ key, value, optional }, inner) => `${optional ? "?" : ""}${print(key, inner)}:${print(value, inner)}^#*expr.Expr_CreateStruct_Entry#`)}^#*expr.Expr_StructExpr#`;
    case "message":
      return `${expr.name}${block("{", "}", expr.fields, indent, ({ name: field, value, optional }, inner) => `${optional ? "?" : ""}${field}:${print(value, inner)}^#*expr.Expr_CreateStruct_Entry#`)}^#*expr.Expr_StructExpr#`;
    case "call":
      return call(expr, indent);
    case "hole":
      throw new Error("a hole is no AST");
  }
}

function name(text: string): string {
  return `${text}^#*expr.Expr_IdentExpr#`;
}

function call(expr: Extract<CelExpr, { kind: "call" }>, indent: string): string {
  const macro = macroOf(expr);
  const [first] = expr.args;
  if (macro?.kind === "has" && first?.kind === "select") {
    return `${print(first.of, indent)}.${first.field}~test-only~^#*expr.Expr_SelectExpr#`;
  }
  if (macro?.kind === "comprehension" && isStandard(macro) && expr.target !== undefined) {
    return comprehension(macro.name, variableOf(first)!, expr.target, expr.args.slice(1), indent);
  }
  const target = expr.target === undefined ? "" : `${print(expr.target, indent)}.`;
  return `${target}${expr.name}${block("(", ")", expr.args, indent, print)}^#*expr.Expr_CallExpr#`;
}

function block<T>(
  open: string,
  close: string,
  items: readonly T[],
  indent: string,
  item: (item: T, indent: string) => string,
): string {
  if (items.length === 0) return open + close;
  const inner = `${indent}  `;
  return `${open}\n${items.map((each) => inner + item(each, inner)).join(",\n")}\n${indent}${close}`;
}

const place = { start: 0, end: 0, depth: 1 };
const result: CelExpr = { kind: "name", name: "@result", ...place };

function made(functionName: string, ...args: readonly CelExpr[]): CelExpr {
  return { kind: "call", name: functionName, nameStart: 0, nameEnd: 0, target: undefined, args, ...place };
}

function constant(value: CelConstant): CelExpr {
  return { kind: "literal", ...value, ...place };
}

function listOf(...items: readonly CelExpr[]): CelExpr {
  return { kind: "list", items: items.map((value) => ({ value, optional: false })), ...place };
}

/** As the Go implementation balances them. */
function balanced(op: "&&" | "||", operands: readonly CelExpr[]): CelExpr {
  const build = (low: number, high: number): CelExpr => {
    const middle = Math.floor((low + high + 1) / 2);
    const left = middle === low ? operands[middle]! : build(low, middle - 1);
    const right = middle === high ? operands[middle + 1]! : build(middle + 1, high);
    return made(`_${op}_`, left, right);
  };
  return build(0, operands.length - 2);
}

function comprehension(
  macro: string,
  variable: string,
  target: CelExpr,
  args: readonly CelExpr[],
  indent: string,
): string {
  const { init, loopCondition, loopStep, answer } = partsOf(macro, { kind: "name", name: variable, ...place }, args);
  const inner = `${indent}  `;
  const lines = [
    ["Variable", variable],
    ["Target", print(target, inner)],
    ["Accumulator", "@result"],
    ["Init", print(init, inner)],
    ["LoopCondition", print(loopCondition, inner)],
    ["LoopStep", print(loopStep, inner)],
    ["Result", print(answer, inner)],
  ];
  const body = lines.map(([title, text]) => `${inner}// ${title}\n${inner}${text}`).join(",\n");
  return `__comprehension__(\n${body})^#*expr.Expr_ComprehensionExpr#`;
}

interface Comprehension {
  readonly init: CelExpr;
  readonly loopCondition: CelExpr;
  readonly loopStep: CelExpr;
  readonly answer: CelExpr;
}

function partsOf(macro: string, variable: CelExpr, args: readonly CelExpr[]): Comprehension {
  const yes = constant({ type: "bool", value: true });
  const no = constant({ type: "bool", value: false });
  const one = constant({ type: "int", value: 1n });
  const [first, second] = args as readonly [CelExpr, CelExpr | undefined];
  const collect = (value: CelExpr): CelExpr => made("_+_", result, listOf(value));
  switch (macro) {
    case "all":
      return {
        init: yes,
        loopCondition: made("@not_strictly_false", result),
        loopStep: made("_&&_", result, first),
        answer: result,
      };
    case "exists":
      return {
        init: no,
        loopCondition: made("@not_strictly_false", made("!_", result)),
        loopStep: made("_||_", result, first),
        answer: result,
      };
    case "exists_one":
      return {
        init: constant({ type: "int", value: 0n }),
        loopCondition: yes,
        loopStep: made("_?_:_", first, made("_+_", result, one), result),
        answer: made("_==_", result, one),
      };
    case "filter":
      return {
        init: listOf(),
        loopCondition: yes,
        loopStep: made("_?_:_", first, collect(variable), result),
        answer: result,
      };
    default:
      return {
        init: listOf(),
        loopCondition: yes,
        loopStep: second === undefined ? collect(first) : made("_?_:_", first, collect(second), result),
        answer: result,
      };
  }
}

function literal(constantValue: CelConstant): string {
  switch (constantValue.type) {
    case "null":
      return "null^#*expr.Constant_NullValue#";
    case "bool":
      return `${constantValue.value}^#*expr.Constant_BoolValue#`;
    case "int":
      return `${constantValue.value}^#*expr.Constant_Int64Value#`;
    case "uint":
      return `${constantValue.value}u^#*expr.Constant_Uint64Value#`;
    case "double":
      return `${goDouble(constantValue.value)}^#*expr.Constant_DoubleValue#`;
    case "string":
      return `${goQuoted(Buffer.from(constantValue.value))}^#*expr.Constant_StringValue#`;
    case "bytes":
      return `b${goQuoted(constantValue.value)}^#*expr.Constant_BytesValue#`;
  }
}

/** Go's shortest `%g`: an exponent below -4 or from 6 on, of two digits at least. */
function goDouble(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  if (Number(exponent) >= 6 || Number(exponent) < -4) return `${digits}e${goExponent(exponent)}`;
  return Number(exponent) < 0
    ? value.toFixed(digits.replaceAll(/[-.]/g, "").length - 1 - Number(exponent))
    : String(value);
}

function goExponent(exponent: string): string {
  return exponent.replace(/^([+-])(\d)$/, "$10$2");
}

const named: ReadonlyMap<string, string> = new Map([
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);

/** Go's `strconv.Quote`; a byte that is no UTF-8 is `\x…`. */
function goQuoted(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find((count) => isUtf8(bytes.subarray(at, at + count)));
    if (length === undefined) text += hex("x", bytes[at]!, 2);
    else text += quotedChar(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(at, at + length)));
    at += length ?? 1;
  }
  return `"${text}"`;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    return Array.from(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)).length === 1;
  } catch {
    return false;
  }
}

function quotedChar(char: string): string {
  const escape = named.get(char);
  if (escape !== undefined) return escape;
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(char)) return char;
  const code = char.codePointAt(0)!;
  if (code < 0x20 || code === 0x7f) return hex("x", code, 2);
  return code < 0x1_0000 ? hex("u", code, 4) : hex("U", code, 8);
}

function hex(letter: string, code: number, length: number): string {
  return `\\${letter}${code.toString(16).padStart(length, "0")}`;
}
