import { parseAction } from "@acteon/core";
import type { Action, JsonObject } from "@acteon/core";
import { evaluateExpr as evaluateOn } from "@acteon/rules";
import type { Expr, ExprResult, RuleEnvironment } from "@acteon/rules";

export function actionOf(fields: JsonObject = {}): Action {
  const wire = {
    id: "a-1",
    namespace: "ops",
    tenant: "acme",
    provider: "slack",
    action_type: "message",
    payload: {},
    created_at: "2026-03-01T00:00:00Z",
    ...fields,
  };
  const parsed = parseAction(wire, { nowMs: 0 });
  if (parsed.kind === "rejected") throw new Error(JSON.stringify(parsed.problems));
  return parsed.action;
}

export const environment: RuleEnvironment = {
  nowMs: Date.UTC(2026, 2, 1, 12),
  health: { circuitOpen: (provider) => provider === "broken", latencyP99Ms: () => 250, failureRate: () => 0.5 },
  variables: { REGION: "eu" },
};

/** What an expression is of an action that says nothing. */
export function evaluateExpr(expr: Expr, action: Action = actionOf()): ExprResult {
  return evaluateOn(expr, action, environment);
}
