import { suggest } from "@acteon/core";
import type { Span } from "@acteon/core";
import { didYouMean, field, literal, node } from "@acteon/rules";
import type { Arithmetic, Compare, Expr } from "@acteon/rules";
import { dottedName } from "./ast.ts";
import type { CelCall, CelExpr, CelLiteral, CelMap, CelSelect } from "./ast.ts";
import { typeNames } from "./functions.ts";
import { lowerCall } from "./lower-call.ts";
import { lowerMacro } from "./lower-macro.ts";
import { macroOf } from "./macros.ts";
import { called, chosen, unknown } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";

/**
 * An expression of CEL as IR. What is wrong with it is reported, and something that is an error when it is evaluated
 * stands in its place.
 */
export function lower(expr: CelExpr, lowering: Lowering): Expr {
  const span = lowering.source.spanOf(expr);
  switch (expr.kind) {
    case "literal":
      return lowerLiteral(expr, span);
    case "name":
    case "select":
      return lowerReference(expr, lowering);
    case "logic": {
      const operands = expr.operands.map((operand) => lower(operand, lowering));
      return node({ kind: expr.op === "&&" ? "and" : "or", operands, absorbs: "errors", span });
    }
    case "call":
      return lowerOperator(expr, lowering) ?? lowerMacro(expr, macroOf(expr), lowering) ?? lowerCall(expr, lowering);
    case "list":
      return lowerList(expr, lowering);
    case "map":
      return lowerMap(expr, lowering);
    case "message":
      lowering.source.error({
        code: "ACT-R012",
        at: expr,
        summary: `\`${expr.name}{…}\` makes a protobuf message`,
        label: "rules have no messages",
        help: 'actions are JSON: a map is written `{"name": value}`',
      });
      return unknown(expr.name, span);
    case "hole":
      return unknown("?", span);
  }
}

function lowerLiteral(constant: CelLiteral, span: Span): Expr {
  switch (constant.type) {
    case "int": {
      const small = Number(constant.value);
      return literal(Number.isSafeInteger(small) ? small : constant.value, span);
    }
    case "uint":
      return node({ kind: "literal", type: "uint", value: constant.value, span });
    case "double":
      return node({ kind: "literal", type: "double", value: constant.value, span });
    case "bytes":
      return node({ kind: "literal", type: "bytes", value: constant.value, span });
    default:
      return literal(constant.value, span);
  }
}

/** A name with selections, as far as it is one: a name that is bound, one from around the expression, or a type. */
function lowerReference(expr: Extract<CelExpr, { kind: "name" | "select" }>, lowering: Lowering): Expr {
  const { source, locals, names } = lowering;
  const dotted = dottedName(expr);
  if (dotted === undefined) return lowerSelect(expr as CelSelect, lowering);
  const [first = "", ...rest] = dotted;
  const span = source.spanOf(expr);
  if (locals.has(first)) {
    return expr.kind === "name" ? node({ kind: "local", name: first, span }) : lowerSelect(expr, lowering);
  }
  const isAbsolute = first.startsWith(".");
  const path = [isAbsolute ? first.slice(1) : first, ...rest];
  const found = names.resolve(path, expr, isAbsolute);
  if (found !== undefined) return selected(found.expr, expr, path.length - found.count, lowering);
  if (typeNames.has(path.join("."))) return node({ kind: "literal", type: "type", value: path.join("."), span });
  if (expr.kind === "select") return lowerSelect(expr, lowering);
  source.error({
    code: "ACT-R024",
    at: expr,
    summary: `\`${first}\` is bound by nothing here`,
    label: "an unknown name",
    ...nearName(first, [...names.known, ...locals]),
  });
  return unknown(first, span);
}

function nearName(name: string, known: readonly string[]) {
  if (name === "input") return { help: "the action is `action`" };
  if (name === "payload") return { help: "did you mean `action.payload`?" };
  return didYouMean(suggest(name, known));
}

/** The last selections of an expression, of a value. */
function selected(of: Expr, expr: CelExpr, count: number, lowering: Lowering): Expr {
  if (count === 0 || expr.kind !== "select") return respanned(of, lowering.source.spanOf(expr));
  const parent = selected(of, expr.of, count - 1, lowering);
  return field(parent, wireName(parent, expr.field), "error", lowering.source.spanOf(expr));
}

