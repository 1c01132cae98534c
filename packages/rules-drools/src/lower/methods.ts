import type { Span } from "@acteon/core";
import { field, literal, node } from "@acteon/rules";
import type { Compare, Expr } from "@acteon/rules";
import { wholeText } from "./whole-text.ts";
import { called } from "./lowering.ts";
import type { Shape } from "./shape.ts";

/** What a call is. Of a method of a value that value is the first argument, and is not counted. */
export interface Method {
  readonly arity: readonly [least: number, most: number];
  readonly make: (args: readonly Expr[], span: Span) => Expr;
  /** Only values of this shape have it. */
  readonly of?: Shape["kind"];
}

/** The methods of Java's texts, lists and maps that rules have. */
export const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["startsWith", builtin("startsWith", 1)],
  ["endsWith", builtin("endsWith", 1)],
  ["contains", builtin("contains", 1)],
  ["length", builtin("size", 0)],
  ["size", builtin("size", 0)],
  ["trim", builtin("trim", 0)],
  ["toLowerCase", builtin("lower", 0)],
  ["toUpperCase", builtin("upper", 0)],
  ["toString", builtin("text", 0)],
  ["indexOf", builtin("indexOf", 1)],
  ["replace", builtin("replace", 2)],
  ["substring", { arity: [1, 2], make: (args, span) => called("substring", args, span) }],
  [
    "matches",
    { arity: [1, 1], make: ([text, pattern], span) => called("matches", [text!, wholeText(pattern!)], span) },
  ],
  [
    "isEmpty",
    { arity: [0, 0], make: ([of], span) => compared("eq", called("size", [of!], span), literal(0, span), span) },
  ],
  ["equals", { arity: [1, 1], make: ([a, b], span) => compared("eq", a!, b!, span) }],
  [
    "equalsIgnoreCase",
    {
      arity: [1, 1],
      make: ([a, b], span) => compared("eq", called("lower", [a!], span), called("lower", [b!], span), span),
    },
  ],
  ["get", { arity: [1, 1], make: ([of, at], span) => elementAt(of!, at!, span) }],
  [
    "getOrDefault",
    { arity: [2, 2], make: ([of, at, otherwise], span) => orElse(elementAt(of!, at!, span), otherwise!, span) },
  ],
  [
    "containsKey",
    {
      arity: [1, 1],
      make: ([map, key], span) => node({ kind: "in", item: key!, collection: map!, semantics: "drl", span }),
    },
  ],
  ["intValue", builtin("int", 0)],
  ["longValue", builtin("int", 0)],
  ["doubleValue", builtin("double", 0)],
  // Its dedup key, else its id; the field by itself may be null.
  ["dedupKey", { arity: [0, 0], make: (_, span) => node({ kind: "dedupKey", span }), of: "action" }],
]);

export const globalFunctions: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["timestamp", global("timestamp")],
  ["duration", global("duration")],
]);

export const mathFunctions: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["abs", global("abs")],
  ["floor", global("floor")],
  ["ceil", global("ceil")],
  ["round", global("round")],
  ["max", { arity: [2, 2], make: (args, span) => called("greatest", args, span) }],
  ["min", { arity: [2, 2], make: (args, span) => called("least", args, span) }],
]);

function builtin(name: string, count: number): Method {
  return { arity: [count, count], make: (args, span) => called(name, args, span) };
}

function global(name: string): Method {
  return builtin(name, 1);
}

export function compared(op: Compare["op"], left: Expr, right: Expr, span: Span): Expr {
  return node({ kind: "compare", op, left, right, semantics: "drl", span });
}

function elementAt(of: Expr, at: Expr, span: Span): Expr {
  if (at.kind === "literal" && at.type === "string") return field(of, at.value, "null", span);
  return node({ kind: "index", of, at, missing: "null", span });
}

function orElse(value: Expr, otherwise: Expr, span: Span): Expr {
  const condition = compared("eq", value, literal(null, span), span);
  // oxlint-disable-next-line unicorn/no-thenable -- the name of the node's property
  return node({ kind: "conditional", condition, then: otherwise, otherwise: value, span });
}
