import { didYouMean } from "@acteon/rules";
import type { Extent, PlacedFinding } from "@acteon/rules";
import type { CallTerm, Statement, Term } from "../syntax/ast.ts";
import { childrenOf } from "../syntax/children.ts";
import { isKnownFunction, reportUnknownFunction } from "./calls.ts";
import { lackingIn, termsOf } from "./goal.ts";
import type { Goal } from "./goal.ts";
import { isNameless } from "./mentions.ts";
import { valueElsewhere, namesIn } from "./near-names.ts";
import { reportError } from "./scope.ts";
import type { Scope } from "./scope.ts";

/**
 * Reports the variables without a value for which goals wait. What another goal would give is not told: the cause is what that
 * one waits for, or that it calls a function that there is not.
 */
export function reportUnsafe(goals: readonly Goal[], scope: Scope): void {
  const calls = goals.flatMap((goal) => unknownCallsOf(goal, scope));
  for (const call of calls) reportUnknownFunction(call, scope);
  const callers = goals.filter((goal) => unknownCallsOf(goal, scope).length > 0);
  const waiting = goals.filter((goal) => !callers.includes(goal));
  const given = new Set([
    ...waiting.flatMap(({ demand }) => demand.ways.flatMap(({ gives }) => [...gives])),
    ...callers.flatMap(({ demand }) => demand.uses.map(({ name }) => name)),
  ]);
  const lacking = waiting.flatMap((goal) => lackingIn(goal, scope.bindings));
  const causes = lacking.filter(({ name }) => !given.has(name));
  const told = causes.length > 0 || calls.length > 0 ? causes : lacking;
  for (const mention of new Map(told.toReversed().map((place) => [place.name, place])).values()) {
    const at = { start: mention.start, end: mention.end };
    reportError(scope, { code: "ACT-R027", at, label: "unsafe", ...described(mention.name, at, scope) });
  }
}

function unknownCallsOf({ what }: Goal, scope: Scope): readonly CallTerm[] {
  const callsIn = (part: Term | Statement): readonly CallTerm[] => {
    if (part.kind === "comprehension") return [];
    const own = part.kind === "call" && !isKnownFunction(part, scope) ? [part] : [];
    return [...own, ...childrenOf(part).flatMap(callsIn)];
  };
  return termsOf(what).flatMap(callsIn);
}

function described(name: string, at: Extent, scope: Scope): Pick<PlacedFinding, "summary" | "help" | "fix"> {
  if (isNameless(name)) {
    return {
      summary: "`_` stands for any value, and here none is looked for",
      help: "inside of `not` nothing is gone through: move the expression to a rule of its own, and negate that",
    };
  }
  const summary = `\`${name}\` has no value here`;
  const near = valueElsewhere(name, scope) ?? scope.lowering.suggestions.near(name, namesIn(scope));
  if (near !== undefined) return { summary, ...didYouMean(near), fix: { at, text: near } };
  return { summary, help: `give it one, as in \`${name} := …\` or \`some ${name} in …\`` };
}
