import type { Span } from "@acteon/core";
import type { Arithmetic, Compare, Conditional, Membership, Negate, Not, Semantics } from "../ir/expr.ts";
import { compute, isFault, negated } from "../values/arithmetic.ts";
import type { ArithmeticFault, Computed } from "../values/arithmetic.ts";
import { equalityOf } from "../values/equality.ts";
import type { Equality } from "../values/equality.ts";
import { orderOf } from "../values/order.ts";
import { entriesOf, identityOf, isAnyMap, valueAt } from "../values/keyed.ts";
import {
  EvalError,
  fromJson,
  isError,
  isList,
  isValue,
  numberOf,
  pending,
  typeOf,
  undefinedResult,
  ValueSet,
} from "../values/value.ts";
import type { NoAnswer, Result, Value } from "../values/value.ts";
import { stepsThrough, stepsToIdentify } from "../values/weight.ts";
import type { Compiler, Evaluate } from "./compiler.ts";

/** What an expression is that used up the step budget of its evaluation. */
export function budgetError({ span }: { readonly span: Span }): EvalError {
  return new EvalError("the evaluation took more steps than are allowed", span);
}

/** Of two results of which one is no value: the error, else what is undefined, else what is pending. */
export function noValueOf(a: Result, b: Result): NoAnswer {
  if (isError(a)) return a;
  if (isError(b)) return b;
  return a === undefinedResult || b === undefinedResult ? undefinedResult : pending;
}

/** What operands of types that do not go together give. */
export function wrongOperands(semantics: Semantics, message: string, span: Span, surfaces = false): NoAnswer {
  return semantics === "rego" && !surfaces ? undefinedResult : new EvalError(message, span);
}

export function compileCompare(node: Compare, compiler: Compiler): Evaluate {
  return node.op === "eq" || node.op === "ne" ? compileEquality(node, compiler) : compileOrder(node, compiler);
}

function compileEquality(node: Compare, compiler: Compiler): Evaluate {
  const equality = equalityOf(node.semantics);
  const whenEqual = node.op === "eq";
  const left = compiler.compile(node.left);
  if (node.right.kind === "literal" && node.right.type === "string" && !compiler.explains) {
    return equalsText(left, node.right.value, whenEqual, equality);
  }
  const right = compiler.compile(node.right);
  const overBudget = budgetError(node);
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === "string" && typeof b === "string") return (a === b) === whenEqual;
    if (!isValue(a) || !isValue(b)) return noValueOf(a, b);
    if (typeof a === "object") frame.steps -= stepsThrough(a);
    return frame.steps < 0 ? overBudget : equality(a, b) === whenEqual;
  };
}

/** The commonest clause of all. */
function equalsText(left: Evaluate, text: string, whenEqual: boolean, equality: Equality): Evaluate {
  return (frame) => {
    const value = left(frame);
    if (typeof value === "string") return (value === text) === whenEqual;
    return isValue(value) ? equality(value, text) === whenEqual : value;
  };
}

function compileOrder(node: Compare, compiler: Compiler): Evaluate {
  const { op, semantics } = node;
  const left = compiler.compile(node.left);
  const right = compiler.compile(node.right);
  const order = orderOf(semantics);
  const overBudget = budgetError(node);
  const unordered = wrongOperands(semantics, "comparing values that have no order", node.span);
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === "number" && typeof b === "number") return numberHolds(op, a, b);
    if (!isValue(a) || !isValue(b)) return noValueOf(a, b);
    if (typeof a === "object") frame.steps -= stepsThrough(a);
    if (frame.steps < 0) return overBudget;
    const difference = order(a, b);
    return difference === undefined ? unordered : holds(op, difference);
  };
}

/** The same in every language. */
function numberHolds(op: Compare["op"], a: number, b: number): boolean {
  switch (op) {
    case "lt":
      return a < b;
    case "le":
      return a <= b;
    case "gt":
      return a > b;
    case "ge":
      return a >= b;
    case "eq":
      return a === b;
    case "ne":
      return a !== b;
  }
}

/** With `NaN` nothing holds. */
function holds(op: Compare["op"], difference: number): boolean {
  switch (op) {
    case "lt":
      return difference < 0;
    case "le":
      return difference <= 0;
    case "gt":
      return difference > 0;
    case "ge":
      return difference >= 0;
    case "eq":
      return difference === 0;
    case "ne":
      return difference !== 0;
  }
}

export function compileArithmetic(node: Arithmetic, compiler: Compiler): Evaluate {
  const { op, semantics } = node;
  const overBudget = budgetError(node);
  const mixes = node.strict !== true;
  const left = compiler.compile(node.left);
  const right = compiler.compile(node.right);
  const failed = arithmeticErrors(semantics, node.span, node.surfaces);
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (!isValue(a) || !isValue(b)) return noValueOf(a, b);
    const result = failed(mixes || sameNumberType(a, b) ? compute(op, a, b, semantics) : "mismatch");
    // Joined lists are copies.
    frame.steps -= typeof result === "object" && isValue(result) ? 1 + stepsThrough(result) : 1;
    return frame.steps < 0 ? overBudget : result;
  };
}

