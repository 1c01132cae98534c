import { DigestMismatchError, InProgressError } from "@acteon/core";
import type { Refusal } from "@acteon/state";
import { digestOf, idempotencyEntry } from "../claim.ts";
import type { Dispatch } from "../dispatch.ts";
import type { Ports, Step } from "../ports.ts";
import { decodeDedup, decodeIdempotency } from "../records.ts";
import { answer, fail } from "./plan.ts";

/**
 * What a refused claim means, by the operation that refused it (`design.md` §9, 3). Nothing of the group was written, so
 * nothing is to be given back.
 */
export function refused(dispatch: Dispatch, ports: Ports, at: number, found: Refusal, withLock: boolean): Step {
  dispatch.executionKey = undefined; // E was not written
  let place = at;
  if (withLock && place-- === 0) return "busy";
  if (dispatch.keyed && place-- === 0) return refusedAtIdempotencyKey(dispatch, ports, found);
  const keyed = dispatch.gates[place];
  if (keyed === undefined) return "recover"; // at E: an earlier execution of this identity is unfinished
  const { gate, key } = keyed;
  dispatch.rule = gate.rule;
  if (gate.kind === "throttle") {
    dispatch.verdict = "throttle";
    // The full window, as `wire-api.md` §5.4 has it.
    return answer(dispatch, { kind: "throttled", rule: gate.rule.name, retryAfterMs: gate.windowMs });
  }
  dispatch.verdict = "deduplicate";
  if (found.kind !== "found") throw new TypeError(`a dedup key was refused with ${found.kind}`);
  const record = decodeDedup(found.value);
  if (record.state === "held" && record.identity === dispatch.lock.text) {
    dispatch.blocker = { key, version: found.version };
    return "recover";
  }
  const committed = record.state === "committed" && found.remainingMs !== undefined;
  return answer(dispatch, {
    kind: "deduplicated",
    key: gate.key,
    originalAtMs: record.atMs,
    expiresAtMs: committed ? ports.clock.nowMs() + Math.round(found.remainingMs ?? 0) : undefined,
  });
}

function refusedAtIdempotencyKey(dispatch: Dispatch, ports: Ports, found: Refusal): Step {
  if (found.kind !== "found") throw new TypeError(`an Idempotency-Key was refused with ${found.kind}`);
  const step = replay(dispatch, found.value);
  if (step !== undefined) return step;
  dispatch.blocker = { key: idempotencyEntry(dispatch, ports), version: found.version };
  return "recover";
}

/** What the entry of an `Idempotency-Key` says to a repeat; `undefined` while the first is unfinished (guarantees G5). */
export function replay(dispatch: Dispatch, entry: string): Step | undefined {
  const record = decodeIdempotency(entry);
  if (record.digest !== digestOf(dispatch)) return fail(dispatch, new DigestMismatchError(record.atMs));
  if (record.answer === undefined) return undefined;
  dispatch.replayed = true;
  dispatch.recordedElsewhere = true;
  dispatch.ports.counters.replayed++;
  dispatch.rule = record.answer.rule;
  return answer(dispatch, record.answer.outcome);
}

/** A keyed arrival does not wait for the first: 409 at once. */
export function inProgress(dispatch: Dispatch): Step {
  return fail(dispatch, new InProgressError());
}
