import type { DatabaseSync, StatementSync } from "node:sqlite";
import { DataDamagedError } from "@acteon/core";
import type { IdFilter } from "./id-filter.ts";
import { decodeIdList, encodeIdList } from "./id-list.ts";
import type { IdList } from "./id-list.ts";
import { release } from "./release.ts";
import type { Segment } from "./segment-builder.ts";
import { decodeSegmentColumns } from "./segment-columns.ts";
import type { SegmentColumns } from "./segment-columns.ts";

/** What is known of a segment without reading its columns. */
export interface SegmentEntry {
  readonly id: number;
  readonly rows: number;
  readonly minAtMs: number;
  readonly maxAtMs: number;
}

/** Which record ids a segment may hold. */
export interface IdEntry {
  readonly id: number;
  readonly minId: Uint8Array;
  readonly maxId: Uint8Array;
}

/** The statements of one connection, each prepared when it is first used. */
export class SegmentTable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Takes the segment over: its memory is released. */
  insert(segment: Segment): void {
    const { lastInsertRowid } = this.#prepare(
      "INSERT INTO segment (rows, min_at, max_at, min_id, max_id, action_filter, columns) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ).run(
      segment.rows,
      segment.minAtMs,
      segment.maxAtMs,
      segment.minId,
      segment.maxId,
      segment.actionFilter,
      segment.columns,
    );
    this.#prepare("INSERT INTO segment_record_ids VALUES (?, ?)").run(lastInsertRowid, encodeIdList(segment.recordIds));
    this.#prepare("INSERT INTO segment_action_ids VALUES (?, ?)").run(lastInsertRowid, encodeIdList(segment.actionIds));
    this.#prepare("INSERT INTO segment_body VALUES (?, ?)").run(lastInsertRowid, segment.body);
    release(segment.columns, segment.recordIds, segment.actionIds, segment.body);
  }

  /** Returns whether it was there. */
  delete(id: number): boolean {
    this.#prepare("DELETE FROM segment_record_ids WHERE segment = ?").run(id);
    this.#prepare("DELETE FROM segment_action_ids WHERE segment = ?").run(id);
    this.#prepare("DELETE FROM segment_body WHERE segment = ?").run(id);
    return this.#prepare("DELETE FROM segment WHERE id = ?").run(id).changes === 1;
  }

  /** Those that may hold records dispatched in this span, inclusive. */
  between(fromMs: number, toMs: number): SegmentEntry[] {
    return this.#prepare("SELECT id, rows, min_at, max_at FROM segment WHERE max_at >= ? AND min_at <= ?")
      .all(fromMs, toMs)
      .map(entryOf);
  }

  /** Those of so many rows, the oldest first. */
  ofSize(minRows: number, maxRows: number, limit: number): SegmentEntry[] {
    return this.#prepare(
      "SELECT id, rows, min_at, max_at FROM segment WHERE rows BETWEEN ? AND ? ORDER BY min_at LIMIT ?",
    )
      .all(minRows, maxRows, limit)
      .map(entryOf);
  }

  /** One of those that hold a record dispatched before; those that hold no other first. */
  oldestBegunBefore(atMs: number): SegmentEntry | undefined {
    const row = this.#prepare(
      "SELECT id, rows, min_at, max_at FROM segment WHERE min_at < ? ORDER BY max_at LIMIT 1",
    ).get(atMs);
    return row === undefined ? undefined : entryOf(row);
  }

  /** Those that may hold one of the record ids in this range, inclusive. */
  withIdsBetween(minId: Uint8Array, maxId: Uint8Array): IdEntry[] {
    return this.#prepare("SELECT id, min_id, max_id FROM segment WHERE max_id >= ? AND min_id <= ?")
      .all(minId, maxId)
      .map((row) => ({
        id: Number(row["id"]),
        minId: row["min_id"] as Uint8Array,
        maxId: row["max_id"] as Uint8Array,
      }));
  }

  columns(id: number): SegmentColumns {
    return decodeSegmentColumns(this.#blob("SELECT columns FROM segment WHERE id = ?", id));
  }

  recordIds(id: number): IdList {
    return decodeIdList(this.#blob("SELECT ids FROM segment_record_ids WHERE segment = ?", id));
  }

  actionIds(id: number): IdList {
    return decodeIdList(this.#blob("SELECT ids FROM segment_action_ids WHERE segment = ?", id));
  }

  actionFilter(id: number): IdFilter {
    return this.#blob("SELECT action_filter FROM segment WHERE id = ?", id);
  }

  body(id: number): Uint8Array {
    return this.#blob("SELECT blocks FROM segment_body WHERE segment = ?", id);
  }

  #blob(sql: string, id: number): Uint8Array {
    const [blob] = Object.values(this.#prepare(sql).get(id) ?? {});
    if (!(blob instanceof Uint8Array)) throw new DataDamagedError("a segment of the audit trail is incomplete");
    return blob;
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function entryOf(row: Record<string, unknown>): SegmentEntry {
  return {
    id: Number(row["id"]),
    rows: Number(row["rows"]),
    minAtMs: Number(row["min_at"]),
    maxAtMs: Number(row["max_at"]),
  };
}
