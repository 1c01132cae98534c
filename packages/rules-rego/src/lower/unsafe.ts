import { didYouMean } from "@acteon/rules";
import type { Extent, PlacedFinding } from "@acteon/rules";
import { lackingIn } from "./goal.ts";
import type { Goal } from "./goal.ts";
import { isNameless } from "./mentions.ts";
import { valueElsewhere, namesIn } from "./near-names.ts";
import { reportError } from "./scope.ts";
import type { Scope } from "./scope.ts";

/**
 * Reports the variables without a value for which goals wait. What another goal would give is not told: the cause is what that
 * one waits for.
 */
export function reportUnsafe(goals: readonly Goal[], scope: Scope): void {
  const lacking = goals.flatMap((goal) => lackingIn(goal, scope.bindings));
  const given = new Set(goals.flatMap(({ demand }) => demand.ways.flatMap(({ gives }) => [...gives])));
  const causes = lacking.filter(({ name }) => !given.has(name));
  const first = new Map((causes.length > 0 ? causes : lacking).toReversed().map((place) => [place.name, place]));
  for (const mention of first.values()) {
    const at = { start: mention.start, end: mention.end };
    reportError(scope, { code: "ACT-R027", at, label: "unsafe", ...described(mention.name, at, scope) });
  }
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
