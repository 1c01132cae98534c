import { childrenOf } from "../ir/children.ts";
import type { ActionPath, Call, Expr } from "../ir/expr.ts";
import { actionField } from "./action-fields.ts";

/**
 * May this expression be an error, for an action whose payload is a map, before anything of the store is known? `true` in
 * case of doubt. The operands of logic must be known to be bools for a `false`.
 */
export function canFail(expr: Expr): boolean {
  if (waitsForStore(expr)) return false;
  switch (expr.kind) {
    case "literal":
    case "dedupKey":
    case "now":
      return false;
    case "action":
      return pathCanFail(expr);
    case "compare":
      return childCanFail(expr) || !(expr.op === "eq" || expr.op === "ne" || expr.semantics === "rego");
    case "in":
      return childCanFail(expr) || !(expr.collection.kind === "list" || expr.semantics === "rego");
    case "list":
      return childCanFail(expr);
    case "and":
    case "or":
      return expr.operands.some((operand) => canFail(operand) || !isBool(operand));
    case "not":
      return canFail(expr.operand) || !isBool(expr.operand);
    case "has":
      return expr.reference.kind !== "action" || pathCanFail(expr.reference);
    case "call":
      return childCanFail(expr) || callCanFail(expr);
    default:
      return true;
  }
}

/** Is it pending for certain until the store has answered? Operators that need all of their operands wait with them. */
function waitsForStore(expr: Expr): boolean {
  switch (expr.kind) {
    case "stateSeen":
    case "stateEntry":
    case "stateCounter":
    case "stateTimeSince":
      return childrenOf(expr).every((child) => child.kind === "literal" || child.kind === "dedupKey");
    case "compare":
    case "arithmetic":
    case "in":
    case "not":
      return childrenOf(expr).some(waitsForStore) && !childCanFail(expr);
    default:
      return false;
  }
}

function childCanFail(expr: Expr): boolean {
  return childrenOf(expr).some(canFail);
}

function pathCanFail({ path, missing }: ActionPath): boolean {
  if (missing === "error") return path.length > 1 || actionField(path[0] ?? "")?.whenAbsent !== "null";
  // A missing key is null; only the field of what is then null, or of a scalar, is an error.
  return missing === "nullKey" && path.length > (isMapField(path[0]) ? 2 : 1);
}

function isMapField(head: string | undefined): boolean {
  const type = actionField(head ?? "")?.type;
  return type === "payload" || type === "map";
}

/** A predicate over texts that are texts for certain. */
function callCanFail({ name, args, semantics }: Call): boolean {
  if (semantics === "rego") return false;
  return !(textPredicates.has(name) && args.every((arg) => isText(arg)));
}

const textPredicates: ReadonlySet<string> = new Set(["contains", "startsWith", "endsWith"]);

function isText(expr: Expr): boolean {
  if (expr.kind === "literal") return expr.type === "string";
  return expr.kind === "action" && expr.path.length === 1 && alwaysTexts.has(expr.path[0]!);
}

const alwaysTexts: ReadonlySet<string> = new Set(["id", "namespace", "provider", "action_type", "created_at"]);

function isBool(expr: Expr): boolean {
  switch (expr.kind) {
    case "compare":
    case "in":
    case "and":
    case "or":
    case "not":
    case "has":
    case "quantifier":
    case "stateSeen":
      return true;
    case "literal":
      return expr.type === "bool";
    case "call":
      return textPredicates.has(expr.name) || expr.name === "matches";
    default:
      return false;
  }
}
