import type { BuiltinTable } from "./builtin.ts";
import { conversionBuiltins } from "./conversion-builtins.ts";
import { drlBuiltins } from "./drl-builtins.ts";
import { listBuiltins } from "./list-builtins.ts";
import { mathBuiltins } from "./math-builtins.ts";
import { optionalBuiltins } from "./optional-builtins.ts";
import { stringBuiltins } from "./string-builtins.ts";
import { timeBuiltins } from "./time-builtins.ts";
import { textBuiltins } from "./text-builtins.ts";
import { valueBuiltins } from "./value-builtins.ts";

/** The functions of every language. */
export function createBuiltinTable(): BuiltinTable {
  return new Map(
    [
      ...textBuiltins,
      ...valueBuiltins,
      ...stringBuiltins,
      ...conversionBuiltins,
      ...mathBuiltins,
      ...listBuiltins,
      ...optionalBuiltins,
      ...drlBuiltins,
      ...timeBuiltins(),
    ].map((builtin) => [builtin.name, builtin]),
  );
}
