import type { Clock, Failure, Random } from "@acteon/core";
import { failure } from "@acteon/provider";
import type { ProviderResult } from "@acteon/provider";
import type { AbortHub } from "./abort-hub.ts";
import { cutOffEnd, endOfReturned, endOfThrown, errorText } from "./attempt-end.ts";
import type { AttemptEnd } from "./attempt-end.ts";
import type { AttemptRecord, ExecutionResult, ProviderCall } from "./executor-api.ts";
import type { ExecutorPolicy } from "./executor-policy.ts";
import type { Lane } from "./lane.ts";
import { LiveAttempt } from "./live-attempt.ts";
import { held, mustHold, nextStep } from "./next-step.ts";
import type { NextStep } from "./next-step.ts";

export interface ExecutionPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: ExecutorPolicy;
  readonly hub: AbortHub;
  /** Unix epoch, ms, of an instant of the monotonic clock. */
  readonly wallMs: (monotonicMs: number) => number;
  readonly onCrash: (provider: string, error: unknown) => void;
}

/** What follows, as `nextStep` or the end of a wait says it. */
type Step =
  | NextStep
  | { readonly kind: "lost" }
  | { readonly kind: "parked"; readonly delayMs: number; readonly failure: Failure };

/** What ended a wait. */
type Woken = "due" | "lost" | "draining";

/**
 * One execution, from its first call on. As long as nothing waits it is carried through at once; then by promises:
 *
 *     turn → attempt → answered | failed | dead
 *      ↑        ↓
 *      └── backoff, budget          `lost` from anywhere; `parked` from any wait, when draining
 */
export class Execution {
  readonly #call: ProviderCall;
  readonly #lane: Lane;
  readonly #ports: ExecutionPorts;
  readonly #startedMs: number;
  readonly #deadlineMs: number;
  #attempts: readonly AttemptRecord[] = [];
  /** Monotonic: start of the earliest attempt that may have had its effect. */
  #ambiguousSinceMs: number | undefined = undefined;
  /** Monotonic: the last time that was read. */
  #nowMs: number;

  constructor(call: ProviderCall, lane: Lane, ports: ExecutionPorts) {
    const nowMs = ports.clock.monotonicMs();
    this.#call = call;
    this.#lane = lane;
    this.#ports = ports;
    this.#startedMs = nowMs;
    this.#nowMs = nowMs;
    this.#deadlineMs = Math.min(call.deadlineMs ?? Infinity, nowMs + ports.policy.totalTimeoutMs);
    if (call.ambiguousSinceAtMs !== undefined) {
      this.#ambiguousSinceMs = nowMs - (ports.wallMs(nowMs) - call.ambiguousSinceAtMs);
    }
  }

  begin(): ExecutionResult | Promise<ExecutionResult> {
    const lane = this.#lane;
    lane.budget.countFirst(this.#nowMs);
    if (!lane.free) return lane.full ? this.#result(refusedStep) : this.#goOn(this.#inTurn(notCalled));
    lane.take();
    const step = this.#attempt(notCalled);
    if (step instanceof Promise) return this.#goOn(step.finally(() => lane.leave()));
    lane.leave();
    return step.kind === "retry" ? this.#goOn(step) : this.#result(step);
  }

  async #goOn(first: Step | Promise<Step>): Promise<ExecutionResult> {
    let step = await first;
    while (step.kind === "retry") step = await this.#retry(step);
    return this.#result(step);
  }

  /** Waits until a retry is due, and further while the budget is used up (guarantees O4). */
  async #retry({ delayMs, failure }: NextStep & { readonly kind: "retry" }): Promise<Step> {
    let waitMs = delayMs;
    do {
      const dueMs = this.#readClock() + waitMs;
      const woken = await this.#wait((due) => this.#ports.clock.after(waitMs, due));
      if (woken === "lost") return lost;
      if (woken === "draining") return { kind: "parked", delayMs: Math.max(0, dueMs - this.#readClock()), failure };
      waitMs = this.#lane.budget.takeRetry(this.#readClock());
    } while (waitMs > 0);
    return this.#inTurn(failure);
  }

  /** One attempt, as soon as there is a place. @param failure Of the attempt before, or `notCalled`. */
  async #inTurn(failure: Failure): Promise<Step> {
    const lane = this.#lane;
    if (lane.free) lane.take();
    else {
      const woken = await this.#wait((due) => lane.wait(due));
      if (woken === "lost") return lost;
      if (woken === "draining") return { kind: "parked", delayMs: 0, failure };
    }
    try {
      this.#readClock();
      if (this.#attempts.length > 0 && !(await this.#mayRetry())) return lost;
      return await this.#attempt(failure);
    } finally {
      lane.leave();
    }
  }

  async #mayRetry(): Promise<boolean> {
    try {
      return await this.#call.beforeRetry(this.#nextNumber);
    } catch {
      return false; // the record may lag behind: whoever finds it goes on, as after a loss
    } finally {
      this.#readClock();
    }
  }

