import { parseDuration } from "@acteon/core";
import { Duration, intOf, isList, mismatch, setOf } from "@acteon/rules";
import type { Builtin, BuiltinResult, Value, ValueType } from "@acteon/rules";

/** What the lowering itself needs besides Rego's functions. */
export const ownBuiltins: readonly Builtin[] = [
  own("rego.set", "set", (list) =>
    typeof list === "object" && list !== null && isList(list) ? setOf(list) : mismatch,
  ),
  own("rego.nanoseconds", "int", (value) => (value instanceof Duration ? intOf(value.nanoseconds) : mismatch)),
  own("rego.duration", "duration", (value) => {
    if (typeof value === "number" || typeof value === "bigint") return new Duration(BigInt(Math.trunc(Number(value))));
    const parsed = typeof value === "string" ? parseDuration(value) : undefined;
    return parsed?.kind === "parsed" ? Duration.ofMs(parsed.ms) : mismatch;
  }),
];

function own(name: string, returns: ValueType, of: (value: Value) => BuiltinResult): Builtin {
  return { name, arity: 1, predicate: false, steps: 0, returns, run: (value = null) => of(value) };
}
