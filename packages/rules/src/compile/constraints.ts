import type { ActionPath, Call, Compare, Expr, Logic, Membership, Semantics } from "../ir/expr.ts";
import { saysNumber } from "../values/equality.ts";
import { canFail } from "./can-fail.ts";

/** A value that the index can look up. */
export type IndexValue = string | number | boolean;

/**
 * A test of one field that an action must pass for a rule to have a say: the field has one of these values, or begins
 * with one of these prefixes.
 */
export interface Constraint {
  readonly path: readonly string[];
  /** The path as one text: a name for the field. */
  readonly field: string;
  readonly values: readonly IndexValue[];
  readonly prefixes: readonly string[];
  /** Of what else the test is an error, so that the rule has a say after all. */
  readonly fails: {
    /** The field of something that is no map. */
    readonly elsewhere: boolean;
    /** The field is missing or null. */
    readonly absent: boolean;
    /** Something else than text. */
    readonly noText: boolean;
  };
}

/**
 * The constraints that a condition implies. A conjunct counts only if what stands before it cannot be an error, unless
 * errors are absorbed or skipped: an action that such an error hits must fail, whatever the conjunct says.
 *
 * It is taken for granted that the payload is a map; where it is not, every rule is asked.
 */
export function constraintsOf(condition: Expr, onError: "fail" | "skip"): readonly Constraint[] {
  const byField = new Map<string, Constraint>();
  collect(condition, onError, byField);
  return [...byField.values()];
}

/** Of several tests of one field the first stands for all. */
function collect(condition: Expr, onError: "fail" | "skip", byField: Map<string, Constraint>): void {
  if (condition.kind === "and") {
    for (const operand of condition.operands) {
      collect(operand, onError, byField);
      if (onError === "fail" && condition.absorbs === "none" && canFail(operand)) return;
    }
    return;
  }
  const constraint = constraintOf(condition);
  if (constraint !== undefined && !byField.has(constraint.field)) byField.set(constraint.field, constraint);
}

/** The constraint that is the same as this test, or is implied by it. */
export function constraintOf(expr: Expr): Constraint | undefined {
  switch (expr.kind) {
    case "compare":
      return equalityConstraint(expr);
    case "in":
      return membershipConstraint(expr);
    case "call":
      return prefixConstraint(expr);
    case "or":
      return anyOf(expr);
    default:
      return undefined;
  }
}

function equalityConstraint({ op, left, right, semantics }: Compare): Constraint | undefined {
  if (op !== "eq") return undefined;
  const [path, literal] = left.kind === "action" ? [left, right] : [right, left];
  return path.kind === "action" && isExact([literal], semantics) ? onPath(path, [literal], []) : undefined;
}

/** Are these equal to nothing but themselves? In DRL a number also equals the text that says it. */
function isExact(literals: readonly Expr[], semantics: Semantics): boolean {
  if (semantics !== "drl") return true;
  return literals.every((each) => {
    if (each.kind !== "literal") return false;
    return each.type === "bool" || (each.type === "string" && !saysNumber(each.value));
  });
}

function membershipConstraint({ item, collection, semantics }: Membership): Constraint | undefined {
  if (item.kind !== "action" || collection.kind !== "list") return undefined;
  return isExact(collection.items, semantics) ? onPath(item, collection.items, []) : undefined;
}

function prefixConstraint({ name, args: [text, prefix], semantics }: Call): Constraint | undefined {
  if (name !== "startsWith" || text?.kind !== "action" || prefix?.kind !== "literal" || prefix.type !== "string") {
    return undefined;
  }
  const constraint = onPath(text, [], [prefix.value]);
  if (constraint === undefined || semantics === "rego") return constraint;
  const nullFails = semantics === "legacy" || semantics === "cel";
  const { fails } = constraint;
  return {
    ...constraint,
    fails: { elsewhere: fails.elsewhere || nullFails, absent: fails.absent || nullFails, noText: true },
  };
}

function anyOf({ operands }: Logic): Constraint | undefined {
  const [first, ...rest] = operands.map(constraintOf);
  if (first === undefined) return undefined;
  const all = [first];
  for (const constraint of rest) {
    if (constraint === undefined || constraint.field !== first.field) return undefined;
    all.push(constraint);
  }
  return {
    path: first.path,
    field: first.field,
    values: all.flatMap(({ values }) => values),
    prefixes: all.flatMap(({ prefixes }) => prefixes),
    fails: {
      elsewhere: all.some(({ fails }) => fails.elsewhere),
      absent: all.some(({ fails }) => fails.absent),
      noText: all.some(({ fails }) => fails.noText),
    },
  };
}

function onPath(
  { path, missing }: ActionPath,
  literals: readonly Expr[],
  prefixes: readonly string[],
): Constraint | undefined {
  const values: IndexValue[] = [];
  for (const literal of literals) {
    const value = indexValueOf(literal);
    if (value === undefined) return undefined;
    values.push(value);
  }
  if (path.length === 0) return undefined;
  const absent = missing === "error";
  const fails = { elsewhere: absent || missing === "nullKey", absent, noText: false };
  return { path, field: path.join("\0"), values, prefixes, fails };
}

/** Not null, which a missing field equals; not numbers that several forms can say. */
function indexValueOf(expr: Expr): IndexValue | undefined {
  if (expr.kind !== "literal") return undefined;
  if (expr.type === "string" || expr.type === "bool") return expr.value;
  if (expr.type !== "int" && expr.type !== "double") return undefined;
  const value = Number(expr.value);
  return Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
}
