import {
  DeadlineExceededError,
  InternalError,
  ProviderNotFoundError,
  RuleError,
  type ActeonError,
  type ActionOutcome,
  type RuleRef,
} from "@acteon/core";
import type { Decision, End, Plan } from "@acteon/rules";
import type { Dispatch } from "../dispatch.ts";
import type { HandlerVerdict, Ports, Step } from "../ports.ts";

/** Stage 2: how far the rules get without the store (`design.md` §9, 2). */
export function plan(dispatch: Dispatch, ports: Ports): Step {
  if (isTooLate(dispatch, ports)) return fail(dispatch, new DeadlineExceededError());
  const first = dispatch.slice.rules.plan(dispatch.action, dispatch.slice.environment);
  dispatch.plan = first;
  return follow(dispatch, ports, first);
}

/** Where a plan leads: to the store for values, to a decision, or to waiting for an async native rule. */
export function follow(dispatch: Dispatch, ports: Ports, next: Plan): Step {
  switch (next.kind) {
    case "known":
      return decided(dispatch, ports, next.decision);
    case "reads":
      if (dispatch.slice.options.dryRun) return preview(dispatch, next);
      if (!dispatch.locked) dispatch.plan = next; // what `open` begins with, again if the lock is busy
      else dispatch.round = next;
      return dispatch.locked ? "decide" : "open";
    case "waits":
      next.plan.then(
        (resumed) => ports.advance(dispatch, () => follow(dispatch, ports, resumed)),
        (error: unknown) => ports.advance(dispatch, fail(dispatch, new InternalError("async rule", { cause: error }))),
      );
      return "wait";
  }
}

function preview(dispatch: Dispatch, next: Plan): Step {
  dispatch.round = next;
  return "preview";
}

/** The verdict is certain, but for the gates on the way. */
function decided(dispatch: Dispatch, ports: Ports, decision: Decision): Step {
  dispatch.decision = decision;
  const { end } = decision;
  dispatch.rule = end.rule;
  switch (end.kind) {
    case "error":
      ports.counters.ruleErrors++;
      return fail(dispatch, new RuleError(end.rule, end.message));
    case "custom":
      return askHandler(dispatch, ports, decision, end);
    case "suppress":
      dispatch.verdict = end.verdict;
      if (dispatch.slice.options.dryRun) return "preview";
      return answer(dispatch, { kind: "suppressed", rule: end.rule.name, reason: end.reason });
    case "execute":
      return toExecute(dispatch, ports, end);
  }
}

function toExecute(dispatch: Dispatch, ports: Ports, end: End & { kind: "execute" }): Step {
  dispatch.verdict = end.verdict;
  const name = end.rerouteTo ?? dispatch.action.provider;
  dispatch.provider = ports.providers.get(name);
  if (dispatch.slice.options.dryRun) return "preview";
  if (dispatch.provider === undefined) {
    if (end.rerouteTo !== undefined) return fail(dispatch, new ProviderNotFoundError(name));
    const error = { code: "PROVIDER_NOT_FOUND", message: `provider not found: ${name}`, retryable: false } as const;
    return answer(dispatch, { kind: "failed", error, attempts: 0 });
  }
  return dispatch.locked ? "settle" : "open";
}

function askHandler(dispatch: Dispatch, ports: Ports, decision: Decision, end: End & { kind: "custom" }): Step {
  const handler = ports.handlers.get(end.handler);
  if (handler === undefined) {
    return fail(dispatch, new RuleError(end.rule, `no handler is registered under the name \`${end.handler}\``));
  }
  const said = (verdict: HandlerVerdict): Step =>
    decided(dispatch, ports, { ...decision, end: handlerEnd(verdict, end.rule) });
  const failed = (error: unknown): Step =>
    fail(dispatch, new RuleError(end.rule, `handler \`${end.handler}\` failed`, { cause: error }));
  try {
    const verdict = handler(dispatch.action, end.params);
    if (!(verdict instanceof Promise)) return said(verdict);
    verdict.then(
      (value) => ports.advance(dispatch, () => said(value)),
      (error: unknown) => ports.advance(dispatch, failed(error)),
    );
    return "wait";
  } catch (error) {
    return failed(error);
  }
}

function handlerEnd(verdict: HandlerVerdict, rule: RuleRef): End {
  switch (verdict.kind) {
    case "allow":
      return {
        kind: "execute",
        verdict: verdict.payload === undefined ? "allow" : "modify",
        rule,
        rerouteTo: undefined,
        payload: verdict.payload,
      };
    case "reroute":
      return { kind: "execute", verdict: "reroute", rule, rerouteTo: verdict.to, payload: undefined };
    case "suppress":
    case "deny":
      return { kind: "suppress", verdict: verdict.kind, rule, reason: verdict.reason, markMs: undefined };
  }
}

/** The dispatch ends with this outcome and nothing is executed. */
export function answer(dispatch: Dispatch, outcome: ActionOutcome): Step {
  dispatch.outcome = outcome;
  return "close";
}

/** The dispatch ends without an outcome. */
export function fail(dispatch: Dispatch, error: ActeonError): Step {
  dispatch.error = error;
  return "close";
}

/** Past its deadline, or its caller has left; asked only while nothing is claimed (guarantees O3). */
export function isTooLate({ slice: { options } }: Dispatch, ports: Ports): boolean {
  if (options.signal?.aborted) return true;
  return options.deadlineMs !== undefined && ports.clock.monotonicMs() >= options.deadlineMs;
}
