import type { DocumentValue, Invocation, Replaceable } from "../ir/expr.ts";
import { entryAt } from "../values/keyed.ts";
import { treeWith } from "../values/tree.ts";
import { EvalError, isValue, pending, undefinedResult } from "../values/value.ts";
import type { NoAnswer, Result, Value } from "../values/value.ts";
import { budgetError, noValueOf } from "./compile-operator.ts";
import type { CompiledDefinition, Compiler, Evaluate } from "./compiler.ts";
import type { Frame } from "./frame.ts";

/** What computing a definition takes from the step budget besides what it consists of: a chain of them may ask twice for each. */
const stepsOfDefinition = 4;

/** A document is computed once for each context that it is asked in, unless it waits for the store. */
export function compileDocument(node: DocumentValue, compiler: Compiler): Evaluate {
  const definition = compiler.definitionOf(node.name);
  if (definition === undefined) return unknownDefinition(node);
  const { source, evaluate } = definition;
  const overBudget = budgetError(node);
  return (frame) => {
    const { values } = frame.context;
    const known = values.get(source);
    if (known !== undefined) return known;
    frame.steps -= stepsOfDefinition;
    if (frame.steps < 0) return overBudget;
    const result = evaluate(frame);
    if (result !== pending) values.set(source, result);
    return result;
  };
}

function unknownDefinition({ name, span }: DocumentValue | Invocation): Evaluate {
  const error = new EvalError(`\`${name}\` is not defined, or leads back to itself`, span);
  return () => error;
}

/** A replaced function gives what another one gives, or always the same. */
export function compileInvocation(node: Invocation, compiler: Compiler): Evaluate {
  const args = node.args.map((arg) => compiler.compile(arg));
  const own = compiler.definitionOf(node.name);
  if (own === undefined) return unknownDefinition(node);
  const overBudget = budgetError(node);
  return (frame) => {
    frame.steps -= stepsOfDefinition;
    if (frame.steps < 0) return overBudget;
    const replacement = frame.context.functions.get(node.name);
    const values = valuesOf(args, frame);
    if (!isListOfValues(values)) return values;
    if (replacement === undefined) return apply(own, values, frame);
    if (typeof replacement !== "string") return replacement.value;
    const other = compiler.definitionOf(replacement);
    if (other === undefined) return unknownDefinition(node)(frame);
    const { context } = frame;
    // In the function that stands in, every function is itself again.
    frame.context = { documents: context.documents, functions: new Map(), values: new Map() };
    const result = apply(other, values, frame);
    frame.context = context;
    return result;
  };
}

function valuesOf(args: readonly Evaluate[], frame: Frame): readonly Value[] | NoAnswer {
  const values: Value[] = [];
  for (const arg of args) {
    const value = arg(frame);
    if (!isValue(value)) return value;
    values.push(value);
  }
  return values;
}

function isListOfValues(values: readonly Value[] | NoAnswer): values is readonly Value[] {
  return Array.isArray(values);
}

/** The slots are filled when all arguments are known: one of them may have called the same function. */
function apply({ slots, evaluate }: CompiledDefinition, values: readonly Value[], frame: Frame): Result {
  for (let i = 0; i < slots.length; i++) frame.locals[slots[i]!] = values[i]!;
  return evaluate(frame);
}

export function compileReplaceable({ path, value }: Replaceable, compiler: Compiler): Evaluate {
  const own = compiler.compile(value);
  return (frame) => (frame.context.documents.length === 0 ? own(frame) : replacedAt(path, own, frame));
}

/** Replacements take effect in their order: one above hides what was there, one below changes a part of it. */
function replacedAt(path: readonly string[], own: Evaluate, frame: Frame): Result {
  let result: Result | undefined;
  for (const replacement of frame.context.documents) {
    const common = Math.min(path.length, replacement.path.length);
    if (path.slice(0, common).some((key, i) => key !== replacement.path[i])) continue;
    if (replacement.path.length <= path.length) {
      result = entryBelow(replacement.value, path.slice(common));
    } else {
      const whole: Result = result ?? own(frame);
      if (whole !== undefinedResult && !isValue(whole)) return noValueOf(whole, whole);
      result = treeWith(isValue(whole) ? whole : {}, replacement.path.slice(common), replacement.value);
    }
  }
  return result ?? own(frame);
}

function entryBelow(value: Value, path: readonly string[]): Result {
  let below: Value = value;
  for (const key of path) {
    const next = entryAt(below, key);
    if (next === undefined) return undefinedResult;
    below = next;
  }
  return below;
}
