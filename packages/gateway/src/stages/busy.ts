import { DeadlineExceededError, DrainingError, LockTimeoutError } from "@acteon/core";
import { idempotencyEntry } from "../claim.ts";
import type { Dispatch } from "../dispatch.ts";
import type { Ports, Step } from "../ports.ts";
import { fail, isTooLate } from "./plan.ts";
import { inProgress, replay } from "./refused.ts";
import { silence } from "./silence.ts";

const baseMs = 25;
const capMs = 400;

/**
 * Stage 6: another holds the lock of this identity. This dispatch alone leaves its batch and tries again, with full
 * jitter, until its wait is over (guarantees L8); a keyed one asks once whether its answer is there already.
 */
export function busy(dispatch: Dispatch, ports: Ports): Step {
  if (dispatch.keyed && !dispatch.lookedForAnswer) return lookForAnswer(dispatch, ports);
  if (ports.draining.aborted) return fail(dispatch, new DrainingError());
  if (isTooLate(dispatch, ports)) return fail(dispatch, new DeadlineExceededError());
  const leftMs = dispatch.slice.arrivedMs + ports.settings.waitMs - ports.clock.monotonicMs();
  if (leftMs <= 0) return fail(dispatch, new LockTimeoutError(ports.settings.waitMs));
  const ceilingMs = Math.min(capMs, baseMs * 2 ** dispatch.busyTries++);
  const delayMs = Math.min(leftMs, baseMs + ports.random.next() * (ceilingMs - baseMs));
  dispatch.cancelWait = ports.clock.after(delayMs, () => {
    dispatch.cancelWait = undefined;
    ports.advance(dispatch, "open");
  });
  return "wait";
}

/** A keyed arrival that must wait reads its entry once: an answer, a conflict, or nothing there yet (`design.md` §9, 6). */
function lookForAnswer(dispatch: Dispatch, ports: Ports): Step {
  dispatch.lookedForAnswer = true;
  ports.queue.push([{ op: "get", key: idempotencyEntry(dispatch, ports) }], dispatch, (_, result) => {
    if (result?.kind !== "done") return ports.advance(dispatch, silence(dispatch, ports));
    const found = result.results[0];
    if (found?.kind !== "found") return ports.advance(dispatch, "busy");
    ports.advance(dispatch, replay(dispatch, found.value) ?? inProgress(dispatch));
  });
  return "wait";
}
