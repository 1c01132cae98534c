import { closeSync, fdatasyncSync, openSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { Journal } from "./journal.ts";
import type { Entry } from "./memtable.ts";
import { type RecordReader, readRecord } from "./record.ts";
import { isBusy } from "./sqlite-errors.ts";
import { type StateFile, prepared, readMeta, walPathOf } from "./state-files.ts";

/** Keys written in one transaction of the table. Between two of them others may take over, who find the work half done. */
const keysPerTransaction = 1_000;

/** Frames of the write-ahead log that the last step of a checkpoint, for which writers wait, should have to copy. */
const fewFrames = 64;

/** Steps of a checkpoint that nobody waits for; each leaves what was written during it to the next. */
const maxPassiveSteps = 4;

/** Keys with what a generation leaves of them; without a value: nothing. */
type Outcomes = Map<string, Omit<Entry, "isFirst"> | undefined>;

/**
 * Brings the generation that ends with the snapshot `upTo` into the table. It may be cut off anywhere and begun again by
 * whomever: the memtable hides what is written in part, and the number in `meta` is written last. Before that the journal is
 * made durable, so that after a power loss the table is never ahead of it.
 *
 * @returns `done` also if others have done it; `busy` while others do.
 */
export function compact(state: StateFile, table: DatabaseSync, upTo: number, nowMs: number): "done" | "busy" {
  const compactedSeq = prepared(table, "SELECT compacted_seq FROM meta");
  const isDone = (): boolean => (compactedSeq.get() as unknown as [number])[0] >= upTo;
  const outcomes = isDone() ? undefined : outcomesUpTo(state, upTo);
  if (outcomes === undefined) return "done";
  makeDurable(walPathOf(state));
  const put = prepared(table, "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)");
  const remove = prepared(table, "DELETE FROM entry WHERE key = ?");
  // In the order of the tree, so that neighbours are written together.
  const keys = [...outcomes.keys()].sort();
  try {
    for (let i = 0; i < keys.length; i += keysPerTransaction) {
      table.exec("BEGIN IMMEDIATE");
      // Whoever was stopped for long may have been overtaken: what it read is old by now, and must not be written.
      const overtaken = isDone();
      if (!overtaken)
        for (const key of keys.slice(i, i + keysPerTransaction)) write(key, outcomes.get(key), { put, remove, nowMs });
      table.exec("COMMIT");
      if (overtaken) return "done";
    }
    table.exec("PRAGMA synchronous = FULL");
    prepared(table, "UPDATE meta SET compacted_seq = max(compacted_seq, ?)").run(upTo);
    return "done";
  } catch (error) {
    if (table.isTransaction) table.exec("ROLLBACK");
    if (isBusy(error)) return "busy";
    throw error;
  } finally {
    table.exec("PRAGMA synchronous = NORMAL");
  }
}

/**
 * Lets the write-ahead log of the journal begin anew. That takes a moment without writers, in which the files are flushed:
 * so most is copied and flushed before, while they write on, until little is left.
 */
export function checkpoint(database: DatabaseSync): void {
  const passive = prepared(database, "PRAGMA wal_checkpoint(PASSIVE)");
  let framesBefore = 0;
  for (let step = 0; step < maxPassiveSteps; step++) {
    const [, frames] = passive.get() as unknown as [isBusy: number, frames: number];
    if (frames - framesBefore <= fewFrames) break;
    framesBefore = frames;
  }
  database.exec("PRAGMA wal_checkpoint(RESTART)");
}

/** Deletes up to `limit` expired entries; returns how many. */
export function reclaim(table: DatabaseSync, nowMs: number, limit: number): number {
  const expired = "SELECT key FROM entry WHERE expires_at <= ? LIMIT ?";
  return Number(table.prepare(`DELETE FROM entry WHERE key IN (${expired})`).run(nowMs, limit).changes);
}

/** `undefined`: the generation has left the journal. */
function outcomesUpTo({ database, path }: StateFile, upTo: number): Outcomes | undefined {
  const outcomes: Outcomes = new Map();
  const reader: RecordReader = {
    put: (text, entry) => outcomes.set(text, entry),
    remove: (text, hadNothingBelow) => (hadNothingBelow ? outcomes.delete(text) : outcomes.set(text, undefined)),
    acquire: ignore,
    extend: ignore,
    release: ignore,
    useList: ignore,
    boot: ignore,
    drop: ignore,
    count: ignore,
    freeze: ignore,
  };
  database.exec("BEGIN");
  try {
    const { tail } = readMeta(database);
    if (tail.seq >= upTo) return undefined;
    const journal = new Journal(database, path);
    journal.moveTo(tail);
    while (journal.next.seq < upTo) {
      const record = journal.read();
      if (record === undefined || record === "overtaken") return undefined;
      readRecord(record, reader);
    }
    return outcomes;
  } finally {
    database.exec("COMMIT");
  }
}

function write(
  key: string,
  outcome: Omit<Entry, "isFirst"> | undefined,
  { put, remove, nowMs }: { readonly put: StatementSync; readonly remove: StatementSync; readonly nowMs: number },
): void {
  if (outcome?.value === undefined || outcome.expiresAtMs <= nowMs) {
    remove.run(key);
    return;
  }
  const { value, version, expiresAtMs, tuple } = outcome;
  put.run(key, value, version, expiresAtMs === Infinity ? null : expiresAtMs, tuple ?? null);
}

/** SQLite flushes the write-ahead log by itself only at a checkpoint. */
function makeDurable(path: string): void {
  const file = openSync(path, "r+");
  try {
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

function ignore(): void {}
