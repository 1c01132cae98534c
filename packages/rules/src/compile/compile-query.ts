import type { Quantifier, QueryExpr } from "../ir/expr.ts";
import type { Bind, Either, Emit, Guard, NoSolution, Query, Scan, With } from "../ir/query.ts";
import { equal } from "../values/equality.ts";
import { countOf, isAnyMap, mapOf, setOf } from "../values/keyed.ts";
import { entriesInOrder, inOrder } from "../values/order.ts";
import { treeOf } from "../values/tree.ts";
import {
  EvalError,
  fromJson,
  isError,
  isList,
  isMap,
  isValue,
  KeyedMap,
  pending,
  undefinedResult,
  ValueSet,
} from "../values/value.ts";
import type { Result, Value } from "../values/value.ts";
import { isTooLarge, stepsToIdentify } from "../values/weight.ts";
import { budgetError, wrongOperands } from "./compile-operator.ts";
import type { Compiler, Evaluate } from "./compiler.ts";
import type { Context, Frame } from "./frame.ts";

type Collect = QueryExpr["collect"];

/** What the run of one query has found so far. */
interface Search {
  found: boolean;
  readonly values: Value[];
  readonly keys: Value[];
  /** In a tree: which values are members of sets. */
  readonly members: Set<number>;
  /** Some solution hangs on a value of the store. */
  waits: boolean;
  error: EvalError | undefined;
}

const none: Set<number> = new Set();

/** The rest of a body from some step on. `true`: enough is known, stop. */
type Continue = (frame: Frame, search: Search) => boolean;

/** A body, of which each step is handed the steps behind it: that is all the backtracking there is. */
export function compileQuery(node: QueryExpr, compiler: Compiler): Evaluate {
  const { collect } = node;
  const whole: Continue = (_, search) => {
    search.found = true;
    return collect === "exists";
  };
  const run = compileSteps(node.body, () => whole, compiler, collect);
  const conflict = new EvalError(
    collect === "map" ? "two values under one key" : "two different values where there can be one",
    node.span,
  );
  const tooLarge = new EvalError("a result that is too large", node.span);
  return (frame) => {
    const search: Search = {
      found: false,
      values: [],
      keys: [],
      members: collect === "tree" ? new Set() : none,
      waits: false,
      error: undefined,
    };
    run(frame, search);
    if (collect === "exists" && search.found) return true;
    if (search.waits) return pending;
    if (search.error !== undefined) return search.error;
    if (collect === "exists") return false;
    if (collect === "first") return search.values.length === 0 ? undefinedResult : search.values[0]!;
    const made = collected(collect, search, conflict);
    return isValue(made) && isTooLarge(made) ? tooLarge : made;
  };
}
function collected(
  collect: Exclude<Collect, "exists" | "first">,
  { keys, values, members }: Search,
  conflict: EvalError,
): Result {
  switch (collect) {
    case "list":
      return values;
    case "set":
      return setOf(values);
    case "only": {
      const [first = undefinedResult, ...rest] = values;
      return rest.every((value) => equal(value, first as Value)) ? first : conflict;
    }
    case "map":
      return mapOf(keys.map((key, i): [Value, Value] => [key, values[i]!])) ?? conflict;
    case "tree":
      return (
        treeOf(keys.map((key, i) => ({ path: key as readonly Value[], value: values[i]!, member: members.has(i) }))) ??
        conflict
      );
  }
}

/** `end`: compiled in the scope of all steps. */
function compileSteps(steps: readonly Query[], end: () => Continue, compiler: Compiler, collect: Collect): Continue {
  const [step, ...rest] = steps;
  if (step === undefined) return end();
  const next = (): Continue => compileSteps(rest, end, compiler, collect);
  switch (step.kind) {
    case "scan":
      return compileScan(step, next, compiler);
    case "bind":
      return compileBind(step, next, compiler);
    case "guard":
      return compileGuard(step, next(), compiler);
    case "not":
      return compileNoSolution(step, next(), compiler);
    case "or":
      return compileEither(step, next(), compiler, collect);
    case "with":
      return compileWith(step, next, compiler, collect);
    case "emit":
      return compileEmit(step, next(), compiler, collect);
  }
}

