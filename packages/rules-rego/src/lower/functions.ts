import type { Span } from "@acteon/core";
import { node } from "@acteon/rules";
import type { Expr, Extent } from "@acteon/rules";
import { regoFunctions } from "../builtins/rego-builtins.ts";
import type { RegoSignature } from "../builtins/rego-function.ts";
import { spanOf } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { specialFunctions } from "./special-functions.ts";
import type { SpecialFunction } from "./special-functions.ts";

/** A function that Rego has, as far as calls of it have to know it. */
export interface BuiltinFunction extends SpecialFunction {
  readonly signature: RegoSignature | undefined;
  /** It asks the network: something else may stand in its place, and it is called nowhere else. */
  readonly isOutside: boolean;
}

const builtins: ReadonlyMap<string, BuiltinFunction> = new Map([
  ...[...regoFunctions].map(([name, signature]) => [name, ofEngine(signature)] as const),
  ...[...specialFunctions].map(([name, own]) => [name, { ...own, signature: undefined, isOutside: false }] as const),
  ["http.send", outside()],
  ["net.lookup_ip_addr", outside()],
]);

function ofEngine(signature: RegoSignature): BuiltinFunction {
  const { builtin: name, arity, order, takesNow } = signature;
  return {
    arity: [arity, arity],
    signature,
    isOutside: false,
    lower(args, span, { lowering: { strict } }) {
      const ordered = order === undefined ? args : order.map((place) => args[place]!);
      const now = takesNow === true ? [node({ kind: "now", as: "nanoseconds", span })] : [];
      const all = [...ordered, ...now];
      return node({ kind: "call", name, args: all, semantics: "rego", ...(strict && { surfaces: true }), span });
    },
  };
}

function outside(): BuiltinFunction {
  return { arity: [1, 1], signature: undefined, isOutside: true, lower: (_, span) => nothing(span) };
}

/** What is never defined. */
export function nothing(span: Span): Expr {
  return node({ kind: "query", body: [], collect: "first", span });
}

export function builtinNamed(name: string): BuiltinFunction | undefined {
  return builtins.get(name);
}

export function builtinNames(): Iterable<string> {
  return builtins.keys();
}

/** A built-in that there is, by its name in Rego, of arguments that it takes. */
export function called(name: string, args: readonly Expr[], span: Span, scope: Scope): Expr {
  return builtins.get(name)!.lower(args, span, scope);
}

/** How many arguments a function takes; `undefined`: there is none of the name, or it takes now more, now less. */
export function arityOf(operator: readonly string[], { lowering, unit }: Scope): number | undefined {
  const group = lowering.program.functionAt(operator, unit);
  if (group !== undefined) return group.arity;
  const [least, most] = builtins.get(operator.join("."))?.arity ?? [];
  return least === most ? least : undefined;
}

/** Makes a definition of a built-in, so that it can be replaced, and stand in the place of another function. */
export function defineBuiltin(name: string, at: Extent, scope: Scope): void {
  const { extra, fresh } = scope.lowering;
  const builtin = builtins.get(name);
  if (extra.has(name) || builtin === undefined) return;
  const span = spanOf(scope, at);
  const params = Array.from({ length: builtin.arity[0] }, () => fresh());
  const args = params.map((param) => node({ kind: "local", name: param, span }));
  extra.set(name, node({ kind: "definition", params, value: builtin.lower(args, span, scope), span }));
}
