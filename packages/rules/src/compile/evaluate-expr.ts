import type { Action, Span } from "@acteon/core";
import { createBuiltinTable } from "../builtins/builtin-table.ts";
import type { RuleEnvironment } from "../decision.ts";
import type { Builtin } from "../builtins/builtin.ts";
import type { Definitions } from "../ir/definition.ts";
import type { Expr } from "../ir/expr.ts";
import { isError, isValue, undefinedResult } from "../values/value.ts";
import type { Value } from "../values/value.ts";
import { createCompiler } from "./compile-expr.ts";
import { Frame } from "./frame.ts";
import { TimeZones } from "./time-zones.ts";

export type ExprResult =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "error"; readonly message: string; readonly span: Span }
  | { readonly kind: "undefined" }
  /** It reads the store. */
  | { readonly kind: "pending" };

export interface EvaluateOptions {
  readonly definitions?: Definitions;
  /** Functions besides those of every language. */
  readonly builtins?: readonly Builtin[];
}

/** What one expression by itself is of an action: for those who try a language out. Never throws. */
export function evaluateExpr(
  expr: Expr,
  action: Action,
  environment: RuleEnvironment,
  { definitions, builtins: own = [] }: EvaluateOptions = {},
): ExprResult {
  const builtins = new Map([...createBuiltinTable(), ...own.map((builtin) => [builtin.name, builtin] as const)]);
  const compiler = createCompiler({ builtins, zones: new TimeZones(), zone: "UTC", definitions });
  const result = compiler.compile(expr)(new Frame(action, environment));
  if (isValue(result)) return { kind: "value", value: result };
  if (isError(result)) return { kind: "error", message: result.message, span: result.span };
  return { kind: result === undefinedResult ? "undefined" : "pending" };
}
