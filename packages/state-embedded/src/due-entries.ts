import { type DueIndex, type StateKey, parseStateKey } from "@acteon/state";
import type { GenerationMap } from "./generation-map.ts";
import { type Due, dueKey } from "./rows.ts";
import type { Table } from "./table.ts";

/** What of a due index is asked for. */
export interface DueQuery {
  readonly index: DueIndex;
  /** Epoch ms. */
  readonly nowMs: number;
  readonly limit: number;
}

export interface DueEntry {
  readonly key: StateKey;
  readonly dueAtMs: number;
}

/** Up to `limit` keys that are due, earliest first. What was written of late goes before what the table says of the same key. */
export function dueEntries(
  recent: GenerationMap<Due>,
  table: Pick<Table, "due">,
  query: DueQuery,
): readonly DueEntry[] {
  const { index, nowMs, limit } = query;
  const due: (readonly [key: string, dueAtMs: number])[] = [];
  for (let skip = 0; due.length < limit;) {
    const rows = table.due(index, nowMs, limit, skip);
    for (const row of rows) if (recent.find(dueKey(index, row[0])) === undefined) due.push(row);
    if (rows.length < limit) break;
    skip += rows.length;
  }
  for (const [, row] of recent.entries())
    if (row.index === index && row.dueAtMs !== undefined && row.dueAtMs <= nowMs) due.push([row.key, row.dueAtMs]);
  return due
    .sort((a, b) => a[1] - b[1])
    .slice(0, limit)
    .map(([key, dueAtMs]) => ({ key: parseStateKey(key), dueAtMs }));
}
