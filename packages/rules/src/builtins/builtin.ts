import type { Value, ValueType } from "../values/value.ts";

/** The arguments are of types that the function does not take; what that means, the `call` node says. */
export const mismatch: unique symbol = Symbol("mismatch");

/** The arguments are of its types, and there is no answer: the message completes an error. */
export class BuiltinFault {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** The answer would take more than is allowed: an error in every language, since a limit must not switch a rule off. */
export class LimitFault extends BuiltinFault {}

export type BuiltinResult = Value | typeof mismatch | BuiltinFault;

/** What is left of the step budget of an evaluation; below 0 whatever the function at hand says is an error. */
export interface Meter {
  steps: number;
}

/** A pure function that rules may call. Reads no clock, does no I/O, and ends in time linear in its arguments. */
export interface Builtin {
  /** The name that `call` nodes have, the same in every language. */
  readonly name: string;
  /** How many arguments it takes: so many, or from so many to so many. */
  readonly arity: number | readonly [least: number, most: number];
  /** True or false; of null it is false where a language says so, instead of null. */
  readonly predicate: boolean;
  /** What one call takes from the step budget of an evaluation, besides the length of its texts. */
  readonly steps: number;
  /** Of its result, where that is always the same. */
  readonly returns: ValueType | undefined;
  readonly run: (...args: readonly Value[]) => BuiltinResult;
  /** In its place, where what a call costs hangs on more than how long its arguments are: takes the steps before the work. */
  readonly metered?: (meter: Meter, ...args: readonly Value[]) => BuiltinResult;
}

/** The functions that an engine knows, by name. */
export type BuiltinTable = ReadonlyMap<string, Builtin>;
