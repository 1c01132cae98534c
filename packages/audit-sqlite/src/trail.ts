import type { DatabaseSync } from "node:sqlite";
import { ActeonError, AuditUnavailableError, DataDamagedError } from "@acteon/core";
import { appendSegments } from "./append-segments.ts";
import { KnownProfiles } from "./known-profiles.ts";
import { search } from "./search.ts";
import type { SearchRequest, SearchResult } from "./search.ts";
import { buildSegments } from "./segment-builder.ts";
import { SegmentTable } from "./segment-table.ts";
import { answered, openTrailDatabase } from "./trail-database.ts";
import type { TrailLocation } from "./trail-database.ts";
import { Upkeep } from "./upkeep.ts";

/** Looking for something to merge is worth it after so many appends of this process. */
const appendsBetweenMerges = 16;

/** A record is late when it was dispatched so long before one that was appended earlier. */
const lateMs = 200;

/** The trail as its worker sees it: all calls are synchronous, or go on in steps. */
export class Trail {
  readonly #location: TrailLocation;
  readonly #database: DatabaseSync;
  readonly #profiles = new KnownProfiles();
  readonly #table: SegmentTable;
  readonly #upkeep: Upkeep;
  /** A connection of its own, so that a search sees one state of the trail while appends go on; opened by the first. */
  #readerDatabase: DatabaseSync | undefined;
  #newestAtMs = -Infinity;
  #appendsSinceMerge = appendsBetweenMerges;

  /** @throws {ActeonError} As `openTrailDatabase`. */
  constructor(location: TrailLocation) {
    this.#location = location;
    this.#database = openTrailDatabase(location);
    this.#table = new SegmentTable(this.#database);
    this.#upkeep = new Upkeep(this.#database, this.#table, this.#profiles);
  }

  /**
   * @throws {AuditUnavailableError} Nothing was written. Also where the file is damaged: it may be put right while the records wait.
   * @throws {DataDamagedError} The lines are no records.
   */
  append(lines: Uint8Array, count: number): undefined {
    const buffer = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
    const built = buildSegments(this.#profiles, buffer, count, this.#newestAtMs - lateMs);
    try {
      answered(this.#location, () => appendSegments(this.#database, this.#table, this.#profiles, built));
    } catch (cause) {
      throw cause instanceof DataDamagedError ? new AuditUnavailableError(cause.message, { cause }) : cause;
    }
    for (const { segment } of built) this.#newestAtMs = Math.max(this.#newestAtMs, segment.maxAtMs);
    this.#appendsSinceMerge += 1;
  }

  *search(request: SearchRequest): Generator<undefined, SearchResult> {
    const database = (this.#readerDatabase ??= openTrailDatabase(this.#location));
    database.exec("BEGIN");
    try {
      return yield* answeredSteps(this.#location, search(new SegmentTable(database), request));
    } finally {
      database.exec("ROLLBACK");
    }
  }

  *removeBefore(dispatchedAtMs: number): Generator<undefined, number> {
    return yield* answeredSteps(this.#location, this.#upkeep.removeBefore(dispatchedAtMs));
  }

  /** Merges some small segments now and then; says whether there may be more to merge. */
  merge(): boolean {
    if (this.#appendsSinceMerge < appendsBetweenMerges) return false;
    const merged = this.#mergeSome();
    if (!merged) this.#appendsSinceMerge = 0;
    return merged;
  }

  #mergeSome(): boolean {
    try {
      return answered(this.#location, () => this.#upkeep.mergeSome());
    } catch (error) {
      // Nobody waits for a merge. What stands in its way (a full disk, a damaged segment) is told to whoever appends or asks.
      if (error instanceof ActeonError) return false;
      throw error;
    }
  }

  close(): void {
    this.#readerDatabase?.close();
    this.#database.close();
  }
}

function* answeredSteps<T>(location: TrailLocation, work: Iterator<undefined, T>): Generator<undefined, T> {
  for (;;) {
    const step = answered(location, () => work.next());
    if (step.done === true) return step.value;
    yield;
  }
}
