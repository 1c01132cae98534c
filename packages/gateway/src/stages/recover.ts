import { actionDigest, LockTimeoutError } from "@acteon/core";
import type { GroupResult, StateOperation, Version } from "@acteon/state";
import { digestOf, idempotencyKeyOf, releaseLock } from "../claim.ts";
import { Dispatch, type Receiver } from "../dispatch.ts";
import type { DispatchResult } from "../gateway-api.ts";
import type { Ports, Step } from "../ports.ts";
import { decodeExecution, encodeExecution, encodeWork, type ExecutionRecord } from "../records.ts";
import { lockTaken } from "./open.ts";
import { fail } from "./plan.ts";
import { inProgress } from "./refused.ts";
import { silence } from "./silence.ts";

const maxRecoveries = 4;

/**
 * Stage 7: an earlier execution of this identity is unfinished and its lock was free, so its holder is dead or lost
 * (`design.md` §9, 7). Takes the lock and finishes that execution first; this dispatch joins it or starts anew after it.
 */
export function recover(dispatch: Dispatch, ports: Ports): Step {
  if (dispatch.recoveries++ >= maxRecoveries) return fail(dispatch, new LockTimeoutError(ports.settings.waitMs));
  if (dispatch.locked) {
    // From `settle`: the lock is ours already; let it go, so that one way leads on.
    dispatch.locked = false;
    ports.queue.push([releaseLock(dispatch)], dispatch, () => ports.advance(dispatch, takeOver(dispatch, ports)));
    return "wait";
  }
  return takeOver(dispatch, ports);
}

function takeOver(dispatch: Dispatch, ports: Ports): Step {
  const owner = ports.random.uuid();
  const sentMs = ports.clock.monotonicMs();
  ports.queue.push(takeOverGroup(dispatch, ports, owner), dispatch, (_, result) => {
    if (result === undefined) return ports.advance(dispatch, silence(dispatch, ports));
    if (result.kind === "refused") return ports.advance(dispatch, dispatch.keyed ? inProgressOrBusy(dispatch) : "busy");
    const found = result.results[1];
    if (found?.kind !== "found") return letGo(dispatch, ports, owner);
    const earlier = resumed(ports, decodeExecution(found.value), found.version, {
      dispatch,
      owner,
      sentMs,
      receiver: joined(dispatch, ports, found.value),
    });
    finishEarlier(earlier, ports, decodeExecution(found.value));
  });
  return "wait";
}

/** The lock is another's after all: the first is running, which a keyed arrival does not wait for. */
function inProgressOrBusy(dispatch: Dispatch): Step {
  return dispatch.lookedForAnswer ? "busy" : inProgress(dispatch);
}

function takeOverGroup(dispatch: Dispatch, ports: Ports, owner: string): StateOperation[] {
  return [
    { op: "acquire", lock: dispatch.lock, owner, leaseMs: ports.settings.leaseMs },
    { op: "get", key: ports.keys.execution(dispatch.scope, dispatch.action) },
  ];
}

/** No record: what refused the claim ended meanwhile, or a failover forgot E alone; then its leftover goes, by its version. */
function letGo(dispatch: Dispatch, ports: Ports, owner: string): void {
  const release: StateOperation = { op: "release", lock: dispatch.lock, owner };
  const again = (): void => ports.advance(dispatch, "open");
  const { blocker } = dispatch;
  if (blocker === undefined) return ports.queue.push([release], dispatch, again);
  dispatch.blocker = undefined;
  ports.queue.push([{ op: "delete", key: blocker.key, expected: blocker.version }, release], dispatch, (_, result) => {
    if (result?.kind === "done") return again();
    ports.queue.push([release], dispatch, again);
  });
}

/**
 * An arrival joins the earlier execution when it asks for the same: E's digest and `Idempotency-Key`, or neither with one.
 * Any other sends its refused claim again.
 */
