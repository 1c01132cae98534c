import type { BuiltinTable } from "./builtin.ts";
import { textBuiltins } from "./text-builtins.ts";
import { valueBuiltins } from "./value-builtins.ts";

/** The functions of every language. */
export function createBuiltinTable(): BuiltinTable {
  return new Map([...textBuiltins, ...valueBuiltins].map((builtin) => [builtin.name, builtin]));
}
