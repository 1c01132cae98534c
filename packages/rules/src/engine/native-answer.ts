import type { JsonValue, RuleRef } from "@acteon/core";
import { mergePatch } from "../compile/mutate-payload.ts";
import { ending, executes, modifying } from "../compile/effect.ts";
import type { Effect } from "../compile/effect.ts";
import type { Frame } from "../compile/frame.ts";
import type { NativeRule, NativeVerdict } from "../native-rule.ts";
import { EvalError } from "../values/value.ts";

export type NativeAnswer = Effect | EvalError | false;

/** Asks a native rule. What it throws is its error; a promise never rejects. */
export function askNative(rule: NativeRule, ref: RuleRef, frame: Frame): NativeAnswer | Promise<NativeAnswer> {
  const { action, environment } = frame;
  try {
    const verdict = rule.evaluate({ action, dedupKey: action.dedupKey ?? action.id, env: environment });
    if (!(verdict instanceof Promise)) return effectOf(verdict, rule, ref, action.dedupKey ?? action.id);
    return settled(verdict, rule, ref, frame);
  } catch (error) {
    return thrown(error, rule);
  }
}

/** An answer that had to be waited for is a fact, so that the decision can be made again from the record. */
async function settled(
  verdict: Promise<NativeVerdict | undefined>,
  rule: NativeRule,
  ref: RuleRef,
  frame: Frame,
): Promise<NativeAnswer> {
  try {
    const answer = await verdict;
    const text = answer === undefined ? undefined : JSON.stringify(answer);
    frame.nativeFacts.push({ read: { kind: "native", rule: rule.name }, answer: text });
    return effectOf(answer, rule, ref, frame.action.dedupKey ?? frame.action.id);
  } catch (error) {
    return thrown(error, rule);
  }
}

function thrown(error: unknown, { span }: NativeRule): EvalError {
  return new EvalError(error instanceof Error ? error.message : String(error), span);
}

function effectOf(
  verdict: NativeVerdict | undefined,
  { span }: NativeRule,
  rule: RuleRef,
  dedupKey: string,
): NativeAnswer {
  if (verdict === undefined) return false;
  switch (verdict.kind) {
    case "allow":
      return ending(rule, executes(rule, "allow"));
    case "deny":
    case "suppress":
      return ending(rule, {
        kind: "suppress",
        verdict: verdict.kind,
        rule,
        reason: verdict.reason,
        markMs: undefined,
      });
    case "reroute":
      return ending(rule, executes(rule, "reroute", verdict.to));
    case "modify": {
      const { merge } = verdict;
      return modifying(rule, (payload: JsonValue) => mergePatch(payload, merge), undefined);
    }
    case "custom":
      return ending(rule, { kind: "custom", rule, handler: verdict.handler, params: verdict.params ?? {} });
    case "deduplicate": {
      if (verdict.ttlMs !== undefined && !isWindow(verdict.ttlMs)) return outOfRange(span);
      const key = verdict.key ?? dedupKey;
      const gate = { kind: "deduplicate", rule, key, ttlMs: verdict.ttlMs } as const;
      return ending(rule, executes(rule, "deduplicate"), gate);
    }
    case "throttle": {
      const { limit, windowMs } = verdict;
      if (!isWindow(windowMs) || !Number.isSafeInteger(limit) || limit < 0) return outOfRange(span);
      const gate = { kind: "throttle", rule, counter: { kind: "rule" }, limit, windowMs } as const;
      return ending(rule, executes(rule, "throttle"), gate);
    }
    default:
      // The function is not ours, and may be untyped.
      return new EvalError("a verdict of an unknown kind", span);
  }
}

function isWindow(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 1;
}

function outOfRange(span: NativeRule["span"]): EvalError {
  return new EvalError("a limit or time that is no whole number in range", span);
}