  /** Calls the provider, in a place that the caller took and gives back. */
  #attempt(lastFailure: Failure): Step | Promise<Step> {
    const { provider, action } = this.#call;
    const startedMs = this.#nowMs;
    if (startedMs >= this.#deadlineMs) {
      const outcomeUnknown = this.#ambiguousSinceMs !== undefined;
      return { kind: "dead", reason: "deadline", failure: lastFailure, outcomeUnknown };
    }
    if (mustHold({ provider, ambiguousSinceMs: this.#ambiguousSinceMs }, startedMs)) return held(lastFailure);
    // Guarantees L5: nothing stands between this and the call. Its signal is not asked, which most calls never need to make:
    // a lock that is lost cannot be proven held.
    if (!this.#call.mayCall(startedMs)) return lost;
    const attempt = new LiveAttempt(this.#call, this.#nextNumber);
    let returned: ProviderResult | Promise<ProviderResult>;
    try {
      returned = provider.execute(action, attempt);
    } catch (error) {
      return this.#judge(endOfThrown(error, undefined), startedMs);
    }
    if (!(returned instanceof Promise)) return this.#judge(endOfReturned(returned), startedMs);
    return this.#whenEnded(returned, attempt, startedMs);
  }

  /**
   * The end of an attempt under way. Once it is cut off, its provider has the rest of the turn to say whether the request
   * had left; one that does not listen is left behind, and its answer, if it still comes, is nobody's.
   */
  #whenEnded(returned: Promise<ProviderResult>, attempt: LiveAttempt, startedMs: number): Promise<Step> {
    const { clock, hub, policy } = this.#ports;
    return new Promise((resolve) => {
      let cut: "timeout" | "lost" | undefined;
      let open = true;
      const finish = (end: AttemptEnd): void => {
        if (!open) return;
        open = false;
        cancelTimeout();
        forgetSignal();
        const step = this.#judge(end, startedMs);
        resolve(cut === "lost" && end.kind !== "answered" ? lost : step);
      };
      const cutOff = (why: "timeout" | "lost"): void => {
        cut ??= why;
        attempt.abort();
        clock.defer(() => finish(cutOffEnd));
      };
      const timeoutMs = Math.min(policy.attemptTimeoutMs, this.#startedMs + policy.totalTimeoutMs - startedMs);
      const cancelTimeout = clock.after(timeoutMs, () => cutOff("timeout"));
      const forgetSignal = hub.onAbort(this.#call.signal, () => cutOff("lost"));
      returned.then(
        (result) => finish(endOfReturned(result)),
        (error: unknown) => finish(endOfThrown(error, cut)),
      );
    });
  }

  /** Puts an ended attempt on record, and says what follows on it. */
  #judge(end: AttemptEnd, startedMs: number): Step {
    const { provider } = this.#call;
    const { onCrash, policy, random, wallMs } = this.#ports;
    const nowMs = this.#readClock();
    const startedAtMs = wallMs(startedMs);
    const durationMs = wholeMicros(nowMs - startedMs);
    this.#lane.meter.record(durationMs, errorText(end), startedAtMs, nowMs);
    const result = end.kind === "answered" ? "answered" : end.failure.code;
    const record = { number: this.#nextNumber, provider: provider.name, startedAtMs, durationMs, result } as const;
    // Nearly all have one attempt, for which a list that grows would take room for seventeen.
    this.#attempts = this.#attempts.length === 0 ? [record] : [...this.#attempts, record];
    if (end.kind === "answered") return end;
    if (end.kind === "crashed") onCrash(provider.name, end.error);
    if (end.kind === "crashed" || (end.kind === "silent" && end.sent)) this.#ambiguousSinceMs ??= startedMs;
    return nextStep(end, {
      provider,
      policy,
      attempts: this.#nextNumber - 1,
      ambiguousSinceMs: this.#ambiguousSinceMs,
      nowMs,
      deadlineMs: this.#deadlineMs,
      random,
    });
  }

  /** Waits for what `begin` calls back, unless the lock is lost or a drain begins before. */
  async #wait(begin: (due: () => void) => () => void): Promise<Woken> {
    const { signal, draining } = this.#call;
    const { hub } = this.#ports;
    if (signal.aborted) return "lost";
    if (draining.aborted) return "draining";
    this.#lane.waiting += 1;
    const woken = await new Promise<Woken>((resolve) => {
      const wake = (why: Woken) => () => {
        cancel();
        forgetSignal();
        forgetDraining();
        resolve(why);
      };
      const forgetSignal = hub.onAbort(signal, wake("lost"));
      const forgetDraining = hub.onAbort(draining, wake("draining"));
      const cancel = begin(wake("due"));
    });
    this.#lane.waiting -= 1;
    return woken;
  }

  #result(step: Exclude<Step, { readonly kind: "retry" }>): ExecutionResult {
    const attempts = this.#attempts;
    const durationMs = wholeMicros(this.#nowMs - this.#startedMs);
    switch (step.kind) {
      case "answered":
        return { kind: "answered", response: step.response, attempts, durationMs };
      case "parked": {
        const { wallMs } = this.#ports;
        const nextAtMs = wallMs(this.#nowMs + step.delayMs);
        const ambiguousSinceAtMs = this.#ambiguousSinceMs === undefined ? undefined : wallMs(this.#ambiguousSinceMs);
        return { kind: "parked", nextAtMs, failure: step.failure, ambiguousSinceAtMs, attempts, durationMs };
      }
      default:
        return { ...step, attempts, durationMs };
    }
  }

  get #nextNumber(): number {
    return this.#call.attemptsBefore + this.#attempts.length + 1;
  }

  #readClock(): number {
    return (this.#nowMs = this.#ports.clock.monotonicMs());
  }
}

/** Ms to the µs: no clock is finer, and a record with 17 digits takes longer to write. */
function wholeMicros(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

const lost: Step & { readonly kind: "lost" } = { kind: "lost" };

const notCalled: Failure = failure("TIMEOUT", "not called in time");

const refusedStep: Step & { readonly kind: "failed" } = {
  kind: "failed",
  failure: failure("RATE_LIMITED", "too many actions wait for this provider"),
};
