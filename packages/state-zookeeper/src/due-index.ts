import type { DueIndex, OperationResult, StateKey, StateOperation } from "@acteon/state";
import { parseStateKey } from "@acteon/state";
import { getChildren, getData } from "./client/requests.ts";
import type { Read } from "./link.ts";
import type { HoldDue } from "./group-decider.ts";
import { dueFolder, dueTimeOf } from "./node-paths.ts";

export type TakeDue = Extract<StateOperation, { readonly op: "takeDue" }>;

export interface DueIndexPorts {
  readonly root: string;
  /** A read that may be asked again. */
  readonly read: Read;
  /** Of each: was the entry still where it was? */
  readonly hold: (holds: readonly HoldDue[]) => Promise<readonly boolean[]>;
}

type DueEntry = { readonly key: StateKey; readonly dueAtMs: number };

/** What is due, by the names of the index; held entries are moved one by one, and who moves an entry has it. */
export async function takeDue(
  { index, nowMs, limit, holdMs }: TakeDue,
  ports: DueIndexPorts,
): Promise<OperationResult> {
  const taken: DueEntry[] = [];
  for (;;) {
    const { entries, isLast } = await dueEntries(index, nowMs, limit - taken.length, ports);
    if (holdMs === 0) return { kind: "due", entries };
    const untilMs = nowMs + holdMs;
    const held = await ports.hold(
      entries.map(({ key, dueAtMs }) => ({ op: "holdDue", index, key, fromMs: dueAtMs, untilMs })),
    );
    taken.push(...entries.filter((_, i) => held[i]));
    // Where others were faster there may be more.
    if (isLast || taken.length >= limit) break;
  }
  return { kind: "due", entries: taken.toSorted((a, b) => a.dueAtMs - b.dueAtMs) };
}

async function dueEntries(
  index: DueIndex,
  nowMs: number,
  limit: number,
  { root, read }: DueIndexPorts,
): Promise<{ readonly entries: readonly DueEntry[]; readonly isLast: boolean }> {
  const folder = dueFolder(root, index);
  const found = await read((sender) => getChildren(sender, folder));
  const due = (found?.names ?? [])
    .filter((name) => dueTimeOf(name) <= nowMs)
    .toSorted()
    .slice(0, limit);
  if (due.length === 0) return { entries: [], isLast: true };
  const nodes = await read((sender) => Promise.all(due.map((name) => getData(sender, `${folder}/${name}`))));
  const entries = due.flatMap((name, i) => {
    const node = nodes[i]; // absent: taken or unindexed since
    return node === undefined ? [] : [{ key: parseStateKey(node.data.toString("latin1")), dueAtMs: dueTimeOf(name) }];
  });
  return { entries, isLast: false };
}
