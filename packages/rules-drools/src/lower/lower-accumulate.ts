import { didYouMean, node } from "@acteon/rules";
import type { Expr, Query } from "@acteon/rules";
import { nearest } from "../source.ts";
import type { DrlAccumulate, DrlCondition, DrlFunctionCall } from "../syntax/ast-condition.ts";
import { guard, listOf } from "./body.ts";
import { countWindow } from "./lower-window.ts";
import { bind, called, conjunctsOf, elementOf, spanOf, unknown, valueOf, within } from "./lowering.ts";
import type { Element, Lowering } from "./lowering.ts";
import { anyShape } from "./shape.ts";
import type { Shape } from "./shape.ts";

/** What each function makes of the list of its values, and what that is. */
const functions: ReadonlyMap<string, { readonly builtin: string | undefined; readonly shape: Shape }> = new Map([
  ["count", { builtin: "size", shape: { kind: "number" } }],
  ["sum", { builtin: "sumOf", shape: { kind: "number" } }],
  ["average", { builtin: "averageOf", shape: { kind: "number" } }],
  ["min", { builtin: "minOf", shape: anyShape }],
  ["max", { builtin: "maxOf", shape: anyShape }],
  ["collectList", { builtin: undefined, shape: { kind: "list" } }],
  ["collectSet", { builtin: "distinct", shape: { kind: "list" } }],
]);

/** `accumulate( source; functions; constraints )`: their results are names for the constraints and for what follows. */
export function lowerAccumulate(accumulate: DrlAccumulate, lowering: Lowering): Element {
  const counted = countWindow(accumulate.source, accumulate.functions, lowering);
  const steps = counted ?? resultsOf(accumulate, lowering);
  const constraints = accumulate.constraints.flatMap((each) => conjunctsOf(each, lowering));
  return { steps: [...steps, ...constraints.map(guard)], fact: undefined };
}

function resultsOf({ source, functions: calls }: DrlAccumulate, lowering: Lowering): readonly Query[] {
  const inner = within(lowering);
  const { steps } = elementOf(source, inner);
  return calls.flatMap((call) => {
    const value = applied(call, steps, inner);
    if (call.binding === undefined) return [];
    const name = lowering.unique.of(call.binding.text);
    const expr = node({ kind: "local", name, span: spanOf(call.binding, lowering) });
    bind(call.binding, { expr, shape: functions.get(call.name.text)?.shape ?? anyShape }, lowering);
    return [node({ kind: "bind", name, value, span: value.span })];
  });
}

/** `from accumulate( source, function )`. */
export function accumulated(source: DrlCondition, call: DrlFunctionCall, lowering: Lowering): Expr {
  const inner = within(lowering);
  const { steps } = elementOf(source, inner);
  return applied(call, steps, inner);
}

/** A function over the values that its argument has for each solution of the source. */
function applied({ name, args, ...place }: DrlFunctionCall, steps: readonly Query[], lowering: Lowering): Expr {
  const span = spanOf(place, lowering);
  const known = functions.get(name.text);
  if (known === undefined) {
    const near = nearest(lowering.source, name.text, () => functions.keys());
    lowering.source.error({
      code: "ACT-R013",
      at: name,
      summary: `\`accumulate\` has no function \`${name.text}\``,
      ...(near === undefined
        ? { help: `known here: ${[...functions.keys()].join(", ")}` }
        : { ...didYouMean(near), fix: { at: name, text: near } }),
    });
    return unknown(name, lowering).expr;
  }
  const [arg] = args;
  if (args.length > 1 || (arg === undefined && name.text !== "count")) {
    const takes = name.text === "count" ? "at most 1 argument" : "1 argument";
    const summary = `\`${name.text}\` takes ${takes}`;
    lowering.source.error({ code: "ACT-R013", at: place, summary, label: `${args.length} given` });
    return unknown(place, lowering).expr;
  }
  const value =
    arg === undefined ? node({ kind: "literal", type: "int", value: 1, span }) : valueOf(arg, lowering).expr;
  const list = listOf(steps, value, span);
  return known.builtin === undefined ? list : called(known.builtin, [list], span);
}
