import { parentPort, workerData } from "node:worker_threads";
import { checkpoint, compact, reclaim } from "./compaction.ts";
import type { CompactorReply, CompactorRequest } from "./compactor.ts";
import { asStoreError } from "./sqlite-errors.ts";
import { openStateDatabase, openTableDatabase } from "./state-files.ts";

/*
 * The thread that brings generations into the table, lets the write-ahead log begin anew, and deletes what has expired. One
 * request at a time; each is answered once.
 */

/** How long the last step of a checkpoint waits for writers and readers, and lets them wait; it is done another time, then. */
const checkpointBusyMs = 50;

/** Expired entries deleted in one transaction. */
const reclaimedPerTransaction = 1_000;

const directory = String(workerData);
const state = openStateDatabase(directory);
const table = openTableDatabase(directory);
state.database.exec(`PRAGMA busy_timeout = ${checkpointBusyMs}`);

parentPort?.on("message", (request: CompactorRequest) => parentPort?.postMessage(answer(request)));

function answer({ kind, nowMs, upTo }: CompactorRequest): CompactorReply {
  try {
    if (kind === "reclaim") {
      while (reclaim(table.database, nowMs, reclaimedPerTransaction) === reclaimedPerTransaction);
      return { kind: "reclaimed" };
    }
    if (compact(state, table.database, upTo, nowMs) === "busy") return { kind: "busy" };
    checkpoint(state.database);
    return { kind: "compacted", upTo };
  } catch (error) {
    const failure = asStoreError(error, directory);
    return { kind: "failed", reason: failure instanceof Error ? failure.message : String(failure) };
  }
}
