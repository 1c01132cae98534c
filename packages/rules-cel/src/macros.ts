import type { CelSource } from "./source.ts";
import type { CelCall, CelExpr } from "./ast.ts";

/** A call that is no function: it binds names, or looks at its argument without evaluating it. */
export type Macro =
  | { readonly kind: "has" }
  /** `target.name(variable, …)`; of the variables the last names the value. */
  | {
      readonly kind: "comprehension";
      readonly name:
        | "all"
        | "exists"
        | "exists_one"
        | "map"
        | "filter"
        | "transformList"
        | "transformMap"
        | "transformMapEntry"
        | "sortBy";
      readonly variables: number;
    }
  | { readonly kind: "optMap" | "optFlatMap" | "bind" | "block" };

/** By name and number of arguments, of calls with a target. */
const receiverMacros: ReadonlyMap<string, Macro> = new Map<string, Macro>([
  ...(["all", "exists", "exists_one", "map", "filter", "sortBy"] as const).map(
    (name) => [`${name}/2`, { kind: "comprehension", name, variables: 1 }] as const,
  ),
  ...(["all", "exists", "exists_one", "transformList", "transformMap", "transformMapEntry"] as const).map(
    (name) => [`${name}/3`, { kind: "comprehension", name, variables: 2 }] as const,
  ),
  ...(["transformList", "transformMap", "transformMapEntry"] as const).map(
    (name) => [`${name}/4`, { kind: "comprehension", name, variables: 2 }] as const,
  ),
  ["map/3", { kind: "comprehension", name: "map", variables: 1 }],
  ["existsOne/2", { kind: "comprehension", name: "exists_one", variables: 1 }],
  ["existsOne/3", { kind: "comprehension", name: "exists_one", variables: 2 }],
  ["optMap/2", { kind: "optMap" }],
  ["optFlatMap/2", { kind: "optFlatMap" }],
]);

/** Those that bind a variable for what is in a list or a map. */
export const macroNames: readonly string[] = [...new Set([...receiverMacros.keys()].map((key) => key.split("/")[0]!))];

/** Names of CEL's own, as targets: `cel.bind(…)`. */
const celMacros: ReadonlyMap<string, Macro> = new Map([
  ["bind/3", { kind: "bind" }],
  ["block/2", { kind: "block" }],
]);

export function macroOf({ name, target, args }: CelCall): Macro | undefined {
  const signature = `${name}/${args.length}`;
  if (target === undefined) return signature === "has/1" ? { kind: "has" } : undefined;
  if (target.kind === "name" && target.name === "cel") return celMacros.get(signature);
  return receiverMacros.get(signature);
}

/** Is it one of the language itself, which its parser knows? The others are of extensions, and of the checker. */
export function isStandard(macro: Macro): boolean {
  return macro.kind === "has" || (macro.kind === "comprehension" && macro.variables === 1 && macro.name !== "sortBy");
}

/** The name that an argument of a macro gives to a value; `cel.iterVar(0, 1)` is one, too. */
export function variableOf(expr: CelExpr | undefined): string | undefined {
  if (expr?.kind === "name") return expr.name.startsWith(".") ? undefined : expr.name;
  if (expr?.kind !== "call" || expr.target?.kind !== "name" || expr.target.name !== "cel") return undefined;
  const numbers = expr.args.map((arg) => (arg.kind === "literal" && arg.type === "int" ? arg.value : undefined));
  if (numbers.includes(undefined)) return undefined;
  if (expr.name === "index" && numbers.length === 1) return `@index${numbers[0]}`;
  const isLoopName = (expr.name === "iterVar" || expr.name === "accuVar") && numbers.length === 2;
  return isLoopName ? `@${expr.name}:${numbers.join(":")}` : undefined;
}

/** Reports a macro whose arguments it cannot take. */
export function checkMacro(findings: CelSource, macro: Macro, call: CelCall): void {
  if (macro.kind === "has") return checkHas(findings, call);
  const names = call.args.slice(0, macro.kind === "comprehension" ? macro.variables : macro.kind === "block" ? 0 : 1);
  for (const arg of names) checkVariable(findings, call.name, arg);
  const [first, second] = names.map(variableOf);
  if (first !== undefined && first === second) {
    findings.error({
      code: "ACT-R013",
      at: names[1]!,
      summary: `\`${call.name}\` names two values \`${first}\``,
      help: "give each its own name, as in `all(key, value, …)`",
    });
  }
}

function checkHas(findings: CelSource, { args: [arg] }: CelCall): void {
  if (arg === undefined || arg.kind === "select" || arg.kind === "hole") return;
  findings.error({
    code: "ACT-R013",
    at: arg,
    summary: "`has` asks for a field",
    label: "this is no field",
    help: "write the field with its dot, as in `has(action.payload.severity)`",
  });
}

function checkVariable(findings: CelSource, name: string, arg: CelExpr): void {
  if (arg.kind === "hole") return;
  const variable = variableOf(arg);
  if (variable === undefined) {
    findings.error({
      code: "ACT-R013",
      at: arg,
      summary: `\`${name}\` names a value here`,
      label: "this is not a simple name",
      help: `for example \`items.${name === "bind" ? "map" : name}(item, …)\``,
    });
  } else if (variable === "__result__") {
    findings.error({
      code: "ACT-R013",
      at: arg,
      summary: "`__result__` is a name of CEL's own",
      help: "use another name",
    });
  }
}
