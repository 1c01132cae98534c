import type { BuiltinTable } from "../builtins/builtin.ts";
import type { Definitions } from "../ir/definition.ts";
import type { Expr, Let, ListExpr, Literal, MapExpr } from "../ir/expr.ts";
import { mapOf } from "../values/keyed.ts";
import {
  doubleOf,
  Duration,
  EvalError,
  fromJson,
  intOf,
  isValue,
  Timestamp,
  TypeValue,
  typeOf,
  Uint,
} from "../values/value.ts";
import type { Result, Value } from "../values/value.ts";
import { isTooLarge, stepsThrough } from "../values/weight.ts";
import { compileActionPath } from "./compile-action-path.ts";
import { compileCall, compileTemplate } from "./compile-call.ts";
import { compileDocument, compileInvocation, compileReplaceable } from "./compile-definition.ts";
import { compileAgreement, compileFirstDefined, compileLogic } from "./compile-logic.ts";
import {
  budgetError,
  compileArithmetic,
  compileCompare,
  compileConditional,
  compileMembership,
  compileNegate,
  compileNot,
  noValueOf,
} from "./compile-operator.ts";
import { compileQuantifier, compileQuery } from "./compile-query.ts";
import {
  compileEnvVariable,
  compileField,
  compileHas,
  compileIndex,
  compileLocal,
  compileNow,
  compileProviderHealth,
  compileTimePart,
} from "./compile-reference.ts";
import { compileStateCounter, compileStateEntry, compileStateSeen, compileStateTimeSince } from "./compile-state.ts";
import type { CompiledDefinition, Compiler, Evaluate } from "./compiler.ts";
import type { Frame } from "./frame.ts";
import type { TimeZones } from "./time-zones.ts";

export interface CompilerOptions {
  readonly builtins: BuiltinTable;
  readonly zones: TimeZones;
  /** For `time` nodes that name none. */
  readonly zone: string;
  /** What expressions refer to by name. */
  readonly definitions?: Definitions | undefined;
  /** Wraps the closure of every node of the IR, for explanations. */
  readonly observe?: (expr: Expr, evaluate: Evaluate) => Evaluate;
}

/** A compiler for the expressions of one rule: closures over slots, no generated code (`design.md` §5). */
export function createCompiler({ builtins, zones, zone, definitions = {}, observe }: CompilerOptions): Compiler {
  let scope: ReadonlyMap<string, number> = new Map();
  const defined = new Map<string, CompiledDefinition | undefined>();
  // A slot is never used twice in a rule: the steps behind a branch run inside it.
  let slots = 0;
  const compiler: Compiler = {
    builtins,
    zones,
    zone,
    explains: observe !== undefined,
    compile(expr) {
      const evaluate = compileNode(expr, compiler);
      return observe === undefined ? evaluate : observe(expr, evaluate);
    },
    slotOf: (name) => scope.get(name),
    definitionOf(name) {
      if (defined.has(name)) return defined.get(name);
      const source = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
      // One that leads back to itself finds itself unknown.
      defined.set(name, undefined);
      const outer = scope;
      scope = new Map();
      const compiled =
        source &&
        compiler.inScope(source.params ?? [], (bound) => ({
          source,
          slots: bound.filter((slot) => slot !== undefined),
          evaluate: compiler.compile(source.value),
        }));
      scope = outer;
      defined.set(name, compiled);
      return compiled;
    },
    inScope(names, compile) {
      const outer = scope;
      const bound = names.map((name) => (name === undefined ? undefined : slots++));
      scope = new Map([
        ...outer,
        ...names.flatMap((name, i) => (name === undefined ? [] : [[name, bound[i]!] as const])),
      ]);
      try {
        return compile(bound);
      } finally {
        scope = outer;
      }
    },
  };
  return compiler;
}

