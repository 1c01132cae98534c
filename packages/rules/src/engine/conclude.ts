import type { Action, JsonValue, RuleRef } from "@acteon/core";
import { executes } from "../compile/effect.ts";
import type { Effect } from "../compile/effect.ts";
import type { Decision, End, Gate, StateFact } from "../decision.ts";
import { EvalError } from "../values/value.ts";

/** What a rule says that has a say, with the rule for the error that it may be. */
export interface Say {
  readonly rule: RuleRef;
  readonly answer: Effect | EvalError;
}

/** Executed as it is: no rule had a say. */
const untouched: End = {
  kind: "execute",
  verdict: "allow",
  rule: undefined,
  rerouteTo: undefined,
  payload: undefined,
};

/** The plan of an action in which no rule has a say; one object for all of them. */
export const passes = { kind: "known", decision: { gates: [], end: untouched, facts: [] } } as const;

/** Goes through what the rules say, in evaluation order, up to the end. */
export function conclude(says: readonly Say[], action: Action, facts: readonly StateFact[]): Decision {
  const gates: Gate[] = [];
  let payload: JsonValue | undefined;
  let end: End = untouched;
  for (const { rule, answer } of says) {
    if (answer instanceof EvalError) return { gates, end: errorEnd(rule, answer.message), facts };
    if (answer.gate !== undefined) gates.push(answer.gate);
    if (answer.modify !== undefined) {
      const modified = answer.modify(payload ?? action.payload);
      if (modified instanceof EvalError) return { gates, end: errorEnd(rule, modified.message), facts };
      payload = modified;
      end = executes(rule, "modify");
    }
    if (answer.end === undefined) continue;
    end = answer.end;
    break;
  }
  return { gates, end: end.kind === "execute" && payload !== undefined ? { ...end, payload } : end, facts };
}

export function errorEnd(rule: RuleRef, message: string): End {
  return { kind: "error", rule, message };
}
