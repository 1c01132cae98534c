import { didYouMean, node } from "@acteon/rules";
import type { Compare, Expr } from "@acteon/rules";
import { nearest } from "../source.ts";
import { operatorWords } from "../operator-words.ts";
import type { DrlOperator, DrlRelation } from "../syntax/ast-expression.ts";
import { called, negated, spanOf, unknown, valueOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { compared } from "./methods.ts";
import type { Operand } from "./scope.ts";
import { isTemporal, lowerTemporal } from "./temporal.ts";
import { timed } from "./timed.ts";
import { wholeText } from "./whole-text.ts";

const comparisons: ReadonlyMap<string, Compare["op"]> = new Map([
  ["==", "eq"],
  ["!=", "ne"],
  ["<", "lt"],
  ["<=", "le"],
  [">", "gt"],
  [">=", "ge"],
]);

/** `left operator right`. */
export function lowerRelation(relation: DrlRelation, lowering: Lowering): Expr {
  const { operator } = relation;
  const left = valueOf(relation.left, lowering);
  const right = valueOf(relation.right, lowering);
  const expr = lowerOperator(relation, left, right, lowering);
  return operator.negated ? negated(expr, spanOf(relation, lowering)) : expr;
}

function lowerOperator(relation: DrlRelation, left: Operand, right: Operand, lowering: Lowering): Expr {
  const { operator } = relation;
  const span = spanOf(relation, lowering);
  const comparison = comparisons.get(operator.text);
  if (comparison !== undefined) {
    return compared(comparison, timed(left.expr, right.expr), timed(right.expr, left.expr), span);
  }
  if (isTemporal(operator.text)) return lowerTemporal(operator, left, right, span, lowering);
  switch (operator.text) {
    case "contains":
      return called("contains", [left.expr, right.expr], span);
    case "excludes":
      return negated(called("contains", [left.expr, right.expr], span), span);
    case "memberOf":
      return node({ kind: "in", item: left.expr, collection: right.expr, semantics: "drl", span });
    case "matches":
      return called("matches", [left.expr, wholeText(right.expr)], span);
    case "soundslike":
      return called("soundsLike", [left.expr, right.expr], span);
    case "str":
      return lowerText(operator, left.expr, right.expr, span, lowering);
    default:
      return unknownOperator(operator, lowering);
  }
}

/** `str[startsWith]`, `str[endsWith]`, `str[length]`. */
function lowerText(operator: DrlOperator, left: Expr, right: Expr, span: Expr["span"], lowering: Lowering): Expr {
  const [parameter] = operator.parameters;
  const name = parameter?.kind === "name" ? parameter.name : "";
  if (name === "startsWith" || name === "endsWith") return called(name, [left, right], span);
  if (name === "length") return compared("eq", called("size", [left], span), right, span);
  const near = nearest(lowering.source, name, () => ["startsWith", "endsWith", "length"]);
  lowering.source.error({
    code: "ACT-R009",
    at: parameter ?? operator,
    summary: name === "" ? "`str` needs what of the text is compared" : `unknown operator \`str[${name}]\``,
    ...(near === undefined
      ? { help: "`str[startsWith]`, `str[endsWith]` or `str[length]`" }
      : { ...didYouMean(near), ...(parameter && { fix: { at: parameter, text: near } }) }),
  });
  return unknown(operator, lowering).expr;
}

function unknownOperator(operator: DrlOperator, lowering: Lowering): Expr {
  const near = nearest(lowering.source, operator.text, () => [...operatorWords, "in", "instanceof"]);
  const at = { start: operator.start, end: operator.start + operator.text.length };
  lowering.source.error({
    code: "ACT-R009",
    at,
    summary: `unknown operator \`${operator.text}\``,
    label: "operators of one's own are not in the dialect of rule files",
    ...(near === undefined
      ? { help: `an operator is one of ${[...operatorWords].join(", ")}` }
      : { ...didYouMean(near), fix: { at, text: near } }),
  });
  return unknown(operator, lowering).expr;
}
