import { didYouMean } from "@acteon/rules";
import { nearest } from "../source.ts";
import type { DrlQuery } from "../syntax/ast.ts";
import type { DrlPattern } from "../syntax/ast-condition.ts";
import type { DrlExpr, Word } from "../syntax/ast-expression.ts";
import { inside, mayCall, shapeOfParameter } from "./inline-function.ts";
import { isUnbound, reportUnbound } from "./lower-name.ts";
import { bind, bindingOf, elementOf, unknown, valueOf } from "./lowering.ts";
import type { Element, Lowering } from "./lowering.ts";
import { Scope } from "./scope.ts";
import type { Binding } from "./scope.ts";

/**
 * The conditions of a query with the arguments in it. A name without a value, in the place of one, is given that which
 * the query binds to its parameter.
 */
export function callQuery(query: DrlQuery, pattern: DrlPattern, lowering: Lowering): Element {
  const none = { steps: [], fact: undefined };
  const { name } = query;
  const args = argumentsOf(query, pattern, lowering);
  if (args === undefined || !mayCall(name.text, pattern.type, lowering)) return none;
  if (!lowering.budget.spend(query.end - query.start, pattern.type, lowering.source)) return none;
  const scope = new Scope();
  const open: { readonly parameter: Word; readonly name: Word }[] = [];
  for (const [i, { name: parameter, type }] of query.parameters.entries()) {
    const arg = args[i]!;
    if (isUnbound(arg, lowering)) {
      const binding = unboundAs(arg, lowering);
      scope.set(parameter.text, binding);
      open.push({ parameter, name: { text: arg.name, start: arg.start, end: arg.end } });
    } else {
      const { expr } = valueOf(arg, lowering);
      scope.set(parameter.text, bindingOf({ expr, shape: shapeOfParameter(type, lowering) }));
    }
  }
  const inner = inside(name.text, scope, lowering);
  const steps = query.conditions.flatMap((condition) => elementOf(condition, inner).steps);
  for (const each of open) bindResult(each.name, scope.own.get(each.parameter.text), lowering);
  return { steps, fact: undefined };
}

/** Reports what is wrong with a query, whether it is called or not: its parameters are taken to have values. */
export function checkQuery({ parameters, name, conditions }: DrlQuery, lowering: Lowering): void {
  const scope = new Scope();
  for (const { name: parameter, type } of parameters) {
    const { expr } = unknown(parameter, lowering);
    scope.set(parameter.text, bindingOf({ expr, shape: shapeOfParameter(type, lowering) }));
  }
  for (const condition of conditions) elementOf(condition, { ...lowering, scope, calls: [name.text] });
}

/** A name that is handed on without a value is still that of the first who did. */
function unboundAs({ name, start, end }: Extract<DrlExpr, { kind: "name" }>, { scope, source }: Lowering): Binding {
  const binding = scope.find(name)?.binding;
  return binding?.kind === "unbound" ? binding : { kind: "unbound", name: { text: name, start, end }, source };
}

/** By place, or by name: `$x : parameter` asks for what the query binds to it, `parameter == value` gives it one. */
function argumentsOf(query: DrlQuery, pattern: DrlPattern, lowering: Lowering): readonly DrlExpr[] | undefined {
  const { parameters, name } = query;
  const args: (DrlExpr | undefined)[] = parameters.map((_, i) => pattern.positional[i]);
  let isRight = pattern.positional.length <= parameters.length;
  // Without a semicolon values are given by place, too.
  const named = pattern.positional.length === 0 ? pattern.constraints.map((each) => namedArgument(each)) : [];
  for (const [i, constraint] of pattern.constraints.entries()) {
    const given = named[i];
    const place = given === undefined ? i : parameters.findIndex((each) => each.name.text === given.parameter.text);
    if (given !== undefined && place === -1) {
      reportParameter(given.parameter, query, lowering);
      return undefined;
    }
    isRight &&= place < parameters.length && args[place] === undefined;
    args[place] = given?.value ?? constraint;
  }
  const given = args.filter((arg) => arg !== undefined);
  if (isRight && given.length === parameters.length) return given;
  lowering.source.error({
    code: "ACT-R013",
    at: pattern.type,
    summary: `the query \`${name.text}\` takes ${parameters.length} argument${parameters.length === 1 ? "" : "s"}`,
    label: `${given.length} given`,
  });
  return undefined;
}

function namedArgument(expr: DrlExpr): { readonly parameter: Word; readonly value: DrlExpr } | undefined {
  if (expr.kind === "binding" && expr.value.kind === "name") {
    const { name, start, end } = expr.value;
    return {
      parameter: { text: name, start, end },
      value: { kind: "name", name: expr.name.text, ...place(expr.name), depth: 1 },
    };
  }
  if (expr.kind !== "relation" || expr.operator.text !== "==" || expr.left.kind !== "name") return undefined;
  return { parameter: { text: expr.left.name, ...place(expr.left) }, value: expr.right };
}

function place({ start, end }: { readonly start: number; readonly end: number }) {
  return { start, end };
}

function reportParameter(parameter: Word, { name, parameters }: DrlQuery, { source }: Lowering): void {
  source.error({
    code: "ACT-R004",
    at: parameter,
    summary: `the query \`${name.text}\` has no parameter \`${parameter.text}\``,
    ...didYouMean(nearest(source, parameter.text, () => parameters.map((each) => each.name.text))),
  });
}

function bindResult(name: Word, binding: Binding | undefined, lowering: Lowering): void {
  if (binding?.kind === "value") {
    bind(name, binding.operand, lowering);
  } else {
    if (binding?.kind === "unbound") reportUnbound(binding);
    bind(name, unknown(name, lowering), lowering);
  }
}
