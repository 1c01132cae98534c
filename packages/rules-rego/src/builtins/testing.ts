import { BuiltinFault, createBuiltinTable, mismatch } from "@acteon/rules";
import type { Builtin, BuiltinResult, Value } from "@acteon/rules";
import { expect, test } from "vitest";
import { regoBuiltins, regoFunctions } from "./rego-builtins.ts";
import { regoText } from "./rego-text.ts";

const builtins: ReadonlyMap<string, Builtin> = new Map([
  ...createBuiltinTable(),
  ...regoBuiltins.map((builtin) => [builtin.name, builtin] as const),
]);

/** Calls a function of Rego by its name. */
export function call(name: string, ...args: readonly Value[]): BuiltinResult {
  const { builtin, order } = regoFunctions.get(name)!;
  return builtins.get(builtin)!.run(...(order?.map((place) => args[place]!) ?? args));
}

/** What a call gives, as Rego writes it; else `mismatch` or `fault`. */
export function shown(name: string, ...args: readonly Value[]): string {
  const result = call(name, ...args);
  if (result === mismatch) return "mismatch";
  return result instanceof BuiltinFault ? "fault" : regoText(result)!;
}

/** A table of calls, and what each gives as Rego writes it: `mismatch` where the types are wrong, `fault` without an answer. */
export function testCalls(rows: readonly (readonly [name: string, args: readonly Value[], result: string])[]): void {
  const titled = rows.map(([name, args, result]) => {
    const title = `${name}(${args.map((arg) => regoText(arg)!.slice(0, 60)).join(", ")})`;
    return { title, name, args, result };
  });
  test.each(titled)("$title", ({ name, args, result }) => {
    expect(shown(name, ...args)).toBe(result);
  });
}
