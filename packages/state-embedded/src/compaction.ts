import { closeSync, fsyncSync, openSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { DataDamagedError } from "@acteon/core";
import { flushNames } from "./flush-names.ts";
import { journalGenerations, journalPath } from "./journal.ts";
import { JournalFile } from "./journal-file.ts";
import { RecentData } from "./recent-data.ts";
import { endText, readData } from "./record.ts";
import { isBusy, isMissing } from "./sqlite-errors.ts";
import { Rests } from "./rests.ts";
import { prepared } from "./sqlite-file.ts";
import { TableWriter } from "./table-writer.ts";

/** Keys written in one transaction of the table. Between two of them another process may take over. */
const keysPerTransaction = 1_000;

/**
 * Brings a generation whose successor has begun into the table, and deletes its file. It may be cut off anywhere and begun
 * again by whomever: the replicas hide what is written in part, and the number in `meta` is written last. Before that the
 * journal is made durable, the beginning of the successor included; so a power loss never leaves the table ahead of the
 * journal, nor without one.
 *
 * @returns `done` also if others have done it; `busy` while others do.
 */
export function compact(directory: string, table: DatabaseSync, generation: number, nowMs: number): "done" | "busy" {
  const compacted = prepared(table, "SELECT compacted FROM meta");
  const isDone = (): boolean => (compacted.get() as unknown as [number])[0] >= generation;
  const rests = new Rests();
  const data = isDone() ? undefined : readGeneration(directory, generation, rests);
  if (data === undefined) return "done";
  makeDurable(directory, [generation, generation + 1]);
  const writes = new TableWriter(table).writesOf(data, nowMs);
  try {
    for (let from = 0; from < writes.length; from += keysPerTransaction) {
      table.exec("BEGIN IMMEDIATE");
      // Who was stopped for long may have been overtaken: what it read is old by now, and must not be written.
      const isOvertaken = isDone();
      if (!isOvertaken) for (const write of writes.slice(from, from + keysPerTransaction)) write();
      table.exec("COMMIT");
      if (isOvertaken) return "done";
      rests.restIfDue();
    }
    table.exec("PRAGMA synchronous = FULL");
    prepared(table, "UPDATE meta SET compacted = max(compacted, ?)").run(generation);
  } catch (error) {
    if (table.isTransaction) table.exec("ROLLBACK");
    if (isBusy(error)) return "busy";
    throw error;
  } finally {
    table.exec("PRAGMA synchronous = NORMAL");
  }
  for (const each of journalGenerations(directory))
    if (each <= generation) rmSync(journalPath(directory, each), { force: true });
  return "done";
}

/** Deletes up to `limit` entries and as many lists that have expired. False: there are no more, or others are at it. */
export function reclaim(table: DatabaseSync, nowMs: number, limit: number): boolean {
  try {
    table.exec("BEGIN IMMEDIATE");
    const hasMore = new TableWriter(table).reclaim(nowMs, limit);
    table.exec("COMMIT");
    return hasMore;
  } catch (error) {
    if (table.isTransaction) table.exec("ROLLBACK");
    if (isBusy(error)) return false;
    throw error;
  }
}

/** `undefined`: others have compacted it, and its file is gone. */
function readGeneration(directory: string, generation: number, rests: Rests): RecentData | undefined {
  const path = journalPath(directory, generation);
  const file = openIfThere(path);
  if (file === undefined) return undefined;
  const data = new RecentData();
  try {
    for (;;) {
      const read = file.read();
      if ("tail" in read) throw new DataDamagedError(`${path} is damaged at byte ${file.offset}; nothing was deleted`);
      if (read.record === endText) return data;
      readData(read.record, data);
      rests.restIfDue();
    }
  } finally {
    file.close();
  }
}

function openIfThere(path: string): JournalFile | undefined {
  try {
    return new JournalFile(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function makeDurable(directory: string, generations: readonly number[]): void {
  for (const generation of generations) {
    const fd = openSync(journalPath(directory, generation), "r+");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }
  flushNames(directory);
}
