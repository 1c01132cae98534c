import { windowOf } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import { called } from "./lowering.ts";

/** Beside a time, a text is one, too: `createdAt < now`, `now - createdAt > 1h`, `state.timeSince(key) > "5m"`. */
export function timed(expr: Expr, beside: Expr): Expr {
  if (isInstant(beside) && isPath(expr)) return called("timestamp", [expr], expr.span);
  return isDuration(beside) ? (windowOf(expr) ?? expr) : expr;
}

function isPath({ kind }: Expr): boolean {
  return kind === "action" || kind === "field" || kind === "local" || kind === "index";
}

function isInstant(expr: Expr): boolean {
  if (expr.kind === "arithmetic") return isInstant(expr.left) && !isInstant(expr.right);
  return expr.kind === "now" || (expr.kind === "call" && expr.name === "timestamp");
}

function isDuration(expr: Expr): boolean {
  if (expr.kind === "arithmetic") return isInstant(expr.left) && isInstant(expr.right);
  return expr.kind === "stateTimeSince" || (expr.kind === "health" && expr.fact === "latencyP99");
}