function compileNode(expr: Expr, compiler: Compiler): Evaluate {
  switch (expr.kind) {
    case "literal": {
      const value = literalValue(expr);
      return () => value;
    }
    case "list":
      return compileList(expr, compiler);
    case "map":
      return compileMap(expr, compiler);
    case "action":
      return compileActionPath(expr);
    case "dedupKey":
      return ({ action }) => action.dedupKey ?? action.id;
    case "local":
      return compileLocal(expr, compiler);
    case "now":
      return compileNow(expr);
    case "time":
      return compileTimePart(expr, compiler);
    case "env":
      return compileEnvVariable(expr);
    case "health":
      return compileProviderHealth(expr, compiler);
    case "stateSeen":
      return compileStateSeen(expr, compiler);
    case "stateEntry":
      return compileStateEntry(expr, compiler);
    case "stateCounter":
      return compileStateCounter(expr, compiler);
    case "stateTimeSince":
      return compileStateTimeSince(expr, compiler);
    case "field":
      return compileField(expr, compiler);
    case "index":
      return compileIndex(expr, compiler);
    case "has":
      return compileHas(expr, compiler);
    case "not":
      return compileNot(expr, compiler);
    case "negate":
      return compileNegate(expr, compiler);
    case "compare":
      return compileCompare(expr, compiler);
    case "arithmetic":
      return compileArithmetic(expr, compiler);
    case "in":
      return compileMembership(expr, compiler);
    case "and":
    case "or":
      return compileLogic(expr, compiler);
    case "conditional":
      return compileConditional(expr, compiler);
    case "call":
      return compileCall(expr, compiler);
    case "template":
      return compileTemplate(expr, compiler);
    case "quantifier":
      return compileQuantifier(expr, compiler);
    case "let":
      return compileLet(expr, compiler);
    case "query":
      return compileQuery(expr, compiler);
    case "document":
      return compileDocument(expr, compiler);
    case "invoke":
      return compileInvocation(expr, compiler);
    case "replaceable":
      return compileReplaceable(expr, compiler);
    case "firstDefined":
      return compileFirstDefined(expr, compiler);
    case "agreement":
      return compileAgreement(expr, compiler);
  }
}

export function literalValue(literal: Literal): Value {
  switch (literal.type) {
    case "int":
      return typeof literal.value === "bigint" ? intOf(literal.value) : literal.value;
    case "uint":
      return new Uint(literal.value);
    case "double":
      return doubleOf(literal.value);
    case "duration":
      return new Duration(literal.value);
    case "timestamp":
      return new Timestamp(literal.value);
    case "json":
      return fromJson(literal.value);
    case "type":
      return new TypeValue(literal.value);
    case "null":
    case "bool":
    case "string":
    case "bytes":
      return literal.value;
  }
}

/** The value of a literal, and of a list or map of literals alone; `undefined` for anything else. */
export function constantValue(expr: Expr): Value | undefined {
  if (expr.kind === "literal") return literalValue(expr);
  if (expr.kind === "list") {
    const items = expr.items.map(constantValue);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (expr.kind !== "map") return undefined;
  const entries: (readonly [Value, Value])[] = [];
  for (const [key, value] of expr.entries) {
    const name = constantValue(key);
    const constant = constantValue(value);
    if (name === undefined || constant === undefined) return undefined;
    if (expr.keys === "cel" && !isCelKey(name)) return undefined;
    entries.push([name, constant]);
  }
  return mapOf(entries);
}

function compileList(node: ListExpr, compiler: Compiler): Evaluate {
  const constant = constantValue(node);
  if (constant !== undefined) return () => constant;
  const items = node.items.map((item) => compiler.compile(item));
  const tooLarge = new EvalError("a list that is too large", node.span);
  return (frame) => {
    const list = evaluateAll(items, frame);
    return isValue(list) && isTooLarge(list) ? tooLarge : list;
  };
}

function compileMap(node: MapExpr, compiler: Compiler): Evaluate {
  const constant = constantValue(node);
  if (constant !== undefined) return () => constant;
  const keys = node.entries.map(([key]) => compiler.compile(key));
  const values = node.entries.map(([, value]) => compiler.compile(value));
  const onlyScalars = node.keys === "cel";
  const noKey = new EvalError("a key that is neither text nor a whole number nor a bool", node.span);
  const twice = new EvalError("two values under one key", node.span);
  const tooLarge = new EvalError("a map that is too large", node.span);
  const overBudget = budgetError(node);
  return (frame) => {
    const names = evaluateAll(keys, frame);
    const items = evaluateAll(values, frame);
    if (!Array.isArray(names) || !Array.isArray(items)) return noValueOf(names, items);
    if (onlyScalars && !names.every(isCelKey)) return noKey;
    for (const name of names) frame.steps -= stepsThrough(name as Value);
    if (frame.steps < 0) return overBudget;
    const made = mapOf(names.map((name: Value, i): [Value, Value] => [name, items[i]]));
    if (made === undefined) return twice;
    return isTooLarge(made) ? tooLarge : made;
  };
}

function isCelKey(key: Value): boolean {
  return typeof key === "string" || typeof key === "boolean" || key instanceof Uint || typeOf(key) === "int";
}

function compileLet(node: Let, compiler: Compiler): Evaluate {
  const value = compiler.compile(node.value);
  return compiler.inScope([node.name], ([slot = 0]) => {
    const body = compiler.compile(node.body);
    return (frame) => {
      frame.locals[slot] = value(frame);
      return body(frame);
    };
  });
}

/** The values of all, or what the first is that has none, errors first. */
function evaluateAll(parts: readonly Evaluate[], frame: Frame): Result {
  const values: Value[] = [];
  let failed: Result | undefined;
  for (const part of parts) {
    const value = part(frame);
    if (isValue(value)) values.push(value);
    else failed = failed === undefined ? value : noValueOf(failed, value);
  }
  return failed ?? values;
}
