import { literal, node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import { regoFunctions } from "../builtins/rego-builtins.ts";

/**
 * A key that is put together by `sprintf` or `concat` is a text with holes, as in every other language: what is undefined
 * or null in it makes the key undefined.
 */
export function keyOf(expr: Expr): Expr {
  if (expr.kind !== "call") return expr;
  const parts =
    expr.name === builtinOf("sprintf")
      ? formatted(expr.args)
      : expr.name === builtinOf("concat")
        ? joined(expr.args)
        : undefined;
  if (parts === undefined) return expr;
  return node({ kind: "template", parts, ofNull: "undefined", span: expr.span });
}

function builtinOf(name: string): string | undefined {
  return regoFunctions.get(name)?.builtin;
}

/** Of a format of `%s`, `%v` and `%d` alone. */
function formatted([format, values]: readonly Expr[]): readonly Expr[] | undefined {
  if (format?.kind !== "literal" || format.type !== "string" || values?.kind !== "list") return undefined;
  const texts = format.value.split(/%[svd]/);
  if (texts.length !== values.items.length + 1 || texts.some((text) => text.includes("%"))) return undefined;
  return texts.flatMap((text, i) => [
    ...(text === "" ? [] : [literal(text, format.span)]),
    ...values.items.slice(i, i + 1),
  ]);
}

function joined(args: readonly Expr[]): readonly Expr[] | undefined {
  const list = args.find(({ kind }) => kind === "list");
  const separator = args.find(({ kind }) => kind === "literal");
  if (list?.kind !== "list" || separator?.kind !== "literal" || separator.type !== "string") return undefined;
  const { value, span } = separator;
  return list.items.flatMap((item, i) => (i === 0 || value === "" ? [item] : [literal(value, span), item]));
}
