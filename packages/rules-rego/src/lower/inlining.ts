import type { Expr } from "@acteon/rules";
import type { Goal } from "./goal.ts";

/*
 * A name of a rule that decides may stand for its value, so that what is asked of it is a conjunct of its own: the gate of
 * `key := sprintf(…); state.seen(key, "5m")` is seen as one only then.
 */

/**
 * Does one of these goals fail where the name has no value? Only then its value may stand in its place: a name that nobody
 * asks for must have a value all the same.
 */
export function isUsedFirsthand(name: string, goals: readonly Goal[]): boolean {
  return goals.some(
    ({ what, negated, with: modifiers, demand }) =>
      what.kind === "holds" &&
      !negated &&
      modifiers.length === 0 &&
      demand.uses.some((mention) => mention.name === name && !mention.isEnclosed),
  );
}

/** It costs nothing worth mentioning to compute it twice. */
export function isSmall(value: Expr): boolean {
  switch (value.kind) {
    case "literal":
    case "action":
    case "dedupKey":
      return true;
    case "template":
      return areSmall(value.parts);
    case "list":
      return areSmall(value.items);
    case "call":
      return areSmall(value.args);
    default:
      return false;
  }
}

function areSmall(parts: readonly Expr[]): boolean {
  return (
    parts.length <= 8 &&
    parts.every((part) => part.kind === "literal" || part.kind === "action" || (part.kind === "list" && isSmall(part)))
  );
}
