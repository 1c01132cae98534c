import { actionDigest } from "@acteon/core";
import type { StateKey, StateOperation } from "@acteon/state";
import type { Dispatch } from "./dispatch.ts";
import { keyedGates } from "./gates.ts";
import type { Ports } from "./ports.ts";
import { encodeDedup, encodeExecution, encodeIdempotency, encodeWork, type Work } from "./records.ts";

/**
 * The group that makes an execution (`design.md` §9, 3 and 5), refused as a whole at its first refusal:
 * L (in `open`) · I · the gates in rule order · E. A plain action has only L and counters.
 */
export function claimGroup(dispatch: Dispatch, ports: Ports, withLock: boolean): StateOperation[] {
  const group: StateOperation[] = withLock ? [acquireLock(dispatch, ports)] : [];
  dispatch.gates = keyedGates(dispatch, ports);
  const recorded = isRecorded(dispatch, ports);
  if (recorded) prepareWork(dispatch, ports);
  const holdMs = ports.store.durability === "lossy" ? ports.settings.maxHoldMs : undefined;
  if (dispatch.keyed) {
    group.push({
      op: "checkAndSet",
      key: idempotencyEntry(dispatch, ports),
      value: encodeIdempotency({
        digest: digestOf(dispatch),
        execution: dispatch.id,
        atMs: dispatch.slice.arrivedAtMs,
        answer: undefined,
      }),
      ttlMs: holdMs,
    });
  }
  for (const { gate, key } of dispatch.gates) {
    if (gate.kind === "throttle") {
      group.push({ op: "increment", key, delta: 1, ttlMs: gate.windowMs, atMost: gate.limit });
      continue;
    }
    const value = encodeDedup({
      state: "held",
      execution: dispatch.id,
      identity: dispatch.lock.text,
      atMs: dispatch.slice.arrivedAtMs,
    });
    group.push({ op: "checkAndSet", key, value, ttlMs: holdMs });
  }
  if (recorded) {
    dispatch.executionKey = ports.keys.execution(dispatch.scope, dispatch.action);
    group.push({
      op: "compareAndSwap",
      key: dispatch.executionKey,
      expected: "absent",
      value: encodeExecution(dispatch.id, 1, dispatch.workText),
      ttlMs: holdMs,
    });
  }
  return group;
}

export function acquireLock(dispatch: Dispatch, ports: Ports): StateOperation {
  dispatch.lockSentMs = ports.clock.monotonicMs();
  return { op: "acquire", lock: dispatch.lock, owner: dispatch.owner, leaseMs: ports.settings.leaseMs };
}

export function releaseLock({ lock, owner }: Dispatch): StateOperation {
  return { op: "release", lock, owner };
}

/** Has this execution a record, so that a crash can be recovered and a repeat recognised (guarantees G1)? */
export function isRecorded(dispatch: Dispatch, ports: Ports): boolean {
  if (dispatch.keyed || ports.settings.auditMode === "required") return true;
  const gates = dispatch.decision?.gates;
  if (gates === undefined) return false;
  for (const gate of gates) if (gate.kind === "deduplicate") return true;
  return false;
}

/** The `Idempotency-Key` of this dispatch: item `i` of a batch has `<key>/<i>` (guarantees G5). */
export function idempotencyKeyOf(dispatch: Dispatch): string | undefined {
  const { idempotencyKey } = dispatch.slice.options;
  return idempotencyKey === undefined || dispatch.slice.single ? idempotencyKey : `${idempotencyKey}/${dispatch.index}`;
}

export function idempotencyEntry(dispatch: Dispatch, ports: Ports): StateKey {
  return ports.keys.idempotency(dispatch.scope, idempotencyKeyOf(dispatch) ?? "");
}

export function digestOf(dispatch: Dispatch): string {
  return (dispatch.digest ??= actionDigest(dispatch.action));
}

export function prepareWork(dispatch: Dispatch, ports: Ports): void {
  if (dispatch.work !== undefined) return;
  const { action, decision, gates, slice } = dispatch;
  const end = decision?.end;
  const dedup: { key: string; ttlMs: number | undefined }[] = [];
  for (const { gate } of gates) {
    if (gate.kind === "deduplicate") dedup.push({ key: gate.key, ttlMs: gate.ttlMs });
  }
  const work: Work = {
    auditId: dispatch.auditId,
    action,
    digest: dispatch.keyed ? digestOf(dispatch) : undefined,
    idempotencyKey: idempotencyKeyOf(dispatch),
    provider: dispatch.provider?.name ?? action.provider,
    payload: end?.kind === "execute" ? end.payload : undefined,
    verdict: dispatch.verdict,
    rule: dispatch.rule,
    dedup,
    ruleSetHash: slice.rules.hash,
    facts: decision?.facts ?? [],
    dispatchedAtMs: slice.arrivedAtMs,
    callerId: slice.options.caller?.id ?? "",
    authMethod: slice.options.caller?.method ?? "",
  };
  dispatch.work = work;
  dispatch.workText = encodeWork(work);
  ports.failpoint?.("C1-before-open", dispatch.id);
}
