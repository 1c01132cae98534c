import { isRawJson } from "@acteon/core";
import type { JsonValue, Span } from "@acteon/core";

/**
 * What an expression evaluates to. Payloads stay plain JSON: a `number` that is a safe integer is an int, any other
 * number a double; a `bigint` is an int beyond that. Only what plain JSON cannot say has a class: a double that happens
 * to be whole, an unsigned int, durations and instants.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Double
  | Uint
  | Duration
  | Timestamp
  | Uint8Array
  | Optional
  | TypeValue
  | readonly Value[]
  | ValueMap
  | KeyedMap
  | ValueSet;

/** Own enumerable properties only; a plain JSON object of a payload is one. */
export interface ValueMap {
  readonly [key: string]: Value;
}

/** What plain JSON cannot say: one test tells every such value from a map of a payload. */
export abstract class Boxed {}

/** A double that is whole, such as `2.0`. */
export class Double extends Boxed {
  readonly value: number;
  constructor(value: number) {
    super();
    this.value = value;
  }
}

export class Uint extends Boxed {
  readonly value: bigint;
  constructor(value: bigint) {
    super();
    this.value = value;
  }
}

export class Duration extends Boxed {
  readonly nanoseconds: bigint;
  constructor(nanoseconds: bigint) {
    super();
    this.nanoseconds = nanoseconds;
  }
  /** Rounded down to whole milliseconds. */
  get ms(): number {
    return Number(this.nanoseconds / 1_000_000n);
  }
  static ofMs(ms: number): Duration {
    return new Duration(BigInt(Math.round(ms * 1_000)) * 1_000n);
  }
}

export class Timestamp extends Boxed {
  /** Since the Unix epoch. */
  readonly nanoseconds: bigint;
  constructor(nanoseconds: bigint) {
    super();
    this.nanoseconds = nanoseconds;
  }
  get epochMs(): number {
    return Number(this.nanoseconds / 1_000_000n);
  }
  static ofMs(epochMs: number): Timestamp {
    return new Timestamp(BigInt(Math.floor(epochMs)) * 1_000_000n);
  }
}

/** A map whose keys are not all text: ints, bools, in Rego any value. Made by `mapOf`. */
export class KeyedMap extends Boxed {
  /** By the identity of the key (`identityOf`), in the order in which they were put in. */
  readonly entries: ReadonlyMap<string, readonly [key: Value, value: Value]>;
  constructor(entries: ReadonlyMap<string, readonly [key: Value, value: Value]>) {
    super();
    this.entries = entries;
  }
}

/** Rego's set. Made by `setOf`. */
export class ValueSet extends Boxed {
  /** By identity (`identityOf`), in the order in which they were put in. */
  readonly items: ReadonlyMap<string, Value>;
  #ordered: readonly Value[] | undefined;
  constructor(items: ReadonlyMap<string, Value>) {
    super();
    this.items = items;
  }
  /** They are put in order once; it is the same order at every call. */
  inOrder(order: (a: Value, b: Value) => number): readonly Value[] {
    this.#ordered ??= [...this.items.values()].toSorted(order);
    return this.#ordered;
  }
}

/** CEL's optional: a value, or none. What is looked up in one is optional too. */
export class Optional extends Boxed {
  readonly value: Value | undefined;
  constructor(value: Value | undefined) {
    super();
    this.value = value;
  }
}

/** A type as a value: CEL's `type(1)`, which is `int`. */
export class TypeValue extends Boxed {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}

/**
 * An error as a value: made once when its expression is compiled, so that failing costs as little as succeeding. The
 * message names what the rule says, never what the payload held.
 */
export class EvalError {
  readonly message: string;
  readonly span: Span;
  constructor(message: string, span: Span) {
    this.message = message;
    this.span = span;
  }
}

/** Rego's undefined: there is no such thing. */
export const undefinedResult: unique symbol = Symbol("undefined");
/** It depends on a value of the store that has not been read yet. */
export const pending: unique symbol = Symbol("pending");

/** What an expression is that has no value. */
export type NoAnswer = EvalError | typeof undefinedResult | typeof pending;

export type Result = Value | NoAnswer;

export function isValue(result: Result): result is Value {
  return typeof result !== "symbol" && !(result instanceof EvalError);
}

export function isError(result: Result): result is EvalError {
  return result instanceof EvalError;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** A map of texts: a plain object. One with other keys is a `KeyedMap`. */
export function isMap(value: Value): value is ValueMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Boxed || value instanceof Uint8Array)
  );
}

/** A part of a payload as a value; what lies in it is converted when it is reached. */
export function fromJson(json: JsonValue | Value): Value {
  return typeof json === "object" && json !== null && isRawJson(json) ? BigInt(json.rawJSON) : (json as Value);
}

export type ValueType =
  | "null"
  | "bool"
  | "int"
  | "uint"
  | "double"
  | "string"
  | "bytes"
  | "duration"
  | "timestamp"
  | "list"
  | "map"
  | "set"
  | "optional"
  | "type";

export function typeOf(value: Value): ValueType {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "number":
      return Number.isSafeInteger(value) ? "int" : "double";
    case "bigint":
      return "int";
    case "string":
      return "string";
    default:
      if (value === null) return "null";
      if (value instanceof Double) return "double";
      if (value instanceof Uint) return "uint";
      if (value instanceof Duration) return "duration";
      if (value instanceof Timestamp) return "timestamp";
      if (value instanceof Uint8Array) return "bytes";
      if (value instanceof ValueSet) return "set";
      if (value instanceof Optional) return "optional";
      if (value instanceof TypeValue) return "type";
      return isList(value) ? "list" : "map";
  }
}

/** The number in an int, uint or double; `undefined` for anything else. */
export function numberOf(value: Value): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return value instanceof Double || value instanceof Uint ? value.value : undefined;
}

/** A double in its one form: boxed where a bare number would be taken for an int. */
export function doubleOf(value: number): number | Double {
  return Number.isSafeInteger(value) ? new Double(value) : value;
}

/** An int in its one form. */
export function intOf(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
