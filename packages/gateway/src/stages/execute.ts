import {
  idempotencyKeyOf as providerKeyOf,
  DrainingError,
  StaleTokenError,
  type Action,
  type ActionOutcome,
} from "@acteon/core";
import type { ExecutionResult, ProviderCall } from "@acteon/executor";
import type { Provider } from "@acteon/provider";
import type { Dispatch } from "../dispatch.ts";
import type { Ports, Step } from "../ports.ts";
import { encodeExecution } from "../records.ts";

/** Stage 8: the provider, through the executor. No state traffic on the first attempt (`design.md` §9, 8). */
export function execute(dispatch: Dispatch, ports: Ports): Step {
  ports.failpoint?.("C6-before-call", dispatch.id);
  const call = new GuardedCall(dispatch, ports);
  const result = ports.executor.execute(call);
  if (!(result instanceof Promise)) return executed(dispatch, ports, result);
  ports.leases.watch(dispatch, () => call.abort());
  ports.failpoint?.("C7-request-sent", dispatch.id);
  void result.then((settled) => {
    ports.leases.unwatch(dispatch);
    ports.advance(dispatch, () => executed(dispatch, ports, settled));
  });
  return "wait";
}

function executed(dispatch: Dispatch, ports: Ports, result: ExecutionResult): Step {
  ports.failpoint?.("C8-answer-read", dispatch.id);
  dispatch.attempts = result.attempts;
  const attempts = dispatch.attemptsBefore + result.attempts.length;
  switch (result.kind) {
    case "answered":
      // An answer of status `failure` gives the dedup key back, though the wire calls it Executed (guarantees G5).
      dispatch.ending = { kind: result.response.status === "failure" ? "failed" : "committed" };
      dispatch.outcome = answered(dispatch, result, attempts);
      return "close";
    case "failed":
      dispatch.ending = { kind: "failed" };
      dispatch.outcome = { kind: "failed", error: result.failure, attempts };
      return "close";
    case "dead":
      dispatch.ending = {
        kind: "dead",
        reason: result.reason,
        failure: result.failure,
        outcomeUnknown: result.outcomeUnknown,
      };
      dispatch.outcome = { kind: "failed", error: result.failure, attempts };
      return "close";
    case "lost":
      dispatch.ending = { kind: "lost" };
      dispatch.error = new StaleTokenError();
      return "close";
    case "parked":
      if (dispatch.recordVersion === undefined) {
        dispatch.ending = { kind: "failed" };
        dispatch.outcome = { kind: "failed", error: { ...result.failure, retryable: true }, attempts };
      } else {
        dispatch.ending = { kind: "parked", nextAtMs: result.nextAtMs, ambiguousSinceAtMs: result.ambiguousSinceAtMs };
        dispatch.error = new DrainingError();
      }
      return "close";
  }
}

function answered(dispatch: Dispatch, result: ExecutionResult & { kind: "answered" }, attempts: number): ActionOutcome {
  const { response, durationMs } = result;
  const to = dispatch.provider?.name ?? "";
  const from = dispatch.action.provider;
  if (dispatch.verdict !== "reroute") return { kind: "executed", response, durationMs, attempts };
  return { kind: "rerouted", from, to, response, durationMs, attempts };
}

/** What the executor may do with this execution, as long as its lock is provably held (guarantees L5). */
class GuardedCall implements ProviderCall {
  readonly provider: Provider;
  readonly action: Action;
  readonly attemptsBefore: number;
  readonly draining: AbortSignal;
  readonly deadlineMs: number | undefined;
  readonly #dispatch: Dispatch;
  readonly #ports: Ports;
  #abort: AbortController | undefined;
  #key: string | undefined;

  constructor(dispatch: Dispatch, ports: Ports) {
    const end = dispatch.decision?.end;
    const payload =
      dispatch.work === undefined ? (end?.kind === "execute" ? end.payload : undefined) : dispatch.work.payload;
    this.#dispatch = dispatch;
    this.#ports = ports;
    this.provider = dispatch.provider as Provider; // `open` is reached only with one
    this.action = payload === undefined ? dispatch.action : { ...dispatch.action, payload };
    this.attemptsBefore = dispatch.attemptsBefore;
    this.draining = ports.draining;
    // Claimed work goes on past its caller's deadline (guarantees O3): the executor's own total timeout bounds it.
    this.deadlineMs = undefined;
  }

  /** Made when a provider first asks: most calls that are answered at once never do. */
  get signal(): AbortSignal {
    return (this.#abort ??= new AbortController()).signal;
  }

  abort(): void {
    (this.#abort ??= new AbortController()).abort(new StaleTokenError());
  }

  idempotencyKey(): string {
    const { id, action } = this.#dispatch;
    return (this.#key ??= providerKeyOf(action, id, "0"));
  }

  get ambiguousSinceAtMs(): number | undefined {
    return this.#dispatch.ambiguousSinceAtMs;
  }

  mayCall(nowMs: number): boolean {
    return nowMs < this.#dispatch.validUntilMs;
  }

  async beforeRetry(attempt: number): Promise<boolean> {
    const dispatch = this.#dispatch;
    const { executionKey, recordVersion } = dispatch;
    this.#ports.failpoint?.("C11-in-backoff", dispatch.id);
    if (executionKey === undefined || recordVersion === undefined) return true;
    const value = encodeExecution(dispatch.id, attempt, dispatch.workText);
    const swap = { op: "compareAndSwap", key: executionKey, expected: recordVersion, value } as const;
    const result = await this.#ports.queue.send([swap]).catch(() => undefined);
    const written = result?.kind === "done" ? result.results[0] : undefined;
    if (written?.kind !== "stored") return false; // taken over, or unknown: E is for whoever holds the lock next
    dispatch.recordVersion = written.version;
    return true;
  }
}
