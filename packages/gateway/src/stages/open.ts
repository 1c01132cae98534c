import { AuditUnavailableError, DeadlineExceededError, DrainingError } from "@acteon/core";
import type { StateAnswer, StateRead } from "@acteon/rules";
import {
  provableUntilMs,
  type GroupResult,
  type OperationResult,
  type StateGroup,
  type StateKey,
  type StateOperation,
} from "@acteon/state";
import { acquireLock, claimGroup, isRecorded } from "../claim.ts";
import type { Dispatch } from "../dispatch.ts";
import type { Ports, Step } from "../ports.ts";
import { decodeDedup } from "../records.ts";
import { fail, follow, isTooLate } from "./plan.ts";
import { refused } from "./refused.ts";
import { silence } from "./silence.ts";

/** Stage 3: the lock, and with it either the whole claim or the reads that the rules asked for (`design.md` §9, 3). */
export function open(dispatch: Dispatch, ports: Ports): Step {
  if (isTooLate(dispatch, ports)) return fail(dispatch, new DeadlineExceededError());
  if (ports.draining.aborted) return fail(dispatch, new DrainingError());
  const plan = dispatch.plan;
  if (plan?.kind === "reads") return openToRead(dispatch, ports, plan.reads);
  if (isRecorded(dispatch, ports) && ports.settings.auditMode === "required" && ports.pendingAudit.full) {
    return fail(dispatch, new AuditUnavailableError("too many outcomes wait for the audit trail"));
  }
  ports.queue.push(claimGroup(dispatch, ports, true), dispatch, claimed);
  return "wait";
}

function claimed(dispatch: Dispatch, result: GroupResult | undefined): void {
  const { ports } = dispatch;
  if (result === undefined) return ports.advance(dispatch, silence(dispatch, ports));
  if (result.kind === "refused")
    return ports.advance(dispatch, refused(dispatch, ports, result.at, result.found, true));
  lockTaken(dispatch, ports);
  recordWritten(dispatch, ports, result.results);
  ports.advance(dispatch, "execute");
}

export function lockTaken(dispatch: Dispatch, ports: Ports): void {
  dispatch.locked = true;
  dispatch.validUntilMs = provableUntilMs(dispatch.lockSentMs, ports.settings.leaseMs);
  ports.counters.locksTaken++;
}

/** E is the last operation of a recorded claim: its version is this execution's fence. */
export function recordWritten(dispatch: Dispatch, ports: Ports, results: readonly OperationResult[]): void {
  if (dispatch.executionKey === undefined) return;
  const written = results[results.length - 1];
  if (written?.kind !== "stored") throw new TypeError(`a claim ended with ${written?.kind}`);
  dispatch.recordVersion = written.version;
  ports.failpoint?.("C2-record-written", dispatch.id);
}

/** The end is not known: the lock with the counting conditions in one group, each read in one of its own. */
function openToRead(dispatch: Dispatch, ports: Ports, reads: readonly StateRead[]): Step {
  const first: StateOperation[] = [acquireLock(dispatch, ports)];
  readAll(dispatch, ports, reads, first, (result, answers) => {
    if (result.kind === "refused") return refused(dispatch, ports, result.at, result.found, true);
    lockTaken(dispatch, ports);
    ports.failpoint?.("C3-lock-held", dispatch.id);
    return resume(dispatch, ports, answers);
  });
  return "wait";
}

export function resume(dispatch: Dispatch, ports: Ports, answers: readonly StateAnswer[]): Step {
  const waiting = dispatch.round ?? dispatch.plan;
  if (waiting?.kind !== "reads") throw new TypeError("values came that no rule asked for");
  dispatch.round = undefined;
  ports.failpoint?.("C4-values-read", dispatch.id);
  return follow(dispatch, ports, waiting.resume(answers));
}

/**
 * Sends `first`, with the counting conditions added to it, and every other read as a group of its own; calls `then` with
 * the result of `first` and the answers, in the order of `reads`.
 */
export function readAll(
  dispatch: Dispatch,
  ports: Ports,
  reads: readonly StateRead[],
  first: StateOperation[],
  then: (first: GroupResult, answers: readonly StateAnswer[]) => Step,
): void {
  const answers: StateAnswer[] = Array.from({ length: reads.length });
  /** Which operation of `first` answers a counting read: two rules that count under one key are charged once. */
  const counting: { readonly at: number; readonly operation: number }[] = [];
  const others: { readonly group: StateGroup; readonly at: number }[] = [];
  for (const [at, read] of reads.entries()) {
    if (read.kind === "count") {
      const key = readKey(dispatch, ports, read);
      const same = first.findIndex(
        (operation) => operation.op === "increment" && operation.key.fullText === key.fullText,
      );
      counting.push({ at, operation: same === -1 ? first.length : same });
      if (same === -1) first.push({ op: "increment", key, delta: 1, ttlMs: read.windowMs });
    } else others.push({ group: [{ op: "get", key: readKey(dispatch, ports, read) }], at });
  }
  let missing = others.length + (first.length > 0 ? 1 : 0);
  let firstResult: GroupResult = { kind: "done", results: [] };
  let silent = false;
  const arrived = (): void => {
    if (--missing === 0) ports.advance(dispatch, silent ? silence(dispatch, ports) : then(firstResult, answers));
  };
  if (first.length > 0) {
    ports.queue.push(first, dispatch, (_, result) => {
      if (result === undefined) silent = true;
      else {
        firstResult = result;
        if (result.kind === "done") {
          for (const { at, operation } of counting) {
            const counted = result.results[operation];
            answers[at] = counted?.kind === "counted" ? counted.count : 0;
          }
        }
      }
      arrived();
    });
  }
  for (const { group, at } of others) {
    ports.queue.push(group, dispatch, (_, result) => {
      if (result?.kind !== "done") silent = true;
      else answers[at] = answerOf(reads[at] as StateRead, result.results[0] as OperationResult);
      arrived();
    });
  }
}

export function readKey(dispatch: Dispatch, ports: Ports, read: StateRead): StateKey {
  const { keys } = ports;
  const { scope } = dispatch;
  switch (read.kind) {
    case "seen":
      return keys.dedup(scope, read.key);
    case "entry":
      return keys.entry(scope, read.key);
    case "counter":
      return keys.counter(scope, read.key, undefined);
    case "count":
      return keys.counter(scope, read.key, read.windowMs);
    case "suppression":
      return keys.suppression(scope, read.rule);
  }
}

export function answerOf(read: StateRead, result: OperationResult): StateAnswer {
  const value = result.kind === "found" ? result.value : undefined;
  switch (read.kind) {
    case "seen":
      return value === undefined ? undefined : decodeDedup(value).atMs;
    case "entry":
      return value;
    case "counter":
    case "count":
      return value === undefined ? 0 : Number(value);
    case "suppression":
      return value === undefined ? 0 : 1;
  }
}