function compileScan(step: Scan, next: () => Continue, compiler: Compiler): Continue {
  const over = compiler.compile(step.over);
  const overBudget = budgetError(step);
  const { semantics } = step;
  const noList = wrongOperands(semantics, "going through something that is neither list nor map", step.over.span);
  const nullIsEmpty = semantics === "plain" || semantics === "drl";
  const namesKeys = step.valueOfMap === "key";
  const inRegosOrder = semantics === "rego";
  return compiler.inScope([step.key, step.value], ([keySlot, valueSlot]) => {
    const goOn = next();
    const visit = (frame: Frame, search: Search, key: Value, value: Value): boolean => {
      if (--frame.steps < 0) return failed(search, overBudget);
      if (keySlot !== undefined) frame.locals[keySlot] = key;
      if (valueSlot !== undefined) frame.locals[valueSlot] = value;
      return goOn(frame, search);
    };
    return (frame, search) => {
      const collection = over(frame);
      if (!isValue(collection)) return withoutValue(search, collection);
      if (typeof collection === "object" && collection !== null && isList(collection)) {
        for (let i = 0; i < collection.length; i++) {
          if (visit(frame, search, i, fromJson(collection[i]!))) return true;
        }
        return false;
      }
      if (inRegosOrder && isAnyMap(collection)) {
        for (const [key, value] of entriesInOrder(collection)) if (visit(frame, search, key, value)) return true;
        return false;
      }
      if (isMap(collection)) {
        for (const key of Object.keys(collection)) {
          if (visit(frame, search, key, namesKeys ? key : fromJson(collection[key]!))) return true;
        }
        return false;
      }
      if (collection instanceof KeyedMap) {
        for (const [key, value] of collection.entries.values()) {
          if (visit(frame, search, key, namesKeys ? key : value)) return true;
        }
        return false;
      }
      if (collection instanceof ValueSet) {
        for (const item of inOrder(collection)) if (visit(frame, search, item, item)) return true;
        return false;
      }
      return collection === null && nullIsEmpty ? false : withoutValue(search, noList);
    };
  });
}

function failed(search: Search, error: EvalError): boolean {
  search.error ??= error;
  return true;
}

/** An error ends the search, unless something before it may still turn out to be enough. */
function withoutValue(search: Search, result: Result): boolean {
  if (result === pending) search.waits = true;
  return isError(result) && failed(search, result);
}

function compileBind(step: Bind, next: () => Continue, compiler: Compiler): Continue {
  const value = compiler.compile(step.value);
  return compiler.inScope([step.name], ([slot]) => {
    const goOn = next();
    return (frame, search) => {
      const result = value(frame);
      if (!isValue(result)) return withoutValue(search, result);
      if (slot !== undefined) frame.locals[slot] = result;
      return goOn(frame, search);
    };
  });
}

function compileGuard(step: Guard, next: Continue, compiler: Compiler): Continue {
  const condition = compiler.compile(step.condition);
  const noBool = new EvalError("a condition that is neither true nor false", step.condition.span);
  const absorbs = step.absorbs === "errors";
  return (frame, search) => {
    const result = condition(frame);
    if (result === true) return next(frame, search);
    if (result === false || result === undefinedResult) return false;
    const failure = isValue(result) ? noBool : result;
    if (!absorbs || !isError(failure)) return withoutValue(search, failure);
    search.error ??= failure;
    return false;
  };
}

function compileNoSolution(step: NoSolution, next: Continue, compiler: Compiler): Continue {
  const exists = compileQuery({ kind: "query", body: step.body, collect: "exists", span: step.span }, compiler);
  return (frame, search) => {
    const result = exists(frame);
    if (result === false) return next(frame, search);
    return result === true ? false : withoutValue(search, result);
  };
}

function compileEither(step: Either, next: Continue, compiler: Compiler, collect: Collect): Continue {
  const branches = step.branches.map((branch) => compileSteps(branch, () => next, compiler, collect));
  return (frame, search) => branches.some((branch) => branch(frame, search));
}

