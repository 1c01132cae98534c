import type { Span } from "@acteon/core";
import { actionFieldNames, didYouMean, field, literal, node } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import { nearest } from "../source.ts";
import type { Word } from "../syntax/ast-expression.ts";
import { actionType } from "./catalog.ts";
import { called, spanOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { anyShape, javaTypes } from "./shape.ts";
import type { Shape } from "./shape.ts";
import type { Operand } from "./scope.ts";

/** The fields of the action as DRL writes them, and as the wire does: `createdAt` is `created_at`. */
const actionFields: ReadonlyMap<string, string> = new Map([
  ["type", "action_type"],
  ...actionFieldNames().flatMap((name) => [
    [name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), name] as const,
    [name, name] as const,
  ]),
]);

const actionNames: readonly string[] = [...actionFields.keys()];
const listNames: readonly string[] = ["size", "empty"];
const textNames: readonly string[] = ["length", "empty"];
const numberNames: readonly string[] = ["intValue", "longValue", "doubleValue"];

/** Is a name certain to be a field of a value? What is in a payload may have any. */
export function hasField({ shape }: Operand, name: string): boolean {
  if (shape.kind === "declared") return shape.type.fields.has(name);
  return shape.kind === "action" ? actionFields.has(name) : (fieldNames(shape)?.includes(name) ?? false);
}

/** The names that a value has; `undefined`: there is no telling. */
export function fieldNames(shape: Shape): readonly string[] | undefined {
  switch (shape.kind) {
    case "any":
      return undefined;
    case "action":
      return actionNames;
    case "declared":
      return [...shape.type.fields.keys()];
    case "list":
    case "counted":
      return listNames;
    case "text":
      return textNames;
    case "number":
      return numberNames;
  }
}

/** The one fact. */
export function actionAt(span: Span): Operand {
  return { expr: node({ kind: "action", path: [], missing: "null", span }), shape: { kind: "action" } };
}

/** `of.name`; a name that is no field of it is reported. */
export function fieldOf(of: Operand, name: Word, at: Word, lowering: Lowering): Operand {
  const { shape, expr } = of;
  const span = spanOf(at, lowering);
  if (shape.kind !== "any" && !hasField(of, name.text)) {
    reportField(shape, name, lowering);
    return { expr: field(expr, name.text, "null", span), shape: anyShape };
  }
  switch (shape.kind) {
    case "any":
      return { expr: field(expr, name.text, "null", span), shape: anyShape };
    case "action": {
      const wireName = actionFields.get(name.text)!;
      return { expr: field(expr, wireName, "null", span), shape: anyShape };
    }
    case "declared":
      return {
        expr: field(expr, name.text, "null", span),
        shape: shapeOf(shape.type.fields.get(name.text)!, lowering),
      };
    case "counted":
      return { expr: name.text === "empty" ? isZero(expr, span) : expr, shape: { kind: "number" } };
    case "list":
    case "text": {
      const size = called("size", [expr], span);
      return { expr: name.text === "empty" ? isZero(size, span) : size, shape: { kind: "number" } };
    }
    case "number":
      return of;
  }
}

/** What is known of the values of a type, by its simple name. */
export function shapeOf(typeName: string, { catalog }: Lowering): Shape {
  if (typeName === actionType) return { kind: "action" };
  const type = catalog.types.get(typeName);
  // A constant of an enum is a text, and so is a value of it.
  if (type !== undefined) return type.constants.size > 0 ? anyShape : { kind: "declared", type };
  return javaTypes.get(typeName)?.shape ?? anyShape;
}

function reportField(shape: Shape, name: Word, { source, scope }: Lowering): void {
  const names = fieldNames(shape) ?? [];
  const isAction = shape.kind === "action";
  const of = shape.kind === "declared" ? `\`${shape.type.name}\`` : isAction ? "an action" : `a ${shape.kind}`;
  const near = nearest(source, name.text, () => (isAction ? [...names, ...scope.names()] : names));
  const elsewhere = isAction
    ? { help: `what the sender put into it lies below the payload: \`payload.${name.text}\`` }
    : { help: `known here: ${names.join(", ")}` };
  source.error({
    code: isAction ? "ACT-R020" : "ACT-R004",
    at: name,
    summary: `${of} has no field \`${name.text}\``,
    label: "an unknown field",
    ...(near === undefined ? elsewhere : { ...didYouMean(near), fix: { at: name, text: near } }),
  });
}

function isZero(left: Expr, span: Span): Expr {
  return node({ kind: "compare", op: "eq", left, right: literal(0, span), semantics: "drl", span });
}
