import { muted } from "../source.ts";
import type { DrlFunction } from "../syntax/ast.ts";
import type { DrlCall, TypeName } from "../syntax/ast-expression.ts";
import { bindingOf, unknown, valueOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { shapeOf } from "./fields.ts";
import { Scope } from "./scope.ts";
import type { Operand } from "./scope.ts";
import { anyShape } from "./shape.ts";
import type { Shape } from "./shape.ts";

/** The expression of a function with the arguments in it. What is wrong with the expression was told with the function. */
export function callFunction(called: DrlFunction, call: DrlCall, lowering: Lowering): Operand {
  const { parameters, name } = called;
  const args = call.args.map((arg) => valueOf(arg, lowering));
  if (args.length !== parameters.length) {
    lowering.source.error({
      code: "ACT-R013",
      at: call,
      summary: `\`${name.text}\` takes ${parameters.length} argument${parameters.length === 1 ? "" : "s"}`,
      label: `${args.length} given`,
    });
    return unknown(call, lowering);
  }
  if (!mayCall(name.text, call, lowering)) return unknown(call, lowering);
  if (!lowering.budget.spend(called.end - called.start, call, lowering.source)) return unknown(call, lowering);
  const scope = new Scope();
  for (const [i, { name: parameter, type }] of parameters.entries()) {
    scope.set(parameter.text, bindingOf({ expr: args[i]!.expr, shape: shapeOfParameter(type, lowering) }));
  }
  return valueOf(called.result, inside(name.text, scope, lowering));
}

/** Reports what is wrong with a function, whether it is called or not. */
export function checkFunction({ parameters, name, result }: DrlFunction, lowering: Lowering): void {
  const scope = new Scope();
  for (const parameter of parameters) {
    const shape = shapeOfParameter(parameter.type, lowering);
    scope.set(parameter.name.text, bindingOf({ expr: unknown(parameter, lowering).expr, shape }));
  }
  valueOf(result, { ...lowering, scope, calls: [name.text] });
}

/** By its type alone, so that a body that was checked by itself is right wherever it is filled in. */
export function shapeOfParameter(type: TypeName | undefined, lowering: Lowering): Shape {
  return type === undefined ? anyShape : shapeOf(type.simple, lowering);
}

/** What a query or function sees of where it is called: nothing but its arguments. */
export function inside(name: string, scope: Scope, lowering: Lowering): Lowering {
  const { source, calls } = lowering;
  return {
    ...lowering,
    source: muted(source),
    scope,
    fact: undefined,
    onOuterName: undefined,
    calls: [...calls, name],
  };
}

/** Most queries and functions in each other. */
const maxCalls = 50;

/** `false`: it calls itself, or too many call each other, which was reported. */
export function mayCall(
  name: string,
  at: { readonly start: number; readonly end: number },
  lowering: Lowering,
): boolean {
  const isRecursive = lowering.calls.includes(name);
  if (!isRecursive && lowering.calls.length < maxCalls) return true;
  lowering.source.error({
    code: isRecursive ? "ACT-R030" : "ACT-R002",
    at,
    summary: isRecursive ? `\`${name}\` calls itself, which is outside the dialect` : "calls are nested too deeply",
    ...(isRecursive && { label: "a query or function is filled in where it is called" }),
  });
  return false;
}
