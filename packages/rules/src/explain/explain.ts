import type { Action, Clock, JsonValue, RuleRef } from "@acteon/core";
import type { CompilerOptions } from "../compile/compile-expr.ts";
import type { Effect } from "../compile/effect.ts";
import { Frame, maxRounds, tooManyRounds } from "../compile/frame.ts";
import type { RuleEnvironment } from "../decision.ts";
import type { CompiledRuleSet } from "../engine/compiled-rule-set.ts";
import { evaluatePlan } from "../engine/evaluate-plan.ts";
import { askNative } from "../engine/native-answer.ts";
import type { NativeAnswer } from "../engine/native-answer.ts";
import { Pacer } from "../engine/pacer.ts";
import { constraintsOfRule, sourceOf } from "../engine/ranked-rule.ts";
import type { RankedRule } from "../engine/ranked-rule.ts";
import { settleDecision } from "../engine/settle-decision.ts";
import type { GatedStatePort, Settled } from "../engine/settle-decision.ts";
import { displayExpr } from "../ir/display.ts";
import { EvalError, pending } from "../values/value.ts";
import type { Explanation, RuleTrace, TraceResult } from "./explanation.ts";
import { Secrets } from "./secrets.ts";
import { traceClauses } from "./trace-clauses.ts";
import { unmetConstraints } from "./unmet-constraints.ts";

export interface ExplainOptions {
  /** Goes on after the rule that decided, as if it had not. */
  readonly evaluateAll?: boolean;
  readonly signal?: AbortSignal;
}

/** What an explanation is made from, besides the rules. */
export interface ExplainContext {
  readonly action: Action;
  readonly environment: RuleEnvironment;
  /** Reads and gates, without effect: a counting condition is answered what its sum would be. */
  readonly state: GatedStatePort;
  readonly compiler: CompilerOptions;
  readonly clock: Clock;
}

/**
 * Decides an action and says why: what each rule saw, which clause was false, what it would have taken. It asks the same
 * rules in the same order; every closure that records is made here, so that other evaluations pay nothing for it.
 */
export async function explain(
  rules: CompiledRuleSet,
  context: ExplainContext,
  { evaluateAll = false, signal }: ExplainOptions = {},
): Promise<Explanation> {
  const { action, environment, state, clock } = context;
  const decision = await evaluatePlan(rules.plan(action, environment), action, state);
  const settled = await settleDecision(decision, action, state);
  const pacer = new Pacer(clock, signal);
  const secrets = new Secrets(action, environment);
  const traces: RuleTrace[] = [];
  let decider: RuleRef | undefined;
  let { payload } = action;
  for (const rule of rules.rules) {
    if (pacer.isDue) await pacer.pause();
    const asked = await askRule(rule, { payload, decider, evaluateAll, secrets }, settled, context);
    if (asked.ends) decider ??= rule.ref;
    payload = asked.trace.modifiedPayload ?? payload;
    traces.push(asked.trace);
  }
  return { ...settled, decision, rules: traces, nearestMiss: nearestMissOf(traces) };
}

interface Asked {
  readonly trace: RuleTrace;
  /** The rules behind it have no say. */
  readonly ends: boolean;
}

interface SoFar {
  readonly payload: JsonValue;
  /** The rule that ended the evaluation. */
  readonly decider: RuleRef | undefined;
  readonly evaluateAll: boolean;
  readonly secrets: Secrets;
}

