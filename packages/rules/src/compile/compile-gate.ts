import type { RuleRef } from "@acteon/core";
import type { Gate } from "../decision.ts";
import type { Expr, StateSeen } from "../ir/expr.ts";
import type { Deduplicate, Throttle } from "../ir/verdict.ts";
import { EvalError, isValue, numberOf } from "../values/value.ts";
import type { Result } from "../values/value.ts";
import { constantValue } from "./compile-expr.ts";
import { noValueOf } from "./compile-operator.ts";
import { compileKey, compileWindow } from "./compile-state.ts";
import type { Compiler, Evaluate } from "./compiler.ts";
import { ending, executes, gated } from "./effect.ts";
import type { EvaluateEffect } from "./effect.ts";
import type { GateConjunct } from "./split-gate.ts";

/**
 * As a bare verdict a passed gate executes and ends the evaluation. With a `state.seen` conjunct a passed gate means that
 * the rule does not match, and the rules behind it decide (`design.md` §5).
 */
export function compileDeduplicate(
  verdict: Deduplicate,
  rule: RuleRef,
  seen: StateSeen | undefined,
  compiler: Compiler,
): EvaluateEffect {
  const keyExpr = verdict.key ?? seen?.key;
  const ttlExpr = verdict.ttl ?? seen?.window;
  const key: Evaluate =
    keyExpr === undefined ? ({ action }) => action.dedupKey ?? action.id : compileKey(keyExpr, compiler);
  const ttl: Evaluate = ttlExpr === undefined ? () => null : compileWindow(ttlExpr, compiler);
  const end = seen === undefined ? executes(rule, "deduplicate") : undefined;
  return (frame) => {
    const id = key(frame);
    const ttlMs = ttl(frame);
    if (typeof id !== "string" || !isValue(ttlMs)) return noValueOf(id, ttlMs);
    const gate: Gate = { kind: "deduplicate", rule, key: id, ttlMs: typeof ttlMs === "number" ? ttlMs : undefined };
    return end === undefined ? gated(rule, gate) : ending(rule, end, gate);
  };
}

/** The same for a throttle, with `state.counter(K, W) > n` as the conjunct: K counts, up to the larger of n and the rate. */
export function compileThrottle(
  verdict: Throttle,
  rule: RuleRef,
  conjunct: Extract<GateConjunct, { kind: "counter" }> | undefined,
  compiler: Compiler,
): EvaluateEffect {
  const noLimit = new EvalError("a limit that is no whole number of 0 or more", verdict.limit.span);
  const noWindow = new EvalError("a throttle without a window", verdict.span);
  const rate = compileLimit(verdict.limit, compiler, noLimit);
  const bound = conjunct === undefined ? () => 0 : compileBound(conjunct, compiler, noLimit);
  const windowExpr = verdict.window ?? conjunct?.counter.window;
  const window: Evaluate = windowExpr === undefined ? () => noWindow : compileWindow(windowExpr, compiler);
  const key = conjunct === undefined ? undefined : compileKey(conjunct.counter.key, compiler);
  const ofRule = { kind: "rule" } as const;
  const end = conjunct === undefined ? executes(rule, "throttle") : undefined;
  return (frame) => {
    const limit = rate(frame);
    const least = bound(frame);
    const windowMs = window(frame);
    const id = key === undefined ? null : key(frame);
    if (typeof limit !== "number" || typeof least !== "number") return noValueOf(limit, least);
    if (typeof windowMs !== "number" || !isValue(id)) return noValueOf(windowMs, id);
    const counter = typeof id === "string" ? ({ kind: "key", key: id } as const) : ofRule;
    const gate: Gate = { kind: "throttle", rule, counter, limit: Math.max(limit, least), windowMs };
    return end === undefined ? gated(rule, gate) : ending(rule, end, gate);
  };
}

function compileLimit(expr: Expr, compiler: Compiler, noLimit: EvalError): Evaluate {
  const check = (value: Result): Result => {
    if (!isValue(value)) return value;
    const limit = Number(numberOf(value) ?? Number.NaN);
    return Number.isSafeInteger(limit) && limit >= 0 ? limit : noLimit;
  };
  const constant = constantValue(expr);
  if (constant !== undefined) {
    const limit = check(constant);
    return () => limit;
  }
  const run = compiler.compile(expr);
  return (frame) => check(run(frame));
}

/** The largest sum that the conjunct lets pass: n of `> n`, and what is below n of `>= n`. */
function compileBound(
  { bound, orEqual }: Extract<GateConjunct, { kind: "counter" }>,
  compiler: Compiler,
  noLimit: EvalError,
): Evaluate {
  const run = compiler.compile(bound);
  return (frame) => {
    const value = run(frame);
    if (!isValue(value)) return value;
    const n = Number(numberOf(value) ?? Number.NaN);
    if (Number.isNaN(n)) return noLimit;
    return Math.max(orEqual ? Math.ceil(n) - 1 : Math.floor(n), 0);
  };
}