function joined(dispatch: Dispatch, ports: Ports, value: string): Receiver {
  const { work } = decodeExecution(value);
  const digest = work.digest ?? actionDigest(work.action);
  const joins = digest === digestOf(dispatch) && work.idempotencyKey === idempotencyKeyOf(dispatch);
  return {
    deliver(_, result: DispatchResult) {
      if (!joins) return ports.advance(dispatch, "open");
      if (result.kind === "refused") return ports.advance(dispatch, fail(dispatch, result.error));
      dispatch.recordedElsewhere = true;
      dispatch.outcome = result.outcome;
      dispatch.rule = result.rule;
      ports.advance(dispatch, "report");
    },
  };
}

/** A dispatch that carries on an execution found in the store: same execution id, same idempotency key, a lock owner of its own. */
export function resumed(
  ports: Ports,
  record: Pick<ExecutionRecord, "execution" | "work">,
  version: Version,
  from: {
    readonly dispatch: Pick<Dispatch, "scope" | "lock" | "slice">;
    readonly owner: string;
    readonly sentMs: number;
    readonly receiver: Receiver;
  },
): Dispatch {
  const { work } = record;
  const { scope, lock, slice } = from.dispatch;
  const own = {
    ...slice,
    options: { idempotencyKey: work.idempotencyKey },
    arrivedAtMs: work.dispatchedAtMs,
    single: true,
  };
  ports.inFlight.begin(1);
  const earlier = new Dispatch(record.execution, from.owner, work.action, scope, lock, own, from.receiver, 0, ports);
  earlier.lockSentMs = from.sentMs;
  lockTaken(earlier, ports);
  earlier.executionKey = ports.keys.execution(scope, work.action);
  earlier.recordVersion = version;
  earlier.work = work;
  earlier.workText = encodeWork(work);
  earlier.digest = work.digest;
  earlier.auditId = work.auditId;
  earlier.verdict = work.verdict;
  earlier.rule = work.rule;
  earlier.provider = ports.providers.get(work.provider);
  return earlier;
}

/** By G4: `retry` makes another attempt under the same key; `hold` leaves it to a person. */
export function finishEarlier(earlier: Dispatch, ports: Ports, record: ExecutionRecord): void {
  ports.counters.recovered++;
  const ambiguous = record.state === "executing";
  earlier.attemptsBefore = ambiguous ? record.attempt : record.attempt - 1;
  // When its attempt began is not known; it was not before the dispatch.
  earlier.ambiguousSinceAtMs = ambiguous ? record.work.dispatchedAtMs : record.ambiguousSinceAtMs;
  const { provider, executionKey, recordVersion } = earlier;
  if (provider === undefined) {
    return dieUnknown(earlier, ports, `provider not found: ${record.work.provider}`);
  }
  if (ambiguous && provider.onAmbiguous === "hold") {
    return dieUnknown(earlier, ports, "its holder was lost after the request may have been sent");
  }
  const value = encodeExecution(earlier.id, earlier.attemptsBefore + 1, earlier.workText);
  const swap = { op: "compareAndSwap", key: executionKey, expected: recordVersion, value } as StateOperation;
  ports.queue.push([swap], earlier, (_, result: GroupResult | undefined) => {
    if (result === undefined) return ports.advance(earlier, silence(earlier, ports));
    const written = result.kind === "done" ? result.results[0] : undefined;
    if (written?.kind !== "stored") {
      earlier.recordVersion = undefined; // someone else was faster
      return ports.advance(earlier, fail(earlier, new LockTimeoutError(ports.settings.waitMs)));
    }
    earlier.recordVersion = written.version;
    ports.advance(earlier, "execute");
  });
}

function dieUnknown(earlier: Dispatch, ports: Ports, message: string): void {
  const failure = { code: "OUTCOME_UNKNOWN", message, retryable: false } as const;
  earlier.ending = { kind: "dead", reason: "outcome_unknown", failure, outcomeUnknown: true };
  earlier.outcome = { kind: "failed", error: failure, attempts: earlier.attemptsBefore };
  ports.advance(earlier, "close");
}