function respanned(expr: Expr, span: Span): Expr {
  return expr.kind === "action" ? node({ ...expr, span }) : expr;
}

/** `action.type` is `action.action_type`. */
function wireName(of: Expr, name: string): string {
  return of.kind === "action" && of.path.length === 0 && name === "type" ? "action_type" : name;
}

function lowerSelect(expr: CelSelect, lowering: Lowering): Expr {
  const { of, field: name } = expr;
  const span = lowering.source.spanOf(expr);
  if (of.kind === "call") {
    const member = lowerCall(of, lowering, name);
    if (member !== undefined) return member;
  }
  const parent = lower(of, lowering);
  return field(parent, wireName(parent, name), "error", span);
}

const comparisons: ReadonlyMap<string, Compare["op"]> = new Map([
  ["_==_", "eq"],
  ["_!=_", "ne"],
  ["_<_", "lt"],
  ["_<=_", "le"],
  ["_>_", "gt"],
  ["_>=_", "ge"],
]);

const calculations: ReadonlyMap<string, Arithmetic["op"]> = new Map([
  ["_+_", "add"],
  ["_-_", "subtract"],
  ["_*_", "multiply"],
  ["_/_", "divide"],
  ["_%_", "modulo"],
]);

/** `undefined`: it is no operator. */
function lowerOperator({ name, target, args, ...place }: CelCall, lowering: Lowering): Expr | undefined {
  if (target !== undefined || /^\w+$/.test(name.replace(/^\./, ""))) return undefined;
  const span = lowering.source.spanOf(place);
  const [left, right, third] = args.map((arg) => lower(arg, lowering));
  if (left === undefined) return undefined;
  if (name === "!_") return node({ kind: "not", operand: left, semantics: "cel", span });
  if (name === "-_") return node({ kind: "negate", operand: left, semantics: "cel", span });
  if (right === undefined) return undefined;
  const comparison = comparisons.get(name);
  if (comparison !== undefined) {
    return node({ kind: "compare", op: comparison, left, right, semantics: "cel", span });
  }
  const calculation = calculations.get(name);
  if (calculation !== undefined) {
    const strict = lowering.strict ? { strict: true as const } : {};
    return node({ kind: "arithmetic", op: calculation, left, right, semantics: "cel", ...strict, span });
  }
  switch (name) {
    case "@in":
      return node({ kind: "in", item: left, collection: right, semantics: "cel", span });
    case "_[_]":
      if (right.kind === "literal" && right.type === "string") {
        return field(left, wireName(left, right.value), "error", span);
      }
      return node({ kind: "index", of: left, at: right, missing: "error", span });
    case "_?._":
    case "_[?_]":
      return called("optionalAt", [left, right], span);
    default:
      return third && chosen(left, right, third, span);
  }
}

/** A list with optional items is put together from what stands between them. */
function lowerList({ items, ...place }: Extract<CelExpr, { kind: "list" }>, lowering: Lowering): Expr {
  const span = lowering.source.spanOf(place);
  const lowered = items.map(({ value, optional }) => ({ value: lower(value, lowering), optional }));
  const listOf = (values: readonly Expr[]): Expr => node({ kind: "list", items: values, span });
  if (!lowered.some(({ optional }) => optional)) return listOf(lowered.map(({ value }) => value));
  return lowered.reduce<Expr>((whole, { value, optional }) => {
    const right = optional ? called("optionalItems", [value], span) : listOf([value]);
    return node({ kind: "arithmetic", op: "add", left: whole, right, semantics: "cel", span });
  }, listOf([]));
}

function lowerMap({ entries, ...place }: CelMap, lowering: Lowering): Expr {
  const span = lowering.source.spanOf(place);
  const lowered = entries.map(({ key, value, optional }) => ({
    entry: [lower(key, lowering), lower(value, lowering)] as const,
    optional,
  }));
  const mapOf = (pairs: readonly (readonly [Expr, Expr])[]): Expr =>
    node({ kind: "map", keys: "cel", entries: pairs, span });
  const certain = mapOf(lowered.filter(({ optional }) => !optional).map(({ entry }) => entry));
  return lowered
    .filter(({ optional }) => optional)
    .reduce((whole, { entry }) => called("mapUnion", [whole, called("optionalPair", entry, span)], span), certain);
}
