import type { EnvVariable, Field, Has, Index, Local, Now, ProviderHealth, TimePart } from "../ir/expr.ts";
import {
  Boxed,
  doubleOf,
  Duration,
  EvalError,
  fromJson,
  isList,
  isMap,
  isValue,
  KeyedMap,
  Optional,
  Timestamp,
  undefinedResult,
  ValueSet,
} from "../values/value.ts";
import { entryAt, isAnyMap, none, optionalEntry, valueAt } from "../values/keyed.ts";
import type { Result, Value, ValueMap } from "../values/value.ts";
import { stepsToIdentify } from "../values/weight.ts";
import { compileHasActionPath, hasKey, needsCare, nothingAt } from "./compile-action-path.ts";
import type { Nothing } from "./compile-action-path.ts";
import { budgetError } from "./compile-operator.ts";
import type { Compiler, Evaluate } from "./compiler.ts";

export function compileLocal(node: Local, compiler: Compiler): Evaluate {
  const slot = compiler.slotOf(node.name);
  if (slot === undefined) {
    const error = new EvalError(`\`${node.name}\` is bound by nothing`, node.span);
    return () => error;
  }
  return (frame) => frame.locals[slot]!;
}

export function compileField(node: Field, compiler: Compiler): Evaluate {
  const of = compiler.compile(node.of);
  const { name } = node;
  const nothing = nothingAt(name, node.missing, node);
  if (needsCare(name)) {
    return (frame) => {
      const parent = of(frame);
      return isValue(parent) ? fieldOf(parent, name, nothing) : parent;
    };
  }
  return (frame) => {
    const parent = of(frame);
    // A map of a payload, the commonest case: nothing is inherited under this name.
    if (typeof parent === "object" && parent !== null && Object.getPrototypeOf(parent) === Object.prototype) {
      const value = (parent as ValueMap)[name];
      if (value === undefined) return nothing.inMap;
      return typeof value === "object" ? fromJson(value) : value;
    }
    return isValue(parent) ? fieldOf(parent, name, nothing) : parent;
  };
}

function fieldOf(parent: Value, name: string, nothing: Nothing): Result {
  if (isMap(parent)) return Object.hasOwn(parent, name) ? fromJson(parent[name]!) : nothing.inMap;
  if (parent instanceof KeyedMap) return valueAt(parent, name) ?? nothing.inMap;
  if (parent instanceof ValueSet) return entryAt(parent, name) ?? nothing.inMap;
  return parent instanceof Optional ? optionalAt(parent, name, nothing) : nothing.elsewhere;
}

/** What is looked up in an optional is optional, too. */
function optionalAt({ value }: Optional, place: Value, nothing: Nothing): Result {
  return value === undefined ? none : (optionalEntry(value, place) ?? nothing.elsewhere);
}

export function compileIndex(node: Index, compiler: Compiler): Evaluate {
  const of = compiler.compile(node.of);
  const at = compiler.compile(node.at);
  const nothing = nothingAt("[…]", node.missing, node);
  const overBudget = budgetError(node);
  return (frame) => {
    const parent = of(frame);
    const place = at(frame);
    if (!isValue(parent)) return parent;
    if (!isValue(place)) return place;
    if (typeof place === "object" || parent instanceof Boxed) {
      frame.steps -= stepsToIdentify(place);
      if (frame.steps < 0) return overBudget;
    }
    if (typeof place === "string") return fieldOf(parent, place, nothing);
    return elementOf(parent, place, nothing);
  };
}

function elementOf(parent: Value, place: Value, nothing: Nothing): Result {
  if (typeof parent !== "object" || parent === null) return nothing.elsewhere;
  if (parent instanceof Optional) return optionalAt(parent, place, nothing);
  const found = entryAt(parent, place);
  if (found !== undefined) return found;
  return isList(parent) || isAnyMap(parent) || parent instanceof ValueSet ? nothing.inMap : nothing.elsewhere;
}

