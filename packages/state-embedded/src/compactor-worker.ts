import { parentPort, workerData } from "node:worker_threads";
import { compact, reclaim } from "./compaction.ts";
import type { CompactorReply, CompactorRequest } from "./compactor.ts";
import { asStoreError } from "./sqlite-errors.ts";
import { openTableFile } from "./table.ts";

/*
 * The thread that brings generations of the journal into the table, and deletes there what has expired. One request at a
 * time; each is answered once.
 */

/** Expired entries deleted in one transaction. */
const reclaimedPerTransaction = 1_000;

const directory = String(workerData);
const { database } = openTableFile(directory);

parentPort?.on("message", (request: CompactorRequest) => parentPort?.postMessage(answer(request)));

function answer({ kind, nowMs, generation }: CompactorRequest): CompactorReply {
  try {
    if (kind === "reclaim") {
      while (reclaim(database, nowMs, reclaimedPerTransaction));
      return { kind: "reclaimed" };
    }
    return compact(directory, database, generation, nowMs) === "done"
      ? { kind: "compacted", generation }
      : { kind: "busy" };
  } catch (error) {
    const failure = asStoreError(error, directory);
    return { kind: "failed", reason: failure instanceof Error ? failure.message : String(failure) };
  }
}
