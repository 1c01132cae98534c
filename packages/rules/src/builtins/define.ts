import type { ValueType } from "../values/value.ts";
import type { Builtin } from "./builtin.ts";

/** A function that is no predicate. `steps`: a call takes none of the budget besides the size of its arguments. */
export function define(
  name: string,
  arity: Builtin["arity"],
  returns: ValueType | undefined,
  run: Builtin["run"],
): Builtin {
  return { name, arity, predicate: false, steps: 0, returns, run };
}
