import { Duration, intOf, isList, mismatch, setOf } from "@acteon/rules";
import type { Builtin } from "@acteon/rules";

/** What the lowering itself needs besides Rego's functions. */
export const ownBuiltins: readonly Builtin[] = [
  {
    name: "rego.set",
    arity: 1,
    predicate: false,
    steps: 0,
    returns: "set",
    run: (list = null) => (typeof list === "object" && list !== null && isList(list) ? setOf(list) : mismatch),
  },
  {
    name: "rego.nanoseconds",
    arity: 1,
    predicate: false,
    steps: 0,
    returns: "int",
    run: (duration = null) => (duration instanceof Duration ? intOf(duration.nanoseconds) : mismatch),
  },
];
