import type { JsonObject } from "@acteon/core";
import type { Expr } from "@acteon/rules";
import { tokensOf } from "./lexer.ts";
import { lower } from "./lower.ts";
import { Parser } from "./parser.ts";
import { ruleNames } from "./rule-names.ts";
import type { CelSource } from "./source.ts";

/** One expression, for other languages to have CEL in them. What is wrong with it is reported to `source`. */
export function celExpression(source: CelSource, { data = {} }: { readonly data?: JsonObject } = {}): Expr {
  const parser = new Parser(source, tokensOf(source));
  const expr = parser.expression();
  if (expr.kind !== "hole" && parser.next.kind !== "end") parser.unexpected("an operator, or the end");
  return lower(expr, { source, names: ruleNames(source, data), strict: false, locals: new Set(), lower });
}