/** Are they not numbers of two types? */
function sameNumberType(a: Value, b: Value): boolean {
  return numberOf(a) === undefined || numberOf(b) === undefined || typeOf(a) === typeOf(b);
}

export function compileNegate(node: Negate, compiler: Compiler): Evaluate {
  const { semantics } = node;
  const operand = compiler.compile(node.operand);
  const failed = arithmeticErrors(semantics, node.span);
  return (frame) => {
    const value = operand(frame);
    return isValue(value) ? failed(negated(value, semantics)) : value;
  };
}

function arithmeticErrors(semantics: Semantics, span: Span, surfaces = false): (computed: Computed) => Result {
  const wrong = (message: string): NoAnswer => wrongOperands(semantics, message, span, surfaces);
  const errors: Readonly<Record<ArithmeticFault, NoAnswer>> = {
    mismatch: wrong("calculating with values of types that do not go together"),
    divisionByZero: wrong("division by zero"),
    overflow: wrong("a number or time beyond its range"),
    // In every language: a limit must not switch a rule off.
    tooLarge: new EvalError("a result that is too large", span),
  };
  return (computed) => (isFault(computed) ? errors[computed] : computed.value);
}

export function compileMembership(node: Membership, compiler: Compiler): Evaluate {
  const item = compiler.compile(node.item);
  const equality = equalityOf(node.semantics);
  const texts = compiler.explains ? undefined : literalTexts(node);
  if (texts !== undefined) {
    // A few texts are compared faster than one is hashed.
    const few = texts.size <= 4 ? [...texts] : undefined;
    return (frame) => {
      const value = item(frame);
      if (typeof value === "string") return few === undefined ? texts.has(value) : few.includes(value);
      // In DRL a number equals the text that says it.
      return isValue(value) ? [...texts].some((text) => equality(value, text)) : value;
    };
  }
  const collection = compiler.compile(node.collection);
  const overBudget = budgetError(node);
  const { semantics } = node;
  const wrong =
    semantics === "rego"
      ? false
      : wrongOperands(semantics, "looking for an element in something that is no list", node.span);
  const ofNull = semantics === "plain" || semantics === "drl" ? false : wrong;
  const ofKeys = semantics !== "rego";
  return (frame) => {
    const value = item(frame);
    const whole = collection(frame);
    if (!isValue(value) || !isValue(whole)) return noValueOf(value, whole);
    if (whole === null) return ofNull;
    frame.steps -= stepsThrough(whole) + (whole instanceof ValueSet ? stepsToIdentify(value) : 0);
    if (frame.steps < 0) return overBudget;
    return includes(whole, value, equality, ofKeys) ?? wrong;
  };
}

function includes(whole: Value, value: Value, equality: Equality, ofKeys: boolean): boolean | undefined {
  if (typeof whole !== "object" || whole === null) return undefined;
  if (isList(whole)) return whole.some((item) => equality(value, fromJson(item)));
  if (whole instanceof ValueSet) return whole.items.has(identityOf(value));
  if (!isAnyMap(whole)) return undefined;
  return ofKeys ? valueAt(whole, value) !== undefined : entriesOf(whole).some(([, item]) => equality(value, item));
}

function literalTexts({ collection }: Membership): ReadonlySet<string> | undefined {
  if (collection.kind !== "list") return undefined;
  const texts = new Set<string>();
  for (const item of collection.items) {
    if (item.kind !== "literal" || item.type !== "string") return undefined;
    texts.add(item.value);
  }
  return texts;
}

export function compileNot(node: Not, compiler: Compiler): Evaluate {
  const operand = compiler.compile(node.operand);
  const noBool = wrongOperands(node.semantics, "`not` of something that is neither true nor false", node.span);
  const ofUndefined = node.semantics === "rego" ? true : undefinedResult;
  return (frame) => {
    const value = operand(frame);
    if (typeof value === "boolean") return !value;
    if (value === undefinedResult) return ofUndefined;
    return isValue(value) ? noBool : value;
  };
}

export function compileConditional(node: Conditional, compiler: Compiler): Evaluate {
  const condition = compiler.compile(node.condition);
  const whenTrue = compiler.compile(node.then);
  const whenFalse = compiler.compile(node.otherwise);
  const noBool = new EvalError("a condition that is neither true nor false", node.condition.span);
  return (frame) => {
    const value = condition(frame);
    if (typeof value === "boolean") return value ? whenTrue(frame) : whenFalse(frame);
    return isValue(value) ? noBool : value;
  };
}
