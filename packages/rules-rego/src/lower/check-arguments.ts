import { typeOf } from "@acteon/rules";
import type { Expr, ValueType } from "@acteon/rules";
import type { CallTerm } from "../syntax/ast.ts";
import type { BuiltinFunction } from "./functions.ts";
import { reportError } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** Reports arguments that are of a wrong type whatever the action is, as OPA's type checker does. */
export function checkArguments(
  name: string,
  { signature }: BuiltinFunction,
  call: CallTerm,
  args: readonly Expr[],
  scope: Scope,
): void {
  for (const [i, arg] of args.entries()) {
    const wanted = signature?.args[i];
    const given = writtenType(arg);
    if (wanted === undefined || given === undefined || wanted.includes(given)) continue;
    reportError(scope, {
      code: "ACT-R006",
      at: call.args[i]!,
      summary: `\`${name}\` does not take ${shown(given)} here`,
      label: shown(given),
      help: `it takes ${[...new Set(wanted.map(shown))].join(" or ")}`,
    });
  }
}
/** The type of what is written out. */
function writtenType(expr: Expr): ValueType | undefined {
  switch (expr.kind) {
    case "literal":
      return expr.type === "json" ? undefined : typeOf(expr.value as string | number | bigint | boolean | null);
    case "list":
      return "list";
    case "map":
      return "map";
    case "query":
      return expr.collect === "list" || expr.collect === "set" ? expr.collect : undefined;
    case "call":
      return expr.name === "rego.set" ? "set" : undefined;
    default:
      return undefined;
  }
}

const names: Readonly<Partial<Record<ValueType, string>>> = {
  int: "a number",
  double: "a number",
  string: "text",
  list: "an array",
  map: "an object",
  set: "a set",
  bool: "a boolean",
};

function shown(type: ValueType): string {
  return names[type] ?? type;
}
