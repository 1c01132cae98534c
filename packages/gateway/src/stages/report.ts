import { InternalError } from "@acteon/core";
import { auditRecordOf } from "../audit-record-of.ts";
import type { Dispatch } from "../dispatch.ts";
import type { Ports, Step } from "../ports.ts";

/** The last stage: the outcome to the caller, the record to the trail, and the next of this identity through the door. */
export function report(dispatch: Dispatch, ports: Ports): Step {
  if (!dispatch.delivered) deliver(dispatch, ports);
  const next = ports.door.leave(dispatch);
  ports.inFlight.end();
  if (next !== undefined) {
    next.cancelWait?.();
    next.cancelWait = undefined;
    ports.advance(next, "plan");
  }
  return "wait";
}

export function deliver(dispatch: Dispatch, ports: Ports): void {
  const { outcome, rule, replayed } = dispatch;
  dispatch.delivered = true;
  ports.failpoint?.("C10-before-reply", dispatch.id);
  if (outcome === undefined) {
    ports.counters.refused++;
    const error = dispatch.error ?? new InternalError("a dispatch ended without an outcome");
    dispatch.receiver.deliver(dispatch.index, { kind: "refused", error });
    return;
  }
  ports.counters.count(outcome);
  dispatch.receiver.deliver(dispatch.index, { kind: "outcome", outcome, rule, replayed });
  if (outcome.kind === "dryRun" || dispatch.recordedElsewhere) return;
  if (ports.audit !== undefined) {
    const isPending = dispatch.record !== undefined; // `close` has written its A
    dispatch.record ??= auditRecordOf(dispatch, ports);
    ports.audit.record(dispatch.record, isPending);
  }
  ports.onRecord?.(dispatch.record ?? auditRecordOf(dispatch, ports));
}
