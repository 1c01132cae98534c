import { InternalError } from "@acteon/core";
import { releaseLock } from "./claim.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Stage, Step } from "./ports.ts";
import { busy } from "./stages/busy.ts";
import { close } from "./stages/close.ts";
import { decide } from "./stages/decide.ts";
import { execute } from "./stages/execute.ts";
import { open } from "./stages/open.ts";
import { plan } from "./stages/plan.ts";
import { preview } from "./stages/preview.ts";
import { recover } from "./stages/recover.ts";
import { report } from "./stages/report.ts";
import { settle } from "./stages/settle.ts";

/**
 * The road of an action, in its order (`design.md` §3). A dispatch comes in through intake and the door, and then goes
 * from stage to stage; each says which is next, or `wait` when something else takes it on.
 */
const stages: Record<Exclude<Step, "wait">, Stage> = {
  plan, //     candidate rules, and the state they will read
  open, //     ONE batch: the lock, with the whole claim or the reads
  decide, //   a value that depends on a value: one more batch each
  settle, //   ONE batch, where `open` could not know: gates and record
  execute, //  the provider, through the executor
  close, //    ONE batch: record ended, key kept or given back, answer stored, lock released
  report, //   outcome to the caller; audit off the road
  // and beside it:
  preview, //  a dry run's way from `plan` to `report`
  busy, //     another holds the lock: again, until the wait is over
  recover, //  an earlier execution is unfinished: its end first
};

/** Runs the stages of a dispatch from `step` on, until it waits or ends. A bug in one ends that dispatch, never the process. */
export function advance(dispatch: Dispatch, step: Step | (() => Step)): void {
  try {
    let next = typeof step === "function" ? step() : step;
    while (next !== "wait") next = stages[next](dispatch, dispatch.ports);
  } catch (cause) {
    crashed(dispatch, cause);
  }
}

/** A bug: this dispatch ends with an error, its lock is let go, and its record, if there is one, is finished by a later holder. */
export function crashed(dispatch: Dispatch, cause: unknown): void {
  const { ports } = dispatch;
  dispatch.outcome = undefined;
  dispatch.error = new InternalError("a stage failed", { cause });
  ports.onFault(dispatch.error);
  if (dispatch.locked) {
    dispatch.locked = false;
    ports.queue.push([releaseLock(dispatch)], dispatch, () => undefined);
  }
  report(dispatch, ports);
}
