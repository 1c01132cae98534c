import { field, literal, node } from "@acteon/rules";
import type { Expr, Query } from "@acteon/rules";
import type { Span } from "@acteon/core";
import { dottedName } from "./ast.ts";
import type { CelCall, CelExpr } from "./ast.ts";
import { called, chosen, lowered } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { checkMacro, isStandard, variableOf } from "./macros.ts";
import type { Macro } from "./macros.ts";

/** `undefined`: the call is no macro. */
export function lowerMacro(call: CelCall, macro: Macro | undefined, lowering: Lowering): Expr | undefined {
  if (macro === undefined) return undefined;
  if (!isStandard(macro)) checkMacro(lowering.source, macro, call);
  switch (macro.kind) {
    case "has":
      return lowerHas(call, lowering);
    case "comprehension":
      return lowerComprehension(call, macro, lowering);
    case "bind":
      return lowerBind(call, lowering);
    case "block":
      return lowerBlock(call, lowering);
    case "optMap":
    case "optFlatMap":
      return lowerOptional(call, macro.kind, lowering);
  }
}

function lowerHas({ args: [arg], ...place }: CelCall, lowering: Lowering): Expr {
  const span = lowering.source.spanOf(place);
  const reference = arg && (documentField(arg, lowering) ?? lowered(arg, lowering));
  if (reference?.kind === "action" || reference?.kind === "field" || reference?.kind === "env") {
    return node({ kind: "has", reference, span });
  }
  // What stands for a value without looking anything up, such as `time.hour`, is there.
  return literal(true, span);
}

/** A field of a configured document, which is a mistake where it is not there, unless that is the question. */
function documentField(arg: CelExpr, { source, names, locals }: Lowering): Expr | undefined {
  const path = arg.kind === "select" ? dottedName(arg.of) : undefined;
  if (arg.kind !== "select" || path === undefined || path[0] !== "data" || locals.has("data")) return undefined;
  const found = names.resolve(path, arg.of, false);
  return found?.count === path.length ? field(found.expr, arg.field, "error", source.spanOf(arg)) : undefined;
}

function within(lowering: Lowering, names: readonly (string | undefined)[]): Lowering {
  return { ...lowering, locals: new Set([...lowering.locals, ...names.filter((name) => name !== undefined)]) };
}

function lowerComprehension(
  call: CelCall,
  { name, variables }: Extract<Macro, { kind: "comprehension" }>,
  lowering: Lowering,
): Expr {
  const span = lowering.source.spanOf(call);
  const over = lowered(call.target!, lowering);
  const names = call.args.slice(0, variables).map((arg) => variableOf(arg) ?? "_");
  const inner = within(lowering, names);
  const [first, second] = call.args.slice(variables).map((arg) => lowered(arg, inner));
  const [key, value] = variables === 2 ? names : [undefined, ...names];
  if (first === undefined || value === undefined) return called(name, [], span);
  const ofMap = variables === 1 ? ({ valueOfMap: "key" } as const) : {};
  const scan: Query = node({ kind: "scan", over, key, value, ...ofMap, semantics: "cel", span });
  const quantifiers = { all: "all", exists: "any", exists_one: "one" } as const;
  switch (name) {
    case "all":
    case "exists":
    case "exists_one":
      return node({
        kind: "quantifier",
        quantifier: quantifiers[name],
        over,
        key,
        value,
        ...ofMap,
        condition: first,
        absorbs: name === "exists_one" ? "none" : "errors",
        semantics: "cel",
        span,
      });
    case "filter":
      return listed([scan, guard(first), emit(node({ kind: "local", name: value, span }))], span);
    case "map":
    case "transformList":
      return listed(second === undefined ? [scan, emit(first)] : [scan, guard(first), emit(second)], span);
    case "sortBy": {
      const pair: Expr = node({ kind: "list", items: [first, node({ kind: "local", name: value, span })], span });
      return called("sortPairs", [listed([scan, emit(pair)], span)], span);
    }
    case "transformMap": {
      const at: Expr = node({ kind: "local", name: key ?? value, span });
      const made = second ?? first;
      return mapped(second === undefined ? [scan, emit(made, at)] : [scan, guard(first), emit(made, at)], span);
    }
    case "transformMapEntry":
      return mapped(
        second === undefined ? [scan, ...entriesOf(first)] : [scan, guard(first), ...entriesOf(second)],
        span,
      );
  }
}

/** Each entry of a map that was made for one entry. */
function entriesOf(over: Expr): readonly Query[] {
  const { span } = over;
  const [key, value] = (["@key", "@value"] as const).map((name): Expr => node({ kind: "local", name, span }));
  return [
    node({ kind: "scan", over, key: "@key", value: "@value", semantics: "cel", span }),
    node({ kind: "emit", key, value: value!, span }),
  ];
}

function guard(condition: Expr): Query {
  return node({ kind: "guard", condition, absorbs: "none", span: condition.span });
}

function emit(value: Expr, key?: Expr): Query {
  return node({ kind: "emit", key, value, span: value.span });
}

function listed(body: readonly Query[], span: Span): Expr {
  return node({ kind: "query", body: [...body], collect: "list", span });
}

function mapped(body: readonly Query[], span: Span): Expr {
  return node({ kind: "query", body: [...body], collect: "map", span });
}

/** `cel.bind(name, value, body)`. */
function lowerBind({ args: [variable, value, body], ...place }: CelCall, lowering: Lowering): Expr {
  const span = lowering.source.spanOf(place);
  const name = variableOf(variable) ?? "_";
  return node({
    kind: "let",
    name,
    value: lowered(value!, lowering),
    body: lowered(body!, within(lowering, [name])),
    span,
  });
}

/** `cel.block([…], body)`: each item is `cel.index(n)` behind it. */
function lowerBlock({ args: [list, body], ...place }: CelCall, lowering: Lowering): Expr {
  const span = lowering.source.spanOf(place);
  const items = list?.kind === "list" ? list.items : [];
  const nest = (index: number, scope: Lowering): Expr => {
    const item = items[index];
    if (item === undefined) return lowered(body!, scope);
    const name = `@index${index}`;
    const value = lowered(item.value, scope);
    return node({ kind: "let", name, value, body: nest(index + 1, within(scope, [name])), span });
  };
  return nest(0, lowering);
}

/** `optional.optMap(name, value)`: the value of the value of an optional, where it has one. */
function lowerOptional(call: CelCall, kind: "optMap" | "optFlatMap", lowering: Lowering): Expr {
  const span = lowering.source.spanOf(call);
  const name = variableOf(call.args[0]) ?? "_";
  const given: Expr = node({ kind: "local", name: "@given", span });
  const body = lowered(call.args[1]!, within(lowering, [name]));
  const then: Expr = node({
    kind: "let",
    name,
    value: called("optionalValue", [given], span),
    body: kind === "optMap" ? called("optionalOf", [body], span) : body,
    span,
  });
  const condition = called("hasValue", [given], span);
  return node({
    kind: "let",
    name: "@given",
    value: lowered(call.target!, lowering),
    body: chosen(condition, then, called("optionalNone", [], span), span),
    span,
  });
}
