import type { Action } from "@acteon/core";
import { evaluateExpr as evaluateOn } from "@acteon/rules";
import type { Expr, ExprResult, RuleEnvironment } from "@acteon/rules";
import { actionOf } from "@acteon/rules/conformance";

export const environment: RuleEnvironment = {
  nowMs: Date.UTC(2026, 2, 1, 12),
  health: { circuitOpen: (provider) => provider === "broken", latencyP99Ms: () => 250, failureRate: () => 0.5 },
  variables: { REGION: "eu" },
};

/** What an expression is of an action that says nothing. */
export function evaluateExpr(expr: Expr, action: Action = actionOf()): ExprResult {
  return evaluateOn(expr, action, environment);
}
