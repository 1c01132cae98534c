import { didYouMean, literal, node } from "@acteon/rules";
import type { Expr, Extent } from "@acteon/rules";
import { nearest } from "../source.ts";
import type { TypeName } from "../syntax/ast-expression.ts";
import { actionType } from "./catalog.ts";
import { called, spanOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { javaTypes } from "./shape.ts";

/** Is a value of this type? A declared one is a map; of what it holds nothing is asked. */
export function typeTest(value: Expr, type: TypeName, at: Extent, lowering: Lowering): Expr {
  const span = spanOf(at, lowering);
  const { simple } = type;
  const types = lowering.catalog.types.has(simple) || simple === actionType ? ["map"] : javaTypes.get(simple)?.types;
  if (types === undefined) {
    unknownType(type, lowering);
    return literal(false, span);
  }
  const actual = called("type", [value], span);
  const tests = types.map((each) => {
    const right = node({ kind: "literal", type: "type", value: each, span });
    return node({ kind: "compare", op: "eq", left: actual, right, semantics: "drl", span });
  });
  const [only] = tests;
  if (only === undefined) return literal(true, span);
  return tests.length === 1 ? only : node({ kind: "or", operands: tests, absorbs: "none", span });
}

export function unknownType(type: TypeName, { source, catalog }: Lowering): void {
  const known = (): readonly string[] => [
    actionType,
    ...catalog.types.keys(),
    ...catalog.queries.keys(),
    ...javaTypes.keys(),
  ];
  const near = nearest(source, type.text, known);
  source.error({
    code: "ACT-R024",
    at: type,
    summary: `there is no type \`${type.text}\``,
    label: "neither the action nor declared",
    ...(near === undefined
      ? {
          help: `the one fact is \`${actionType}\`; what it holds is read \`from\` it, as a type that \`declare\` describes`,
        }
      : { ...didYouMean(near), fix: { at: type, text: near } }),
  });
}
