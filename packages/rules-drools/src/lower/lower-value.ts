import type { Span } from "@acteon/core";
import { durationLiteral, field, literal, node } from "@acteon/rules";
import type { Arithmetic, Expr } from "@acteon/rules";
import { dottedName } from "../syntax/ast-expression.ts";
import type { DrlBinary, DrlExpr, DrlIndex, DrlLiteral, DrlSelect, Word } from "../syntax/ast-expression.ts";
import { refuseNamed } from "../syntax/outside.ts";
import { fieldOf } from "./fields.ts";
import { joined } from "./joined.ts";
import { facetOf, lowerCall } from "./lower-call.ts";
import { resolveName } from "./lower-name.ts";
import { allOf, bind, called, conjunctsOf, guardAgainstNull, spanOf, unknown, valueOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import type { Operand } from "./scope.ts";
import { anyShape } from "./shape.ts";
import { timed } from "./timed.ts";

/** An expression as a value. What is wrong with it is reported, and null stands in its place. */
export function lowerValue(expr: DrlExpr, lowering: Lowering): Operand {
  const span = spanOf(expr, lowering);
  switch (expr.kind) {
    case "literal":
      return lowerLiteral(expr, lowering);
    case "name":
      return resolveName([wordOfName(expr)], lowering).operand;
    case "this":
      return lowering.fact ?? noFact(expr, lowering);
    case "select":
      return lowerSelect(expr, lowering);
    case "call":
      return lowerCall(expr, lowering);
    case "index":
      return lowerIndex(expr, lowering);
    case "cast":
      return lowerCast(expr, lowering);
    case "unary":
      if (expr.op === "!") break;
      return lowerSign(expr, lowering);
    case "binary":
      return plain(lowerBinary(expr, span, lowering));
    case "conditional": {
      const condition = allOf(
        conjunctsOf(expr.condition, { ...lowering, guards: undefined }),
        spanOf(expr.condition, lowering),
      );
      const [whenTrue, otherwise] = [expr.whenTrue, expr.otherwise].map((each) => valueOf(each, lowering).expr);
      return plain(chosen(condition, whenTrue!, otherwise!, span));
    }
    case "binding": {
      const operand = valueOf(expr.value, lowering);
      bind(expr.name, operand, lowering);
      return operand;
    }
    case "list": {
      const items = expr.items.map((item) => valueOf(item, lowering).expr);
      return { expr: node({ kind: "list", items, span }), shape: { kind: "list" } };
    }
    case "map": {
      const entries = expr.entries.map(([key, value]): [Expr, Expr] => [
        valueOf(key, lowering).expr,
        valueOf(value, lowering).expr,
      ]);
      return plain(node({ kind: "map", entries, span }));
    }
    case "java":
      refuseNamed(lowering.source, expr.construct, expr, "rules have the values of the action, and no objects of Java");
      return unknown(expr, lowering);
    case "hole":
      return unknown(expr, lowering);
    default:
  }
  return plain(allOf(conjunctsOf(expr, lowering), span));
}

function plain(expr: Expr): Operand {
  return { expr, shape: anyShape };
}

function wordOfName({ name, start, end }: Extract<DrlExpr, { kind: "name" }>): Word {
  return { text: name, start, end };
}

/** `condition ? whenTrue : otherwise`. */
function chosen(condition: Expr, whenTrue: Expr, otherwise: Expr, span: Span): Expr {
  // oxlint-disable-next-line unicorn/no-thenable -- the name of the node's property
  return node({ kind: "conditional", condition, then: whenTrue, otherwise, span });
}

function lowerLiteral(expr: DrlLiteral, lowering: Lowering): Operand {
  const span = spanOf(expr, lowering);
  switch (expr.type) {
    case "duration":
      return plain(durationLiteral(expr.ms, span));
    case "infinity":
      lowering.source.error({
        code: "ACT-R001",
        at: expr,
        summary: "`*` stands for any time, as a parameter of `after` and its like",
      });
      return unknown(expr, lowering);
    case "double":
      return plain(node({ kind: "literal", type: "double", value: expr.value, span }));
    case "int": {
      const small = Number(expr.value);
      return plain(literal(Number.isSafeInteger(small) ? small : expr.value, span));
    }
    default:
      return { expr: literal(expr.value, span), shape: expr.type === "string" ? { kind: "text" } : anyShape };
  }
}

function noFact(expr: DrlExpr, lowering: Lowering): Operand {
  lowering.source.error({ code: "ACT-R024", at: expr, summary: "`this` is the fact of a pattern, and here is none" });
  return unknown(expr, lowering);
}

/** Names with dots, as far as they are a name of more than one word; else a field of a value. */
function lowerSelect(expr: DrlSelect, lowering: Lowering): Operand {
  const facet = facetOf(expr.of, expr.field, expr, lowering);
  if (facet !== undefined) return facet;
  const chain: DrlSelect[] = [];
  let root: DrlExpr = expr;
  for (; root.kind === "select"; root = root.of) chain.unshift(root);
  if (root.kind !== "name" || dottedName(expr) === undefined)
    return selected(valueOf(expr.of, lowering), expr, lowering);
  const words = [wordOfName(root), ...chain.map((each) => each.field)];
  const { operand, count } = resolveName(words, lowering);
  return chain.slice(count - 1).reduce((of, each) => selected(of, each, lowering), operand);
}

function selected(of: Operand, { field: name, nullSafe, start, end }: DrlSelect, lowering: Lowering): Operand {
  if (nullSafe) guardAgainstNull(of.expr, lowering);
  return fieldOf(of, name, { text: name.text, start, end }, lowering);
}

function lowerIndex(expr: DrlIndex, lowering: Lowering): Operand {
  const of = valueOf(expr.of, lowering);
  const at = valueOf(expr.at, lowering).expr;
  const span = spanOf(expr, lowering);
  if (at.kind !== "literal" || at.type !== "string") {
    return plain(node({ kind: "index", of: of.expr, at, missing: "null", span }));
  }
  // A key in quotes may be any.
  if (of.shape.kind === "any") return plain(field(of.expr, at.value, "null", span));
  const { start, end } = expr.at;
  return fieldOf(of, { text: at.value, start, end }, { text: at.value, start: expr.start, end: expr.end }, lowering);
}

const conversions: ReadonlyMap<string, string> = new Map([
  ...["int", "long", "short", "byte", "Integer", "Long"].map((type) => [type, "int"] as const),
  ...["double", "float", "Double", "Float"].map((type) => [type, "double"] as const),
]);

/** To a declared type: its fields are checked. To a number: it is made one. To anything else: nothing. */
function lowerCast({ of, type, start, end }: Extract<DrlExpr, { kind: "cast" }>, lowering: Lowering): Operand {
  const operand = valueOf(of, lowering);
  const conversion = conversions.get(type.simple);
  if (conversion !== undefined) return plain(called(conversion, [operand.expr], spanOf({ start, end }, lowering)));
  const declared = lowering.catalog.types.get(type.simple);
  return declared === undefined ? operand : { expr: operand.expr, shape: { kind: "declared", type: declared } };
}

function lowerSign({ op, operand, start, end }: Extract<DrlExpr, { kind: "unary" }>, lowering: Lowering): Operand {
  const value = valueOf(operand, lowering);
  if (op === "+") return value;
  return plain(node({ kind: "negate", operand: value.expr, semantics: "drl", span: spanOf({ start, end }, lowering) }));
}

const calculations: Readonly<Record<DrlBinary["op"], Arithmetic["op"]>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "modulo",
};

function lowerBinary(expr: DrlBinary, span: Span, lowering: Lowering): Expr {
  const left = valueOf(expr.left, lowering).expr;
  const right = valueOf(expr.right, lowering).expr;
  const text = expr.op === "+" ? joined(left, right, span) : undefined;
  if (text !== undefined) return text;
  const isDifference = expr.op === "-";
  return node({
    kind: "arithmetic",
    op: calculations[expr.op],
    left: isDifference ? timed(left, right) : left,
    right: isDifference ? timed(right, left) : right,
    semantics: "drl",
    span,
  });
}
