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
  | readonly Value[]
  | ValueMap;

/** Own enumerable properties only; a plain JSON object of a payload is one. */
export interface ValueMap {
  readonly [key: string]: Value;
}

/** A double that is whole, such as `2.0`. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

export class Duration {
  readonly nanoseconds: bigint;
  constructor(nanoseconds: bigint) {
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

export class Timestamp {
  /** Since the Unix epoch. */
  readonly nanoseconds: bigint;
  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
  get epochMs(): number {
    return Number(this.nanoseconds / 1_000_000n);
  }
  static ofMs(epochMs: number): Timestamp {
    return new Timestamp(BigInt(Math.floor(epochMs)) * 1_000_000n);
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

export function isMap(value: Value): value is ValueMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(
      value instanceof Double ||
      value instanceof Uint ||
      value instanceof Duration ||
      value instanceof Timestamp ||
      value instanceof Uint8Array
    )
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
  | "map";

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
