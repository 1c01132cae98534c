import { literal, node, sameIr } from "@acteon/rules";
import type { Expr, Query } from "@acteon/rules";
import type { DrlCondition, DrlForall, DrlJunction } from "../syntax/ast-condition.ts";
import { conjunctsOfSteps, guard } from "./body.ts";
import { lowerAccumulate } from "./lower-accumulate.ts";
import { lowerPattern, seek } from "./lower-pattern.ts";
import { allOf, bindingOf, conjunctsOf, elementOf, negated, spanOf, within } from "./lowering.ts";
import type { Element, Lowering } from "./lowering.ts";
import type { Binding, Operand, Scope } from "./scope.ts";
import { anyShape } from "./shape.ts";

/** An element of a left-hand side, as steps in the order in which it is written. */
export function lowerElement(condition: DrlCondition, lowering: Lowering): Element {
  const span = spanOf(condition, lowering);
  switch (condition.kind) {
    case "pattern":
      return lowerPattern(condition, lowering);
    case "and":
      return lowerAnd(condition, lowering);
    case "or":
      return lowerOr(condition, lowering);
    case "not":
      return asks([negated(holds(condition.operand, lowering), span)]);
    case "exists":
      return asks(conjunctsOfSteps(elementOf(condition.operand, within(lowering)).steps));
    case "forall":
      return asks([lowerForall(condition, lowering)]);
    case "eval":
      return asks(conjunctsOf(condition.expr, lowering));
    case "accumulate":
      return lowerAccumulate(condition, lowering);
    case "nothing":
      return asks([]);
  }
}

function asks(conjuncts: readonly Expr[]): Element {
  return { steps: conjuncts.map(guard), fact: undefined };
}

/** Is there anything that an element finds? */
function holds(condition: DrlCondition, lowering: Lowering): Expr {
  const { steps } = elementOf(condition, within(lowering));
  return allOf(conjunctsOfSteps(steps), spanOf(condition, lowering));
}

/** `$a : ( A() and B() )` names each of them. */
function operandsOf({ operands, binding }: DrlJunction): readonly DrlCondition[] {
  if (binding === undefined) return operands;
  return operands.map((operand) => (operand.kind === "pattern" ? { ...operand, binding } : operand));
}

function lowerAnd(junction: DrlJunction, lowering: Lowering): Element {
  const elements = operandsOf(junction).map((operand) => elementOf(operand, lowering));
  return { steps: elements.flatMap(({ steps }) => steps), fact: elements.at(-1)?.fact };
}

interface Branch {
  readonly steps: readonly Query[];
  readonly scope: Scope;
}

/**
 * Where every branch binds the same, an `or` is one condition. Else what they bind is a value of whichever branch holds:
 * the branches make a list of what they bind, which is gone through.
 */
function lowerOr(junction: DrlJunction, lowering: Lowering): Element {
  const span = spanOf(junction, lowering);
  const branches = operandsOf(junction).map((operand): Branch => {
    const inner = within(lowering);
    return { steps: elementOf(operand, inner).steps, scope: inner.scope };
  });
  const names = new Set(branches.flatMap(({ scope }) => [...scope.own.keys()]));
  const shared = [...names].filter((name) => branches.every(({ scope }) => scope.own.get(name)?.kind === "value"));
  for (const name of names) if (!shared.includes(name)) lowering.scope.set(name, { kind: "sometimes" });
  const values = shared.map((name) => ({
    name,
    operands: branches.map(({ scope }) => operandIn(scope.own.get(name))),
  }));
  for (const { name, operands } of values) lowering.scope.set(name, bindingOf(operands[0]!));
  const differing = values.filter(({ operands }) => !areSame(operands));
  if (differing.length > 0) return lowerBranches(branches, differing, lowering, span);
  const operands = branches.map(({ steps }) => allOf(conjunctsOfSteps(steps), span));
  return asks([node({ kind: "or", operands, absorbs: "none", span })]);
}

function operandIn(binding: Binding | undefined): Operand {
  if (binding?.kind !== "value") throw new Error("a name that is not bound in every branch");
  return binding.operand;
}

function areSame(operands: readonly Operand[]): boolean {
  return operands.every(({ expr }) => sameIr(expr, operands[0]!.expr));
}

function lowerBranches(
  branches: readonly Branch[],
  values: readonly { readonly name: string; readonly operands: readonly Operand[] }[],
  lowering: Lowering,
  span: Expr["span"],
): Element {
  const bodies = branches.map(({ steps }, i) => {
    const items = values.map(({ operands }) => operands[i]!.expr);
    const emit = node({ kind: "emit", key: undefined, value: node({ kind: "list", items, span }), span });
    return [...steps, emit];
  });
  const either = node({ kind: "or", branches: bodies, span });
  const over = node({ kind: "query", body: [either], collect: "list", span });
  const local = lowering.unique.of("or");
  const of = node({ kind: "local", name: local, span });
  for (const [i, { name, operands }] of values.entries()) {
    const expr = node({ kind: "index", of, at: literal(i, span), missing: "null", span });
    const [first] = operands;
    const isOneShape = operands.every(({ shape }) => sameIr(shape, first!.shape));
    lowering.scope.set(name, bindingOf({ expr, shape: isOneShape ? first!.shape : anyShape }));
  }
  return {
    steps: [node({ kind: "scan", over, key: undefined, value: local, semantics: "drl", span })],
    fact: undefined,
  };
}

/** There is no fact of the first pattern that fails its constraints; or, of more patterns, that the others do not follow. */
function lowerForall({ operands, ...place }: DrlForall, lowering: Lowering): Expr {
  const span = spanOf(place, lowering);
  const inner = within(lowering);
  const [first, ...others] = operands;
  if (first === undefined) return literal(true, span);
  if (others.length > 0) {
    const { steps } = elementOf(first, inner);
    const follow = others.flatMap((other) => elementOf(other, inner).steps);
    const fails = guard(negated(allOf(conjunctsOfSteps(follow), span), span));
    return negated(allOf(conjunctsOfSteps([...steps, fails]), span), span);
  }
  if (first.kind !== "pattern") return holds(first, lowering);
  const { source, constraints } = seek(first, inner);
  const isSo = allOf(conjunctsOfSteps(constraints), span);
  if (source.length === 0) return isSo;
  return negated(allOf(conjunctsOfSteps([...source, guard(negated(isSo, span))]), span), span);
}