export function compileHas({ reference }: Has, compiler: Compiler): Evaluate {
  switch (reference.kind) {
    case "action":
      return compileHasActionPath(reference);
    case "env":
      return (frame) => Object.hasOwn(frame.environment.variables, reference.name);
    case "field": {
      const of = compiler.compile(reference.of);
      const nothing = nothingAt(reference.name, reference.missing, reference);
      return (frame) => hasKey(of(frame), reference.name, nothing);
    }
    case "index":
      return compileHasIndex(reference, compiler);
  }
}

function compileHasIndex(reference: Index, compiler: Compiler): Evaluate {
  const of = compiler.compile(reference.of);
  const at = compiler.compile(reference.at);
  const nothing = nothingAt("[…]", reference.missing, reference);
  return (frame) => {
    const place = at(frame);
    if (!isValue(place)) return place;
    const parent = of(frame);
    if (typeof place === "string") return hasKey(parent, place, nothing);
    if (!isValue(parent)) return parent === undefinedResult ? false : parent;
    return entryAt(parent, place) !== undefined;
  };
}

export function compileEnvVariable(node: EnvVariable): Evaluate {
  const { name } = node;
  const nothing = nothingAt(name, node.missing, node);
  const absent =
    nothing.inMap instanceof EvalError ? new EvalError(`undefined variable: ${name}`, node.span) : nothing.inMap;
  return ({ environment: { variables } }) => (Object.hasOwn(variables, name) ? variables[name]! : absent);
}

export function compileNow({ as }: Now): Evaluate {
  switch (as) {
    case "timestamp":
      return (frame) => Timestamp.ofMs(frame.environment.nowMs);
    case "seconds":
      return (frame) => Math.floor(frame.environment.nowMs / 1_000);
    case "nanoseconds":
      return (frame) => BigInt(Math.floor(frame.environment.nowMs)) * 1_000_000n;
  }
}

const dayMs = 86_400_000;
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** Each part from the local time, which is written as if it were UTC. */
const timeParts: Readonly<Record<Exclude<TimePart["part"], "timestamp">, (localMs: number) => number | string>> = {
  hour: (localMs) => Math.floor(localMs / 3_600_000) % 24,
  minute: (localMs) => Math.floor(localMs / 60_000) % 60,
  second: (localMs) => Math.floor(localMs / 1_000) % 60,
  day: (localMs) => new Date(localMs).getUTCDate(),
  month: (localMs) => new Date(localMs).getUTCMonth() + 1,
  year: (localMs) => new Date(localMs).getUTCFullYear(),
  weekday: (localMs) => weekdays[weekdayOf(localMs)]!,
  weekday_num: (localMs) => weekdayOf(localMs) + 1,
};

/** 0 is Monday; the epoch was a Thursday. */
function weekdayOf(localMs: number): number {
  return (Math.floor(localMs / dayMs) + 3) % 7;
}

export function compileTimePart(node: TimePart, compiler: Compiler): Evaluate {
  if (node.part === "timestamp") return compileNow({ ...node, kind: "now", as: "seconds" });
  const zone = node.zone ?? compiler.zone;
  const clock = compiler.zones.clockOf(zone);
  if (clock === undefined) {
    const error = new EvalError(`unknown time zone: ${zone}`, node.span);
    return () => error;
  }
  const part = timeParts[node.part];
  return (frame) => part(clock(frame.environment.nowMs));
}

export function compileProviderHealth(node: ProviderHealth, compiler: Compiler): Evaluate {
  const provider = compiler.compile(node.provider);
  const error = new EvalError("the name of a provider is not text", node.span);
  const { fact } = node;
  return (frame) => {
    const name = provider(frame);
    if (typeof name !== "string") return isValue(name) ? error : name;
    const { health } = frame.environment;
    if (fact === "circuitOpen") return health.circuitOpen(name);
    if (fact === "failureRate") return doubleOf(health.failureRate(name));
    // Of a provider that was never called it is nothing, not unknown: a rule that compares it must not fail the first call.
    return Duration.ofMs(health.latencyP99Ms(name) ?? 0);
  };
}
