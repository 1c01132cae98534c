import { StaleTokenError, type ActionOutcome } from "@acteon/core";
import { encodeAuditRecord } from "@acteon/audit";
import type { GroupResult, StateOperation } from "@acteon/state";
import { auditRecordOf } from "../audit-record-of.ts";
import { digestOf, idempotencyEntry, prepareWork, releaseLock } from "../claim.ts";
import type { Dispatch, Ending } from "../dispatch.ts";
import type { Ports, Step } from "../ports.ts";
import {
  decodeDedup,
  decodeIdempotency,
  encodeDeadLetter,
  encodeDedup,
  encodeExecution,
  encodeIdempotency,
} from "../records.ts";
import { deliver } from "./report.ts";

/**
 * Stage 9: one group that ends the execution (`design.md` §9, 9). A recorded one begins with E at the version this
 * execution last wrote: that is the fence, and a late writer is refused as a whole.
 */
export function close(dispatch: Dispatch, ports: Ports): Step {
  const { ending } = dispatch;
  if (dispatch.recordVersion !== undefined) return closeRecorded(dispatch, ports, ending ?? { kind: "lost" });
  if (ending?.kind === "dead") return closeDeadPlain(dispatch, ports, ending);
  const group = notExecuted(dispatch, ports);
  if (group.length === 0) return "report";
  if (ending !== undefined || (group.length === 1 && dispatch.locked)) {
    // A plain caller's reply does not wait for the release; the door does.
    deliver(dispatch, ports);
    ports.queue.push(group, dispatch, released);
    return "wait";
  }
  ports.queue.push(group, dispatch, answerStored);
  return "wait";
}

/** Not executed, or plain: the answer under an `Idempotency-Key`, the mark of a `suppress`, the lock. */
function notExecuted(dispatch: Dispatch, ports: Ports): StateOperation[] {
  // Nearly always that is the release alone, and a list of one takes the least room.
  const group: StateOperation[] = dispatch.locked ? [releaseLock(dispatch)] : [];
  const { outcome, decision } = dispatch;
  const end = decision?.end;
  if (end?.kind === "suppress" && end.markMs !== undefined && outcome?.kind === "suppressed") {
    const key = ports.keys.suppression(dispatch.scope, end.rule.name);
    group.unshift({ op: "set", key, value: "1", ttlMs: end.markMs });
  }
  if (dispatch.keyed && outcome !== undefined && !dispatch.replayed && !asksForRetry(outcome)) {
    const value = answerEntry(dispatch, outcome);
    group.unshift({
      op: "checkAndSet",
      key: idempotencyEntry(dispatch, ports),
      value,
      ttlMs: ports.settings.idempotencyTtlMs,
    });
  }
  return group;
}

/** Never stored as an answer: what asks the caller to send again (`design.md` §9, 3). */
function asksForRetry(outcome: ActionOutcome): boolean {
  return outcome.kind === "throttled" || (outcome.kind === "failed" && outcome.error.retryable);
}

function answerEntry(dispatch: Dispatch, outcome: ActionOutcome): string {
  const answer = { outcome, rule: dispatch.rule };
  return encodeIdempotency({
    digest: digestOf(dispatch),
    execution: dispatch.id,
    atMs: dispatch.slice.arrivedAtMs,
    answer,
  });
}

function released(dispatch: Dispatch): void {
  dispatch.locked = false; // an unanswered release leaves the lock to its lease
  dispatch.ports.advance(dispatch, "report");
}

function answerStored(dispatch: Dispatch, result: GroupResult | undefined): void {
  const { ports } = dispatch;
  ports.failpoint?.("C5-verdict-written", dispatch.id);
  // Refused: another request with this key was answered first; silence: the answer is not kept, and a repeat is decided
  // again. Neither changes what was decided here.
  if (result?.kind === "refused" && dispatch.locked) {
    ports.queue.push([releaseLock(dispatch)], dispatch, released);
    return;
  }
  released(dispatch);
}

function closeRecorded(dispatch: Dispatch, ports: Ports, ending: Ending): Step {
  const group = recordedGroup(dispatch, ports, ending);
  if (ending.kind === "dead") ports.failpoint?.("C12-before-dead-letter", dispatch.id);
  ports.queue.push(group, dispatch, closedRecorded);
  return "wait";
}

function recordedGroup(dispatch: Dispatch, ports: Ports, ending: Ending): StateOperation[] {
  const { executionKey: key, recordVersion: expected, work } = dispatch;
  if (key === undefined || expected === undefined || work === undefined) throw new TypeError("no record to close");
  const release = releaseLock(dispatch);
  if (ending.kind === "lost") return [release];
  if (ending.kind === "parked") {
    const attempt = dispatch.attemptsBefore + dispatch.attempts.length + 1;
    const value = encodeExecution(dispatch.id, attempt, dispatch.workText, ending);
    return [{ op: "compareAndSwap", key, expected, value }, release];
  }
  const group: StateOperation[] = [{ op: "delete", key, expected }];
  if (ending.kind === "dead") group.push(putDeadLetter(dispatch, ports, ending));
  for (const dedup of work.dedup) group.push(endOfDedup(dispatch, ports, ending, dedup));
  if (dispatch.keyed && dispatch.outcome !== undefined) {
    const value = answerEntry(dispatch, dispatch.outcome);
    group.push({ op: "set", key: idempotencyEntry(dispatch, ports), value, ttlMs: ports.settings.idempotencyTtlMs });
  }
  if (ports.audit !== undefined) {
    dispatch.record = auditRecordOf(dispatch, ports);
    const value = encodeAuditRecord(dispatch.record);
    group.push({ op: "set", key: ports.keys.pendingAudit(dispatch.scope, dispatch.record.id), value });
  }
  group.push(release);
  return group;
}

