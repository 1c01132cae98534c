import type { JsonValue } from "@acteon/core";
import { reportUnknownField } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import type { Annotation, AnnotationArgument } from "./annotation.ts";
import type { CelExpr } from "./ast.ts";
import type { CelSource } from "./source.ts";

/** Reports the arguments that an annotation does not have. */
export function checkArguments(source: CelSource, { args }: Annotation, of: string, known: readonly string[]): void {
  for (const [key, { keyStart, keyEnd }] of args) {
    if (!known.includes(key)) reportUnknownField(source, key, { at: { start: keyStart, end: keyEnd }, of, known });
  }
}

export function missingArgument(source: CelSource, at: Annotation, key: string, of: string, help: string): undefined {
  source.error({ code: "ACT-R005", at, summary: `${of} needs \`${key}\``, label: `\`${key}\` is missing`, help });
}

/** A text that stands there as it is; anything else is reported. */
export function textOf(source: CelSource, key: string, argument: AnnotationArgument | undefined): string | undefined {
  if (argument === undefined) return undefined;
  const { value } = argument;
  if (value.kind === "literal" && value.type === "string") return value.value;
  return wrong(source, key, value, 'text, as in `"…"`');
}

export function integerOf(
  source: CelSource,
  key: string,
  argument: AnnotationArgument | undefined,
): number | undefined {
  if (argument === undefined) return undefined;
  const { value } = argument;
  if (value.kind === "literal" && value.type === "int") return Number(value.value);
  return wrong(source, key, value, "a whole number");
}

export function flagOf(source: CelSource, key: string, argument: AnnotationArgument | undefined): boolean | undefined {
  if (argument === undefined) return undefined;
  const { value } = argument;
  if (value.kind === "literal" && value.type === "bool") return value.value;
  return wrong(source, key, value, "`true` or `false`");
}

/** What kind of thing was expected is told, unless the place could not even be read. */
export function wrong(source: CelSource, key: string, at: CelExpr, expected: string): undefined {
  if (at.kind === "hole") return;
  source.error({ code: "ACT-R006", at, summary: `\`${key}\` must be ${expected}`, label: `expected ${expected}` });
}

/** Entries of a map literal whose keys are texts. */
export function entriesOf(
  source: CelSource,
  key: string,
  argument: AnnotationArgument | undefined,
): readonly (readonly [key: string, value: CelExpr])[] {
  if (argument === undefined) return [];
  const { value } = argument;
  if (value.kind !== "map") {
    wrong(source, key, value, 'a map, as in `{"name": value}`');
    return [];
  }
  return value.entries.flatMap((entry) => {
    if (entry.key.kind === "literal" && entry.key.type === "string") return [[entry.key.value, entry.value] as const];
    wrong(source, `a key of ${key}`, entry.key, "text");
    return [];
  });
}

/** The value of literals, lists and maps of them; anything else is its text. */
export function jsonOf(expr: CelExpr, text: string): JsonValue {
  if (expr.kind === "list") return expr.items.map(({ value }) => jsonOf(value, text));
  if (expr.kind === "map") {
    return Object.fromEntries(
      expr.entries.map(({ key, value }) => [
        key.kind === "literal" && key.type === "string" ? key.value : text.slice(key.start, key.end),
        jsonOf(value, text),
      ]),
    );
  }
  if (expr.kind !== "literal") return text.slice(expr.start, expr.end);
  if (typeof expr.value === "bigint") return Number(expr.value);
  return expr.value instanceof Uint8Array ? Buffer.from(expr.value).toString("base64") : expr.value;
}

/** Lowers an expression of an annotation. */
export type LowerValue = (expr: CelExpr) => Expr;
