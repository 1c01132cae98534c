import type { Body, VarTerm } from "../syntax/ast.ts";
import { declarationsOf, isNameless, variableName } from "./mentions.ts";
import type { BodyMentions } from "./mentions.ts";
import { reportError } from "./scope.ts";
import type { Scope } from "./scope.ts";

/**
 * Reports what a body cannot declare: what it has declared before, an argument, a name that stands for something else
 * further up; and `some` of a name that nothing asks for.
 */
export function reportDeclarations(body: Body, mentions: BodyMentions, scope: Scope): void {
  const seen = new Map<string, string>([...scope.args].map((name) => [name, "an argument of the function"]));
  const mentioned = new Set([...mentions.ofBody, mentions.ofHeads].flatMap((each) => each.map(({ name }) => name)));
  for (const [i, statement] of body.entries()) {
    const own = declarationsOf(statement);
    const ownPlaces = new Set(own.map(({ start }) => start));
    for (const { name, start, isEnclosed } of mentions.ofBody[i]!) {
      if (!isEnclosed && !ownPlaces.has(start) && !seen.has(name)) seen.set(name, "asked for further up");
    }
    for (const variable of own) {
      const name = variableName(variable);
      if (isNameless(name)) continue;
      const before = isReserved(name) ? "what all rules see" : seen.get(name);
      if (before !== undefined) reportTwice(variable, before, scope);
      else if (statement.kind === "some" && !mentioned.has(name)) reportUnused(variable, scope);
      seen.set(name, "declared further up");
    }
  }
}

function isReserved(name: string): boolean {
  return name === "input" || name === "data";
}

function reportTwice(variable: VarTerm, before: string, scope: Scope): void {
  reportError(scope, {
    code: "ACT-R033",
    at: variable,
    summary: `\`${variable.name}\` cannot be declared here`,
    label: `it is ${before}`,
    help: "give it another name; `==` compares",
  });
}

function reportUnused(variable: VarTerm, scope: Scope): void {
  const summary = `\`${variable.name}\` is declared, and nothing asks for it`;
  reportError(scope, { code: "ACT-R033", at: variable, summary, help: "take it out of `some`" });
}