function endOfDedup(
  dispatch: Dispatch,
  ports: Ports,
  ending: Ending,
  { key, ttlMs }: { readonly key: string; readonly ttlMs: number | undefined },
): StateOperation {
  const entry = ports.keys.dedup(dispatch.scope, key);
  if (ending.kind === "failed") return { op: "delete", key: entry };
  const state = ending.kind === "committed" ? "committed" : "kept";
  const value = encodeDedup({
    state,
    execution: dispatch.id,
    identity: dispatch.lock.text,
    atMs: dispatch.slice.arrivedAtMs,
  });
  return { op: "set", key: entry, value, ttlMs: state === "committed" ? ttlMs : undefined };
}

function putDeadLetter(dispatch: Dispatch, ports: Ports, ending: Ending & { kind: "dead" }): StateOperation {
  const letter = {
    execution: dispatch.id,
    reason: ending.reason,
    outcomeUnknown: ending.outcomeUnknown,
    error: { code: ending.failure.code, message: ending.failure.message },
    attempts: dispatch.attemptsBefore + dispatch.attempts.length,
    diedAtMs: ports.clock.nowMs(),
  };
  ports.counters.deadLettered++;
  const value = encodeDeadLetter(letter, dispatch.workText);
  return { op: "set", key: ports.keys.deadLetter(dispatch.scope, dispatch.id), value };
}

/** A plain execution has no record, but its dead letter is as durable as any other. */
function closeDeadPlain(dispatch: Dispatch, ports: Ports, ending: Ending & { kind: "dead" }): Step {
  prepareWork(dispatch, ports);
  const group = [putDeadLetter(dispatch, ports, ending), ...notExecuted(dispatch, ports)];
  ports.failpoint?.("C12-before-dead-letter", dispatch.id);
  ports.queue.push(group, dispatch, closedRecorded);
  return "wait";
}

function closedRecorded(dispatch: Dispatch, result: GroupResult | undefined): void {
  const { ports } = dispatch;
  if (result === undefined) return retryClose(dispatch, ports);
  dispatch.locked = false;
  if (result.kind === "refused" || dispatch.ending?.kind === "lost") return tookOver(dispatch, ports);
  if (dispatch.ending?.kind === "dead") ports.failpoint?.("C12-dead-lettered", dispatch.id);
  if (dispatch.ending?.kind === "committed") ports.failpoint?.("C9-committed", dispatch.id);
  if (dispatch.record !== undefined) ports.pendingAudit.added(dispatch.scope, dispatch.record.id);
  ports.advance(dispatch, "report");
}

/** C20: the commit is tried again while the lease is provable, then given up: E tells the next holder (guarantees G4). */
function retryClose(dispatch: Dispatch, ports: Ports): void {
  dispatch.unanswered = true;
  const leftMs = dispatch.validUntilMs - ports.clock.monotonicMs();
  if (leftMs <= 0) {
    dispatch.outcome = undefined;
    dispatch.error = new StaleTokenError();
    ports.queue.push([releaseLock(dispatch)], dispatch, released);
    return;
  }
  const delayMs = Math.min(leftMs, 25 + ports.random.next() * 375);
  ports.clock.after(delayMs, () => ports.advance(dispatch, "close"));
}

/**
 * The close was refused: E is not ours any more. If an earlier try of it went without an answer it may have taken effect,
 * and what it wrote says so; otherwise someone took over, and the caller gets the answer that is there, or none.
 */
function tookOver(dispatch: Dispatch, ports: Ports): void {
  const { scope, work } = dispatch;
  const gets: StateOperation[] = [{ op: "get", key: ports.keys.pendingAudit(scope, dispatch.auditId) }];
  if (dispatch.keyed) gets.push({ op: "get", key: idempotencyEntry(dispatch, ports) });
  for (const { key } of work?.dedup ?? []) gets.push({ op: "get", key: ports.keys.dedup(scope, key) });
  ports.queue.push(gets, dispatch, (_, result) => {
    const found = result?.kind === "done" ? result.results : [];
    const values = found.map((entry) => (entry.kind === "found" ? entry.value : undefined));
    const [audited, ...rest] = values;
    const answered = dispatch.keyed && rest[0] !== undefined ? decodeIdempotency(rest[0]) : undefined;
    const committed = rest.slice(dispatch.keyed ? 1 : 0).some((value) => {
      const record = value === undefined ? undefined : decodeDedup(value);
      return record?.execution === dispatch.id && record.state === "committed";
    });
    const ours = dispatch.unanswered && (audited !== undefined || committed || answered?.execution === dispatch.id);
    if (!ours) {
      auditLateAnswer(dispatch, ports);
      dispatch.outcome = answered?.answer?.outcome;
      dispatch.rule = answered?.answer?.rule;
      if (dispatch.outcome === undefined) dispatch.error = new StaleTokenError();
    }
    ports.advance(dispatch, "report");
  });
}

/** The answer that came too late, under an id of its own: the execution's row is its new holder's (guarantees C19). */
function auditLateAnswer(dispatch: Dispatch, ports: Ports): void {
  ports.counters.lateAnswers++;
  dispatch.recordedElsewhere = true;
  if (dispatch.outcome === undefined) return;
  ports.audit?.record({ ...auditRecordOf(dispatch, ports), id: ports.random.uuid(), lateAnswer: true });
}
