import { anyVersion, createFlags } from "./client/protocol.ts";
import type { NodeStat } from "./client/protocol.ts";
import type { MultiStep } from "./client/multi.ts";
import { encodeContent } from "./node-content.ts";
import type { NodeContent } from "./node-content.ts";
import { dueEntryPath, lifePath } from "./node-paths.ts";
import type { Slot } from "./slot.ts";
import type { DueIndex } from "@acteon/state";

export interface StepContext {
  readonly root: string;
  readonly acl: Uint8Array;
}

/**
 * The steps that take the nodes from what was seen to what the groups leave, and that none of them passes if anything seen was
 * not so: versions and lives of what is there are checked, and what is absent is made (and, if only looked at, deleted again).
 */
export function stepsFor(slots: Iterable<Slot>, context: StepContext): MultiStep[] {
  const steps: MultiStep[] = [];
  for (const slot of slots) {
    const { path, seen, content, writes } = slot;
    if (writes === 0 && !slot.touched) continue;
    if (seen === undefined) {
      if (content !== undefined) makeNode(steps, slot, content, context);
      else steps.push(madeNode(path, "", createFlags.persistent, context), { step: "delete", path, version: 0 });
    } else if (content === undefined) removeNode(steps, slot, context);
    else if (content.id !== seen.content.id) {
      removeNode(steps, slot, context);
      makeNode(steps, slot, content, context);
    } else {
      steps.push({ step: "check", path: lifePath(path, content.id), version: 0 });
      if (writes === 0) steps.push({ step: "check", path, version: seen.version });
      else {
        steps.push({ step: "setData", path, data: encodeContent(content), version: seen.version });
        moveDueEntry(steps, slot, seen.content, content, context);
      }
    }
  }
  return steps;
}

/** What is known of the nodes once their transaction was committed. */
export function settleSlots(
  slots: Iterable<Slot>,
  { zxid, stat, nowMs }: { readonly zxid: number; readonly stat: NodeStat | undefined; readonly nowMs: number },
): void {
  for (const slot of slots) {
    const { seen, content, writes } = slot;
    if (writes === 0) continue;
    if (content === undefined) slot.seen = undefined;
    else {
      const goesOn = seen !== undefined && seen.content.id === content.id;
      slot.seen = {
        version: goesOn ? seen.version + 1 : 0,
        zxid,
        madeByZxid: goesOn ? seen.madeByZxid : zxid,
        writtenAtMs: stat?.mtimeMs,
        seenAtMs: nowMs,
        content,
      };
    }
  }
}

function makeNode(steps: MultiStep[], slot: Slot, content: NodeContent, context: StepContext): void {
  const { path } = slot;
  const flags = content.kind === "lease" && content.ephemeral ? createFlags.ephemeral : createFlags.persistent;
  steps.push(madeNode(path, encodeContent(content), flags, context));
  steps.push(madeNode(lifePath(path, content.id), "", flags, context));
  moveDueEntry(steps, slot, undefined, content, context);
}

function removeNode(steps: MultiStep[], slot: Slot, context: StepContext): void {
  const { path, seen } = slot;
  if (seen === undefined) return;
  steps.push({ step: "delete", path: lifePath(path, seen.content.id), version: 0 });
  steps.push({ step: "delete", path, version: seen.version });
  moveDueEntry(steps, slot, seen.content, undefined, context);
}

/** The entry of an index follows its key's node, and is nobody else's to change: it needs no version. */
function moveDueEntry(
  steps: MultiStep[],
  { path }: Slot,
  from: NodeContent | undefined,
  to: NodeContent | undefined,
  context: StepContext,
): void {
  const fromMs = from?.kind === "due" ? from.dueAtMs : undefined;
  const toMs = to?.kind === "due" ? to.dueAtMs : undefined;
  if (fromMs === toMs) return;
  const at = (dueAtMs: number): string => {
    const [keyPath, index] = path.split("#") as [string, DueIndex];
    return dueEntryPath(context.root, index, keyPath, dueAtMs);
  };
  if (fromMs !== undefined) steps.push({ step: "delete", path: at(fromMs), version: anyVersion });
  if (toMs !== undefined && to?.kind === "due")
    steps.push(madeNode(at(toMs), to.fullText, createFlags.persistent, context));
}

function madeNode(path: string, data: string, flags: number, { acl }: StepContext): MultiStep {
  return { step: "create", path, data, acl, flags };
}
