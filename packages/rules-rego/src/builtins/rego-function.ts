import {
  BuiltinFault,
  LimitFault,
  fromJson,
  inOrder,
  isAnyMap,
  isList,
  isTooLarge,
  maxTextLength,
  mismatch,
  ValueSet,
} from "@acteon/rules";
import type { Builtin, BuiltinResult, KeyedMap, Value, ValueMap, ValueType } from "@acteon/rules";
import { numberIn, wholeOf } from "./number.ts";
import type { Num } from "./number.ts";

/** What is known of a function when a policy is loaded. */
export interface RegoSignature {
  /** The function of the engine that it is. */
  readonly builtin: string;
  readonly arity: number;
  /** The types that each argument may have; `undefined`: any. */
  readonly args: readonly (readonly ValueType[] | undefined)[];
  readonly returns: readonly ValueType[] | undefined;
  /** Where the engine's function takes the arguments in another order: the place of each in Rego's. */
  readonly order?: readonly number[];
  /** The engine's function takes one argument more: the instant of the evaluation, in nanoseconds since the epoch. */
  readonly takesNow?: true;
  /** Rego v1 does not let policies call it. */
  readonly deprecated?: true;
}

export interface RegoFunction {
  readonly name: string;
  readonly signature: RegoSignature;
  /** `undefined`: the engine has it already. */
  readonly own: Builtin | undefined;
}

/** How an argument is taken. */
export interface Parameter<T> {
  readonly types: readonly ValueType[] | undefined;
  /** What the function sees of it; `undefined` where it is of another type. */
  readonly read: (value: Value) => T | undefined;
}

type Read<P extends readonly Parameter<unknown>[]> = {
  readonly [I in keyof P]: P[I] extends Parameter<infer T> ? T : never;
};

export type RegoObject = ValueMap | KeyedMap;

export interface FunctionOptions extends Pick<RegoSignature, "deprecated" | "takesNow"> {
  /** What a call takes from the step budget besides the size of what it is given and makes. */
  readonly steps?: number;
}

/** A function of Rego alone. Arguments of types that it does not take never reach it, and what it makes is bounded. */
export function regoFunction<const P extends readonly Parameter<unknown>[]>(
  name: string,
  parameters: P,
  returns: readonly ValueType[] | undefined,
  run: (...args: Read<P>) => BuiltinResult,
  { steps = 0, ...options }: FunctionOptions = {},
): RegoFunction {
  const args = parameters.map(({ types }) => types);
  const arity = options.takesNow === true ? parameters.length - 1 : parameters.length;
  const own: Builtin = {
    name: `rego.${name}`,
    arity: parameters.length,
    predicate: false,
    steps,
    returns: returns?.length === 1 ? returns[0] : undefined,
    run(...values) {
      const read: unknown[] = [];
      for (const [i, parameter] of parameters.entries()) {
        const arg = parameter.read(values[i] ?? null);
        if (arg === undefined) return mismatch;
        read.push(arg);
      }
      return bounded(run(...(read as unknown as Read<P>)));
    },
  };
  return { name, signature: { builtin: own.name, arity, args: args.slice(0, arity), returns, ...options }, own };
}

/** A function that the engine has, with the very same meaning. */
export function engineFunction(
  name: string,
  builtin: string,
  parameters: readonly Parameter<unknown>[],
  returns: readonly ValueType[],
  options: Pick<RegoSignature, "deprecated" | "order"> = {},
): RegoFunction {
  const args = parameters.map(({ types }) => types);
  return { name, signature: { builtin, arity: args.length, args, returns, ...options }, own: undefined };
}

const tooLong = new LimitFault(`values that make a text longer than ${maxTextLength} characters`);
const tooLarge = new LimitFault("values that make too large a one together");

function bounded(result: BuiltinResult): BuiltinResult {
  if (typeof result === "string") return result.length > maxTextLength ? tooLong : result;
  if (typeof result !== "object" || result === null || result instanceof BuiltinFault) return result;
  return isTooLarge(result) ? tooLarge : result;
}

export const boolType: readonly ValueType[] = ["bool"];
export const listType: readonly ValueType[] = ["list"];
export const mapType: readonly ValueType[] = ["map"];
export const numberType: readonly ValueType[] = ["int", "double"];
export const setType: readonly ValueType[] = ["set"];
export const textType: readonly ValueType[] = ["string"];

export const anything: Parameter<Value> = { types: undefined, read: (value) => value };

export const text: Parameter<string> = {
  types: textType,
  read: (value) => (typeof value === "string" ? value : undefined),
};

export const number: Parameter<Num> = { types: numberType, read: numberIn };

/** A number without a fraction, however large. */
export const integer: Parameter<bigint> = {
  types: numberType,
  read(value) {
    const num = numberIn(value);
    return num === undefined ? undefined : wholeOf(num);
  },
};

/** An integer that arrays may be indexed with. */
export const index: Parameter<number> = {
  types: numberType,
  read(value) {
    const num = numberIn(value);
    return typeof num === "number" && Number.isSafeInteger(num) ? num : undefined;
  },
};

export const array: Parameter<readonly Value[]> = { types: listType, read: itemsOf };

export const set: Parameter<ValueSet> = {
  types: setType,
  read: (value) => (value instanceof ValueSet ? value : undefined),
};

export const object: Parameter<RegoObject> = {
  types: mapType,
  read: (value) => (isAnyMap(value) ? value : undefined),
};

/** What is in an array, or in a set in its order. */
export const collection: Parameter<readonly Value[]> = {
  types: ["list", "set"],
  read: (value) => (value instanceof ValueSet ? inOrder(value) : itemsOf(value)),
};

/** An array or set of texts only. */
export const texts: Parameter<readonly string[]> = {
  types: ["list", "set"],
  read(value) {
    const items = collection.read(value);
    return items?.every((item) => typeof item === "string") === true ? items : undefined;
  },
};

export function itemsOf(value: Value): readonly Value[] | undefined {
  return typeof value === "object" && value !== null && isList(value) ? value.map((item) => fromJson(item)) : undefined;
}
