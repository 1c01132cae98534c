import { BuiltinFault, LimitFault, mismatch } from "../builtins/builtin.ts";
import type { Builtin, BuiltinResult } from "../builtins/builtin.ts";
import { compileRegex } from "../builtins/linear-regex.ts";
import { searched } from "../builtins/text-builtins.ts";
import type { Call, Template } from "../ir/expr.ts";
import { textOf } from "../values/text.ts";
import { EvalError, isValue, undefinedResult } from "../values/value.ts";
import type { Result, Value } from "../values/value.ts";
import { maxTextLength, stepsThrough } from "../values/weight.ts";
import { budgetError, noValueOf, wrongOperands } from "./compile-operator.ts";
import type { Compiler, Evaluate } from "./compiler.ts";
import type { Frame } from "./frame.ts";

export function compileCall(node: Call, compiler: Compiler): Evaluate {
  const builtin = compiler.builtins.get(node.name);
  if (builtin === undefined) {
    const unknown = new EvalError(`unknown function: ${node.name}`, node.span);
    return () => unknown;
  }
  const [least, most] = typeof builtin.arity === "number" ? [builtin.arity, builtin.arity] : builtin.arity;
  if (node.args.length < least || node.args.length > most) {
    const wrongCount = new EvalError(`\`${node.name}\` does not take ${node.args.length} arguments`, node.span);
    return () => wrongCount;
  }
  const { run, metered, steps } = withLiteralPattern(builtin, node);
  const settle = settlerOf(node, builtin);
  const overBudget = budgetError(node);
  const args = node.args.map((arg) => compiler.compile(arg));
  const [first, second] = args;
  const prefix = compiler.explains ? undefined : literalPrefix(node);
  if (first !== undefined && prefix !== undefined) {
    return (frame) => {
      const text = first(frame);
      if (typeof text === "string") return beginsWith(text, prefix);
      return isValue(text) ? settle(run(text, prefix), text === null) : text;
    };
  }
  if (first !== undefined && second !== undefined && args.length === 2) {
    return (frame) => {
      const a = first(frame);
      const b = second(frame);
      if (!isValue(a) || !isValue(b)) return noValueOf(a, b);
      frame.steps -= steps + stepsThrough(a) + stepsThrough(b);
      if (frame.steps < 0) return overBudget;
      if (metered !== undefined)
        return charged(frame, settle(metered(frame, a, b), a === null || b === null), overBudget);
      const result = run(a, b);
      if (typeof result === "boolean") return result;
      return charged(frame, settle(result, a === null || b === null), overBudget);
    };
  }
  return (frame) => {
    const values: Value[] = [];
    let failed: Result | undefined;
    frame.steps -= steps;
    for (const arg of args) {
      const value = arg(frame);
      if (!isValue(value)) {
        failed = failed === undefined ? value : noValueOf(failed, value);
        continue;
      }
      frame.steps -= stepsThrough(value);
      values.push(value);
    }
    if (failed !== undefined) return failed;
    if (frame.steps < 0) return overBudget;
    const result = metered === undefined ? run(...values) : metered(frame, ...values);
    return charged(frame, settle(result, values.includes(null)), overBudget);
  };
}

/** What a function makes takes from the step budget, too: a short call can stand for a long list. */
function charged(frame: Frame, result: Result, overBudget: EvalError): Result {
  if (isValue(result)) frame.steps -= stepsThrough(result);
  return frame.steps < 0 ? overBudget : result;
}

/** Of the commonest function of all. */
function literalPrefix({ name, args: [, prefix] }: Call): string | undefined {
  return name === "startsWith" && prefix?.kind === "literal" && prefix.type === "string" ? prefix.value : undefined;
}

/** For the short prefixes that rules have, a third of the cost of `String.prototype.startsWith`. */
function beginsWith(text: string, prefix: string): boolean {
  if (prefix.length > 32) return text.startsWith(prefix);
  for (let i = 0; i < prefix.length; i++) if (text.charCodeAt(i) !== prefix.charCodeAt(i)) return false;
  return true;
}

/** A literal pattern is compiled once, with the rule; one that does not compile is an error of the load, and here. */
function withLiteralPattern(builtin: Builtin, node: Call): Builtin {
  const pattern = node.args[1];
  if (builtin.name !== "matches" || pattern?.kind !== "literal" || pattern.type !== "string") return builtin;
  const compiled = compileRegex(pattern.value);
  if (compiled.kind === "refused") return builtin;
  const { regex } = compiled;
  return { ...builtin, metered: (meter, text) => (typeof text === "string" ? searched(meter, regex, text) : mismatch) };
}

/** What the answer of a function is, by the semantics of its node. */
function settlerOf(
  { name, semantics, span, surfaces }: Call,
  { predicate }: Builtin,
): (result: BuiltinResult, ofNull: boolean) => Result {
  const wrong = wrongOperands(semantics, `\`${name}\` of values of types that it does not take`, span, surfaces);
  const whenNull = semantics === "plain" || semantics === "drl" ? (predicate ? false : null) : wrong;
  return (result, ofNull) => {
    if (result === mismatch) return ofNull ? whenNull : wrong;
    if (!(result instanceof BuiltinFault)) return result;
    if (result instanceof LimitFault) return new EvalError(`\`${name}\` of ${result.message}`, span);
    return wrongOperands(semantics, `\`${name}\` of ${result.message}`, span, surfaces);
  };
}

export function compileTemplate(node: Template, compiler: Compiler): Evaluate {
  const parts = node.parts.map((part) => compiler.compile(part));
  const empty = new EvalError("a part of this text is null", node.span);
  const tooLong = new EvalError(`a text longer than ${maxTextLength} characters`, node.span);
  const ofNull: Result = node.ofNull === "empty" ? "" : node.ofNull === "error" ? empty : undefinedResult;
  return (frame) => {
    let text = "";
    let failed: Result | undefined;
    for (let i = 0; i < parts.length; i++) {
      const value = parts[i]!(frame);
      if (isValue(value)) frame.steps -= stepsThrough(value);
      const part = value === null || value === undefinedResult ? ofNull : isValue(value) ? textOf(value) : value;
      if (typeof part === "string") text += part;
      else failed = failed === undefined ? part : noValueOf(failed, part);
    }
    if (failed !== undefined) return failed;
    return text.length > maxTextLength || frame.steps < 0 ? tooLong : text;
  };
}
