import { maxBodySteps } from "@acteon/rules";
import type { Expr, Extent, Query } from "@acteon/rules";
import type { Body, Term } from "../syntax/ast.ts";
import { reportDeclarations } from "./declarations.ts";
import { lackingIn } from "./goal.ts";
import type { Goal } from "./goal.ts";
import { goalsOf } from "./goals-of-body.ts";
import { lowerGoal, passWays } from "./lower-goal.ts";
import { declarationsIn, mentionsIn, variableName } from "./mentions.ts";
import type { Mention } from "./mentions.ts";
import { hiding, reportError } from "./scope.ts";
import type { LoweredBody, Scope } from "./scope.ts";
import { reportUnsafe } from "./unsafe.ts";

/*
 * The statements of a body hold in whatever order they stand: each is made steps as soon as every variable that it needs
 * has a value, the first of them first. What can never be made steps is unsafe. The heads come last.
 */

export function lowerBody(body: Body, heads: readonly (Term | undefined)[], around: Scope): LoweredBody {
  const unknown = heads.map(() => undefined);
  const [tooMuch] = body.slice(maxBodySteps);
  if (tooMuch !== undefined) {
    reportTooLong(tooMuch, around);
    return { steps: [], heads: unknown };
  }
  const present = heads.filter((head) => head !== undefined);
  const mentions = {
    ofBody: body.map((statement) => mentionsIn([statement], around.lowering)),
    ofHeads: mentionsIn(present, around.lowering),
  };
  reportDeclarations(body, mentions, around);
  const declared = new Set(declarationsIn(body).map(variableName));
  const scope = declared.size === 0 ? around : { ...around, ...hiding(around, declared) };
  const goals = goalsOf(body, present, mentions, scope);
  if (isTooLong([...goals.ofBody, ...goals.ofHeads], scope)) return { steps: [], heads: unknown };
  const made = inOrder(goals.ofBody, scope, (goal, later) => lowerGoal(goal, scope, later));
  const asked = inOrder(goals.ofHeads, scope, ({ demand }) => passWays(demand, scope));
  const steps = [...made.steps, ...asked.steps];
  const unsafe = [...made.left, ...asked.left];
  if (unsafe.length > 0) {
    reportUnsafe(unsafe, scope);
    return { steps, heads: unknown };
  }
  return { steps, heads: heads.map((head): Expr | undefined => head && scope.lowering.lowerTerm(head, scope)) };
}

/** Each goal is a step, and so is each reference that it goes through, and each `with`. */
function isTooLong(goals: readonly Goal[], scope: Scope): boolean {
  let count = 0;
  const tooMuch = goals.find(({ with: modifiers, demand, demandBefore }) => {
    const passages = [...demand.ways, ...demandBefore.ways].filter(({ through }) => through !== undefined);
    count += 1 + modifiers.length + passages.length;
    return count > maxBodySteps;
  });
  if (tooMuch !== undefined) reportTooLong(tooMuch, scope);
  return tooMuch !== undefined;
}

function reportTooLong(at: Extent, scope: Scope): void {
  const help = "move a part of it to a rule of its own";
  reportError(scope, { code: "ACT-R002", at, summary: `a body of more than ${maxBodySteps} steps`, help });
}

interface Waiting {
  readonly goal: Goal;
  /** When it was last looked at. */
  lacking: readonly Mention[];
}

/** Makes the steps of goals, and tells which of them have to wait for ever. */
function inOrder(
  goals: readonly Goal[],
  { bindings }: Scope,
  make: (goal: Goal, later: readonly Goal[]) => readonly Query[],
): { readonly steps: readonly Query[]; readonly left: readonly Goal[] } {
  const steps: Query[] = [];
  const waiting = goals.map((goal): Waiting => ({ goal, lacking: lackingIn(goal, bindings) }));
  const isReady = (each: Waiting): boolean => {
    if (each.lacking.some(({ name }) => bindings.has(name))) each.lacking = lackingIn(each.goal, bindings);
    return each.lacking.length === 0;
  };
  for (;;) {
    const next = waiting.findIndex(isReady);
    if (next === -1) return { steps, left: waiting.map(({ goal }) => goal) };
    const [ready] = waiting.splice(next, 1);
    const later = waiting.map(({ goal }) => goal);
    steps.push(...make(ready!.goal, later));
  }
}