/** The steps behind it see what was there before, and the names that its body binds. */
function compileWith(step: With, next: () => Continue, compiler: Compiler, collect: Collect): Continue {
  const { replaced } = step;
  const by = typeof replaced.by === "string" ? undefined : compiler.compile(replaced.by);
  const leave = (): Continue => {
    const goOn = next();
    return (frame, search) => {
      const inner = frame.context;
      frame.context = frame.outerContexts.pop()!;
      const stop = goOn(frame, search);
      frame.outerContexts.push(frame.context);
      frame.context = inner;
      return stop;
    };
  };
  const body = compileSteps(step.body, leave, compiler, collect);
  return (frame, search) => {
    const value = by?.(frame) ?? null;
    if (!isValue(value)) return withoutValue(search, value);
    const outer = frame.context;
    frame.outerContexts.push(outer);
    frame.context = replacedIn(outer, replaced, value);
    const stop = body(frame, search);
    frame.context = frame.outerContexts.pop()!;
    return stop;
  };
}

function replacedIn({ documents, functions }: Context, replaced: With["replaced"], value: Value): Context {
  if (replaced.kind === "document") {
    return { documents: [...documents, { path: replaced.path, value }], functions, values: new Map() };
  }
  const by = typeof replaced.by === "string" ? replaced.by : { value };
  return { documents, functions: new Map([...functions, [replaced.name, by]]), values: new Map() };
}

function compileEmit(step: Emit, next: Continue, compiler: Compiler, collect: Collect): Continue {
  const key = step.key === undefined ? undefined : compiler.compile(step.key);
  const value = compiler.compile(step.value);
  const overBudget = budgetError(step);
  const isMember = collect === "set" || step.member === true;
  return (frame, search) => {
    const emittedKey = key?.(frame) ?? null;
    const emitted = value(frame);
    if (!isValue(emittedKey)) return withoutValue(search, emittedKey);
    if (!isValue(emitted)) return withoutValue(search, emitted);
    if (isMember) frame.steps -= stepsToIdentify(emitted);
    if (key !== undefined) frame.steps -= stepsToIdentify(emittedKey);
    if (frame.steps < 0) return failed(search, overBudget);
    if (step.member === true) search.members.add(search.values.length);
    search.keys.push(emittedKey);
    search.values.push(emitted);
    // With something pending before it, this is not the first for certain.
    return (collect === "first" && !search.waits) || next(frame, search);
  };
}

/** `all`, `any` and `one` as the queries that they are. */
export function compileQuantifier(node: Quantifier, compiler: Compiler): Evaluate {
  const { span, absorbs, semantics } = node;
  const { over, key, value, valueOfMap } = node;
  const scan: Scan = {
    kind: "scan",
    over,
    key,
    value,
    ...(valueOfMap !== undefined && { valueOfMap }),
    semantics,
    span,
  };
  const guard: Query = { kind: "guard", condition: node.condition, absorbs, span };
  switch (node.quantifier) {
    case "any":
      return compileQuery({ kind: "query", body: [scan, guard], collect: "exists", span }, compiler);
    case "all":
      return compileAll(node, scan, compiler);
    case "one":
      return compileOne(node, [scan, guard], compiler);
  }
}

/** No element fails the condition. In Rego that is undefined of anything that has no elements. */
function compileAll(
  { over, condition, absorbs, semantics, span }: Quantifier,
  scan: Scan,
  compiler: Compiler,
): Evaluate {
  const fails: Query = {
    kind: "guard",
    condition: { kind: "not", operand: condition, semantics, span: condition.span },
    absorbs,
    span,
  };
  const whole = compiler.compile(over);
  // No language has such a name.
  const name = " collection";
  return compiler.inScope([name], ([slot = 0]) => {
    const through: Query = { ...scan, over: { kind: "local", name, span: over.span } };
    const counterexample = compileQuery({ kind: "query", body: [through, fails], collect: "exists", span }, compiler);
    return (frame) => {
      const collection = whole(frame);
      if (!isValue(collection)) return collection;
      if (semantics === "rego" && countOf(collection) === undefined) return undefinedResult;
      frame.locals[slot] = collection;
      const result = counterexample(frame);
      return typeof result === "boolean" ? !result : result;
    };
  });
}

function compileOne({ span }: Quantifier, body: readonly Query[], compiler: Compiler): Evaluate {
  const emit: Query = {
    kind: "emit",
    key: undefined,
    value: { kind: "literal", type: "null", value: null, span },
    span,
  };
  const holding = compileQuery({ kind: "query", body: [...body, emit], collect: "list", span }, compiler);
  return (frame) => {
    const result = holding(frame);
    return Array.isArray(result) ? result.length === 1 : result;
  };
}
