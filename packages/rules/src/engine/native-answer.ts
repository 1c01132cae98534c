import type { JsonValue, RuleRef } from "@acteon/core";
import { mergePatch } from "../compile/mutate-payload.ts";
import { ending, executes, modifying } from "../compile/effect.ts";
import type { Effect } from "../compile/effect.ts";
import type { Frame } from "../compile/frame.ts";
import type { NativeRule, NativeVerdict } from "../native-rule.ts";
import { forbiddenKeyIn } from "../validate/validate-verdict.ts";
import { EvalError } from "../values/value.ts";

export type NativeAnswer = Effect | EvalError | false;

/** Asks a native rule. What it throws is its error; a promise never rejects. */
export function askNative(rule: NativeRule, ref: RuleRef, frame: Frame): NativeAnswer | Promise<NativeAnswer> {
  const { action, environment } = frame;
  const dedupKey = action.dedupKey ?? action.id;
  try {
    const verdict = rule.evaluate({ action, dedupKey, env: environment });
    return isPromise(verdict) ? settled(verdict, rule, ref, frame) : effectOf(verdict, rule, ref, dedupKey);
  } catch (error) {
    return thrown(error, rule);
  }
}

/** Of any make. */
function isPromise(verdict: ReturnType<NativeRule["evaluate"]>): verdict is Promise<NativeVerdict | undefined> {
  return verdict !== undefined && "then" in verdict;
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
  if (error instanceof Error) return new EvalError(error.message, span);
  return new EvalError(typeof error === "string" ? error : "it threw what is no error", span);
}

/** The function is not ours and may be untyped: what it answers is checked. */
function effectOf(
  verdict: NativeVerdict | undefined,
  { span }: NativeRule,
  rule: RuleRef,
  dedupKey: string,
): NativeAnswer {
  if (verdict === undefined) return false;
  const wrong = faultIn(verdict);
  if (wrong !== undefined) return new EvalError(wrong, span);
  switch (verdict.kind) {
    case "allow":
      return ending(rule, executes(rule, "allow"));
    case "deny":
    case "suppress": {
      const { kind, reason } = verdict;
      return ending(rule, { kind: "suppress", verdict: kind, rule, reason, markMs: undefined });
    }
    case "reroute":
      return ending(rule, executes(rule, "reroute", verdict.to));
    case "modify": {
      const { merge } = verdict;
      return modifying(rule, (payload: JsonValue) => mergePatch(payload, merge), undefined);
    }
    case "custom":
      return ending(rule, { kind: "custom", rule, handler: verdict.handler, params: verdict.params ?? {} });
    case "deduplicate": {
      const { key = dedupKey, ttlMs } = verdict;
      return ending(rule, executes(rule, "deduplicate"), { kind: "deduplicate", rule, key, ttlMs });
    }
    case "throttle": {
      const { limit, windowMs } = verdict;
      const gate = { kind: "throttle", rule, counter: { kind: "rule" }, limit, windowMs } as const;
      return ending(rule, executes(rule, "throttle"), gate);
    }
  }
}

function faultIn(verdict: NativeVerdict): string | undefined {
  switch (verdict.kind) {
    case "allow":
      return undefined;
    case "deny":
    case "suppress":
      return verdict.reason === undefined || typeof verdict.reason === "string"
        ? undefined
        : "a reason that is no text";
    case "reroute":
      return typeof verdict.to === "string" && verdict.to !== "" ? undefined : "the provider to reroute to is no name";
    case "modify":
      return mergeFault(verdict.merge);
    case "custom":
      return typeof verdict.handler === "string" ? undefined : "a custom verdict without a handler";
    case "deduplicate":
      if (verdict.key !== undefined && typeof verdict.key !== "string") return "a key that is no text";
      return verdict.ttlMs === undefined || isWindow(verdict.ttlMs) ? undefined : noWindow;
    case "throttle":
      if (!Number.isSafeInteger(verdict.limit) || verdict.limit < 0)
        return "a limit that is no whole number of 0 or more";
      return isWindow(verdict.windowMs) ? undefined : noWindow;
    default:
      return "a verdict of an unknown kind";
  }
}

function mergeFault(merge: JsonValue | undefined): string | undefined {
  if (merge === undefined) return "a modify without `merge`";
  const key = forbiddenKeyIn(merge);
  return key === undefined ? undefined : `a merge that writes to \`${key}\``;
}

const noWindow = "a time that is no whole number of milliseconds, one or more";

function isWindow(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 1;
}
