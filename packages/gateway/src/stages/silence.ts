import { StateUnavailableError } from "@acteon/core";
import { releaseLock } from "../claim.ts";
import type { Dispatch } from "../dispatch.ts";
import type { Ports, Step } from "../ports.ts";
import { fail } from "./plan.ts";

/**
 * No answer from the store (`design.md` §9, 13): the group may or may not have taken effect. Nobody is called; what the
 * group may have left is an E, and the next arrival or the sweep finishes it. The lock is let go for its owner in case it
 * was taken (guarantees L7).
 */
export function silence(dispatch: Dispatch, ports: Ports): Step {
  dispatch.locked = false;
  dispatch.recordVersion = undefined;
  dispatch.executionKey = undefined;
  dispatch.unanswered = true;
  ports.queue.push([releaseLock(dispatch)], dispatch, ignore);
  return fail(dispatch, new StateUnavailableError("the state backend did not answer"));
}

function ignore(): void {
  // A release that is not answered either leaves the lock to its lease.
}
