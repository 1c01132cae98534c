import { didYouMean, literal } from "@acteon/rules";
import type { Expr, Extent } from "@acteon/rules";
import { nearest } from "../source.ts";
import type { DrlCall, DrlExpr, Word } from "../syntax/ast-expression.ts";
import { fieldOf, hasField } from "./fields.ts";
import { healthFacets, healthRoots, stateFunctions } from "./engine-names.ts";
import { callFunction } from "./inline-function.ts";
import { globalFunctions, mathFunctions, methods } from "./methods.ts";
import type { Method } from "./methods.ts";
import { guardAgainstNull, spanOf, unknown, valueOf } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import type { Operand } from "./scope.ts";
import { anyShape } from "./shape.ts";

/** A call: of what the engine knows, of a function of the file, or of a method of a value. */
export function lowerCall(call: DrlCall, lowering: Lowering): Operand {
  const { of, name, args } = call;
  if (of === undefined) return lowerGlobalCall(call, lowering);
  const facet = args.length === 0 ? facetOf(of, name, call, lowering) : undefined;
  if (facet !== undefined) return facet;
  const root = rootOf(of, lowering);
  if (root === "state")
    return plain(applied(stateFunctions.get(name.text), call, [], lowering, () => stateFunctions.keys()));
  if (root === "env" && healthRoots.has(name.text)) {
    lowering.source.error({
      code: "ACT-R013",
      at: call,
      summary: `\`env.${name.text}\` is no value by itself`,
      help: `ask it for ${[...healthFacets.keys()].map((each) => `\`${each}\``).join(", ")}`,
    });
    return unknown(call, lowering);
  }
  if (root === "env") return unknownFunction(name, () => healthRoots, lowering);
  if (root === "Math")
    return plain(applied(mathFunctions.get(name.text), call, [], lowering, () => mathFunctions.keys()));
  const target = valueOf(of, lowering);
  if (call.nullSafe) guardAgainstNull(target.expr, lowering);
  return lowerMethod(target, call, lowering);
}

/** `env.health("slack").latencyP99`, also as `getLatencyP99()`; `undefined`: it is of something else. */
export function facetOf(of: DrlExpr, name: Word, at: Extent, lowering: Lowering): Operand | undefined {
  if (of.kind !== "call" || of.of === undefined || rootOf(of.of, lowering) !== "env") return undefined;
  if (!healthRoots.has(of.name.text)) return undefined;
  const fact = healthFacets.get(name.text) ?? healthFacets.get(propertyOf(name.text) ?? "");
  const [provider] = of.args;
  if (fact === undefined) return unknownFunction(name, () => healthFacets.keys(), lowering);
  if (provider === undefined || of.args.length !== 1) return wrongCount(of, "1 argument", lowering);
  return plain(fact(valueOf(provider, lowering).expr, spanOf(at, lowering)));
}

/** Names that have functions, and are nothing else here. */
function rootOf(of: DrlExpr, { scope, fact }: Lowering): "state" | "env" | "Math" | undefined {
  if (of.kind !== "name" || (of.name !== "state" && of.name !== "env" && of.name !== "Math")) return undefined;
  const isValue = scope.find(of.name) !== undefined || (fact !== undefined && hasField(fact, of.name));
  return isValue ? undefined : of.name;
}

function lowerGlobalCall(call: DrlCall, lowering: Lowering): Operand {
  const { name, args } = call;
  const { catalog, fact } = lowering;
  const declared = catalog.functions.get(name.text);
  if (declared !== undefined) return callFunction(declared, call, lowering);
  // As a value; as a condition it is its argument.
  const [only] = args;
  if (name.text === "eval" && only !== undefined && args.length === 1) return valueOf(only, lowering);
  const builtin = globalFunctions.get(name.text);
  if (builtin !== undefined) return plain(applied(builtin, call, [], lowering, () => globalFunctions.keys()));
  if (fact !== undefined) return lowerMethod(fact, call, lowering);
  return unknownFunction(name, () => [...catalog.functions.keys(), ...globalFunctions.keys()], lowering);
}

/** A method of Java's that rules have, or the getter of a field. */
function lowerMethod(target: Operand, call: DrlCall, lowering: Lowering): Operand {
  const { name, args } = call;
  const property = args.length === 0 ? propertyOf(name.text) : undefined;
  const isField = property !== undefined && (target.shape.kind === "any" || hasField(target, property));
  const method = methods.get(name.text);
  if (isField && method === undefined) {
    return fieldOf(
      target,
      { ...name, text: property },
      { text: name.text, start: call.start, end: call.end },
      lowering,
    );
  }
  const known = (): readonly string[] => [...methods.keys(), ...lowering.catalog.functions.keys()];
  const isOfOther = method?.of !== undefined && method.of !== target.shape.kind;
  return plain(applied(isOfOther ? undefined : method, call, [target.expr], lowering, known));
}

/** `getName` and `isName` are `name`. */
function propertyOf(method: string): string | undefined {
  const [, property] = /^(?:get|is)(\p{Lu}.*)$/u.exec(method) ?? [];
  return property === undefined ? undefined : property.charAt(0).toLowerCase() + property.slice(1);
}

function plain(expr: Expr): Operand {
  return { expr, shape: anyShape };
}

function applied(
  method: Method | undefined,
  call: DrlCall,
  first: readonly Expr[],
  lowering: Lowering,
  known: () => Iterable<string>,
): Expr {
  if (method === undefined) return unknownFunction(call.name, known, lowering).expr;
  const args = call.args.map((arg) => valueOf(arg, lowering).expr);
  const [least, most] = method.arity;
  if (args.length >= least && args.length <= most) return method.make([...first, ...args], spanOf(call, lowering));
  const count = least === most ? String(least) : `${least} or ${most}`;
  return wrongCount(call, `${count} argument${most === 1 ? "" : "s"}`, lowering).expr;
}

function wrongCount(call: DrlCall, takes: string, lowering: Lowering): Operand {
  lowering.source.error({
    code: "ACT-R013",
    at: call,
    summary: `\`${call.name.text}\` takes ${takes}`,
    label: `${call.args.length} given`,
  });
  return unknown(call, lowering);
}

function unknownFunction(name: Word, known: () => Iterable<string>, lowering: Lowering): Operand {
  const near = nearest(lowering.source, name.text, known);
  lowering.source.error({
    code: "ACT-R013",
    at: name,
    summary: `there is no function \`${name.text}\``,
    label: "rules call no methods of Java",
    ...(near !== undefined && { ...didYouMean(near), fix: { at: name, text: near } }),
  });
  return { expr: literal(null, spanOf(name, lowering)), shape: anyShape };
}
