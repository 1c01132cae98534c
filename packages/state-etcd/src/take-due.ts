import type { OperationResult, StateKey, StateOperation } from "@acteon/state";
import type { EtcdClient } from "./etcd-client.ts";
import type { KeySpace } from "./key-space.ts";
import { decodeRangeReply } from "./key-value.ts";
import { encodeRange } from "./range-messages.ts";
import { decodeRecord } from "./record.ts";
import type { SlotTable } from "./slot.ts";
import type { TransactionLine } from "./transaction-line.ts";

type TakeDue = Extract<StateOperation, { op: "takeDue" }>;
type Due = Extract<OperationResult, { kind: "due" }>;

export interface DuePorts {
  readonly client: EtcdClient;
  readonly space: KeySpace;
  readonly slots: SlotTable;
  readonly line: TransactionLine;
}

interface DueEntry {
  readonly key: StateKey;
  readonly dueAtMs: number;
  readonly modRevision: number;
}

/**
 * Reads what is due, and with a hold moves each entry in a transaction of its own: of several takers one gets it. Who lost some
 * looks again, until it has as many as it may or nothing is left.
 * @throws {EtcdCallError}
 */
export async function takeDue(ports: DuePorts, operation: TakeDue): Promise<Due> {
  const { client, space } = ports;
  const { limit, nowMs, holdMs } = operation;
  const taken: DueEntry[] = [];
  while (taken.length < limit) {
    const due = await readDue(client, space, operation, limit - taken.length);
    if (holdMs === 0) taken.push(...due);
    else taken.push(...(await move(ports, operation, due, nowMs + holdMs)));
    if (holdMs === 0 || due.length === 0) break;
  }
  return { kind: "due", entries: taken.map(({ key, dueAtMs }) => ({ key, dueAtMs })) };
}

async function readDue(
  client: EtcdClient,
  space: KeySpace,
  { index, nowMs }: TakeDue,
  limit: number,
): Promise<readonly DueEntry[]> {
  const request = encodeRange(space.dueUntil(index, nowMs), { limit, revision: 0 });
  const { entries } = await client.call("KV/Range", request, decodeRangeReply);
  return entries.flatMap(({ key: raw, modRevision, value }) => {
    const record = decodeRecord(value);
    if (record.kind !== "due") return [];
    return [{ key: space.parse(raw, record.fullText), dueAtMs: record.dueAtMs, modRevision }];
  });
}

/** Those that nobody else took or moved meanwhile. */
async function move(
  { slots, line }: DuePorts,
  { index }: TakeDue,
  due: readonly DueEntry[],
  dueAtMs: number,
): Promise<readonly DueEntry[]> {
  for (const { key, modRevision, dueAtMs: was } of due)
    // Both keys of an entry are written together, so that what one says holds for the other.
    slots.remember(slots.at(index, key), {
      createRevision: modRevision,
      modRevision,
      record: { kind: "due", dueAtMs: was, fullText: key.fullText },
    });
  const results = await line.apply(
    due.map(({ key, modRevision }) => [{ op: "moveDue", index, key, modRevision, dueAtMs }]),
  );
  return due.filter((_, i) => results[i]?.kind === "done");
}
