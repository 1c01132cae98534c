import { node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import type { DrlPattern } from "../syntax/ast-condition.ts";
import { fieldOf } from "./fields.ts";
import { isUnbound } from "./lower-name.ts";
import { bind, conjunctsOf, spanOf, valueOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";

/** What a pattern asks of its fact. */
export function constraintsOf(pattern: DrlPattern, lowering: Lowering): readonly Expr[] {
  return [...positionalOf(pattern, lowering), ...pattern.constraints.flatMap((each) => conjunctsOf(each, lowering))];
}

/** By place the fields of a declared type: a name that has no value yet is bound to the field. */
function positionalOf({ positional, type }: DrlPattern, lowering: Lowering): readonly Expr[] {
  const { fact } = lowering;
  const fields = fact?.shape.kind === "declared" ? [...fact.shape.type.fields.keys()] : undefined;
  return positional.flatMap((expr, i) => {
    const name = fields?.[i];
    if (fact === undefined || name === undefined) {
      lowering.source.error({
        code: "ACT-R004",
        at: expr,
        summary:
          fields === undefined
            ? `\`${type.text}\` has no fields by place`
            : `\`${type.text}\` has ${fields.length} fields`,
        help: 'give constraints by name, as in `severity == "high"`',
      });
      return [];
    }
    const operand = fieldOf(fact, { text: name, start: expr.start, end: expr.end }, { text: name, ...expr }, lowering);
    if (isUnbound(expr, lowering)) {
      bind({ text: expr.name, start: expr.start, end: expr.end }, operand, lowering);
      return [];
    }
    const right = valueOf(expr, { ...lowering, fact: undefined }).expr;
    return [
      node({ kind: "compare", op: "eq", left: operand.expr, right, semantics: "drl", span: spanOf(expr, lowering) }),
    ];
  });
}
