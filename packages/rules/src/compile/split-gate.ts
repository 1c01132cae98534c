import { conjunctsOf } from "../ir/children.ts";
import type { Compare, Expr, Logic, StateCounter, StateSeen } from "../ir/expr.ts";
import type { Rule } from "../ir/rule.ts";

/** A conjunct of the condition that is no read but the verdict's gate (`design.md` §5). */
export type GateConjunct =
  | { readonly kind: "seen"; readonly seen: StateSeen }
  /** The counter refuses once its sum is `> bound`, or `>= bound` where `orEqual`. */
  | {
      readonly kind: "counter";
      readonly compare: Compare;
      readonly counter: StateCounter;
      readonly bound: Expr;
      readonly orEqual: boolean;
    };

export interface SplitCondition {
  /** The rest of the condition; `undefined` where the gate was all of it. */
  readonly condition: Expr | undefined;
  readonly gate: GateConjunct | undefined;
}

/** Takes the gate out of the condition of a rule: the first conjunct that can be it. Others of its kind stay reads. */
export function splitGate(rule: Rule): SplitCondition {
  const find = gateFinders[rule.verdict.kind];
  const place = find === undefined ? -1 : conjunctsOf(rule.condition).findIndex((conjunct) => find(conjunct));
  const conjunct = conjunctsOf(rule.condition)[place];
  if (find === undefined || conjunct === undefined) return { condition: rule.condition, gate: undefined };
  return { condition: without(rule.condition, conjunct), gate: find(conjunct) };
}

const gateFinders: Readonly<Partial<Record<Rule["verdict"]["kind"], (expr: Expr) => GateConjunct | undefined>>> = {
  deduplicate: (expr) => (expr.kind === "stateSeen" ? { kind: "seen", seen: expr } : undefined),
  throttle: (expr) => (expr.kind === "compare" ? counterGate(expr) : undefined),
};

function counterGate(compare: Compare): GateConjunct | undefined {
  const { op, left, right } = compare;
  if (isCountingCondition(left) && (op === "gt" || op === "ge")) {
    return { kind: "counter", compare, counter: left, bound: right, orEqual: op === "ge" };
  }
  if (isCountingCondition(right) && (op === "lt" || op === "le")) {
    return { kind: "counter", compare, counter: right, bound: left, orEqual: op === "le" };
  }
  return undefined;
}

function isCountingCondition(expr: Expr): expr is StateCounter {
  return expr.kind === "stateCounter" && expr.window !== undefined;
}

function without(condition: Expr, conjunct: Expr): Expr | undefined {
  if (condition === conjunct) return undefined;
  if (condition.kind !== "and") return condition;
  const operands = condition.operands.flatMap((operand) => without(operand, conjunct) ?? []);
  return operands.length === 0 ? undefined : ({ ...condition, operands } satisfies Logic);
}