async function askRule(
  rule: RankedRule,
  { payload, decider, evaluateAll, secrets }: SoFar,
  settled: Settled,
  context: ExplainContext,
): Promise<Asked> {
  const { action, clock } = context;
  if (!rule.enabled) return skipped(rule, { kind: "skipped", reason: "disabled" });
  if (decider !== undefined && !evaluateAll) {
    return skipped(rule, { kind: "skipped", reason: "earlier_rule_matched", by: decider });
  }
  const wanted = unmetConstraints(constraintsOfRule(rule), action, secrets);
  if (wanted.length > 0) return skipped(rule, { kind: "notMatched", why: "index", wanted });
  const frame = new Frame(action, context.environment);
  const startMs = clock.monotonicMs();
  const answer = await answerOf(rule, frame, context);
  const durationMs = clock.monotonicMs() - startMs;
  const refuses = answer === false || answer instanceof EvalError ? false : await gateRefuses(answer, context);
  // Which of several gates is asked is settled: the first that refuses, and none where the action does not execute.
  const gateDecides = refuses && (decider !== undefined || rule.ref === settled.rule);
  const result = resultOf(rule, answer, gateDecides);
  const clauses =
    rule.kind === "native" ? [] : traceClauses(rule.compiled.source, frame, context.compiler, refuses, secrets);
  const modified = answer !== false && !(answer instanceof EvalError) ? answer.modify?.(payload) : undefined;
  const modifiedPayload = modified instanceof EvalError ? undefined : modified;
  return {
    trace: { ...headOf(rule), result, clauses, durationMs, modifiedPayload },
    ends: endsEvaluation(result, answer, gateDecides),
  };
}

function skipped(rule: RankedRule, result: TraceResult): Asked {
  const trace = { ...headOf(rule), result, clauses: [], durationMs: 0, modifiedPayload: undefined };
  return { trace, ends: false };
}

function headOf(rule: RankedRule): Omit<RuleTrace, "result" | "clauses" | "durationMs" | "modifiedPayload"> {
  const source = sourceOf(rule);
  const { priority, description } = source;
  const head = { rule: rule.ref, priority, enabled: rule.enabled, description };
  return source.kind === "native"
    ? { ...head, language: "native", verdict: "native", condition: `${source.name}(context)` }
    : { ...head, language: source.language, verdict: source.verdict.kind, condition: displayExpr(source.condition) };
}

/** The answer with everything read that it asks for. */
async function answerOf(rule: RankedRule, frame: Frame, { action, state }: ExplainContext): Promise<NativeAnswer> {
  if (rule.kind === "native") return askNative(rule.native, rule.ref, frame);
  for (let round = 0; round <= maxRounds; round++) {
    const answer = rule.compiled.decide(frame);
    if (answer !== pending) return answer;
    frame.answer(await state.read(frame.openReads(), action));
  }
  return new EvalError(tooManyRounds, rule.compiled.source.span);
}

async function gateRefuses({ gate }: Effect, { action, state }: ExplainContext): Promise<boolean> {
  return gate !== undefined && (await state.refuses(gate, action));
}

function resultOf(rule: RankedRule, answer: NativeAnswer, gateDecides: boolean): TraceResult {
  if (answer instanceof EvalError) {
    return { kind: "error", message: answer.message, skipped: sourceOf(rule).onError === "skip" };
  }
  if (answer === false)
    return { kind: "notMatched", why: rule.kind === "native" ? "function" : "condition", wanted: [] };
  if (answer.gate !== undefined && answer.end === undefined && !gateDecides) {
    return { kind: "notMatched", why: "gate", wanted: [] };
  }
  return { kind: "matched" };
}

function endsEvaluation(result: TraceResult, answer: NativeAnswer, gateDecides: boolean): boolean {
  if (result.kind === "error") return !result.skipped;
  return gateDecides || (answer !== false && !(answer instanceof EvalError) && answer.end !== undefined);
}

/** The one that lacks the fewest clauses; of several the first. */
function nearestMissOf(traces: readonly RuleTrace[]): RuleTrace | undefined {
  let nearest: RuleTrace | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const trace of traces) {
    const lacking = lackingClauses(trace);
    if (lacking < fewest) [nearest, fewest] = [trace, lacking];
  }
  return nearest;
}

function lackingClauses({ result, clauses }: RuleTrace): number {
  if (result.kind !== "notMatched" || result.why === "function") return Number.POSITIVE_INFINITY;
  return result.wanted.length + clauses.filter(({ outcome }) => outcome !== "true").length;
}
