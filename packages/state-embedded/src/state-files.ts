import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { DataDamagedError } from "@acteon/core";
import { DataTooNewError } from "./data-too-new-error.ts";
import type { Position } from "./journal.ts";
import { asStoreError } from "./sqlite-errors.ts";

/*
 * The directory of a store holds two SQLite databases, both in WAL mode (docs/adr/0002-embedded-store.md):
 * - `state.db`: the journal of all that was done lately, a ring of rows; lists; due indexes. Every write goes here.
 * - `table.db`: values by key. Only the compactor writes here, what has left the journal.
 */

/** Of both files, as `PRAGMA user_version`. */
export const knownFormat = 1;

const pageBytes = 8_192;

/** How long SQLite itself waits for a lock while files are opened; afterwards it never waits, and the store does. */
const openingBusyMs = 5_000;

/** From this length on the write-ahead log is cut back when it starts anew. */
const walLimitBytes = 64 * 1_024 * 1_024;

/**
 * Pages after which a commit does a checkpoint by itself. The compactor does them long before, off the road; this is for a
 * process whose compactor cannot run.
 */
const walBackstopPages = 8_192;

const stateSchema = `
  CREATE TABLE ring (slot INTEGER PRIMARY KEY, seq INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE TABLE meta (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    tail_slot INTEGER NOT NULL, tail_seq INTEGER NOT NULL, -- the snapshot that a load begins with
    boot_id TEXT NOT NULL
  );
  INSERT INTO meta VALUES (1, 0, 1, '');
  CREATE TABLE due (idx TEXT NOT NULL, key TEXT NOT NULL, due_at INTEGER NOT NULL, PRIMARY KEY (idx, key)) WITHOUT ROWID;
  CREATE INDEX due_order ON due (idx, due_at);
  CREATE TABLE list (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, expires_at INTEGER);
  CREATE INDEX list_expiry ON list (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE member (list INTEGER, ordinal INTEGER, value TEXT NOT NULL, PRIMARY KEY (list, ordinal)) WITHOUT ROWID;
`;

const tableSchema = `
  CREATE TABLE entry (
    key TEXT PRIMARY KEY, -- StateKey.text
    value TEXT NOT NULL, version INTEGER NOT NULL,
    expires_at INTEGER, -- epoch ms; NULL: never
    tuple TEXT -- StateKey.fullText of a collapsed key (guarantees K3)
  ) WITHOUT ROWID;
  CREATE INDEX entry_expiry ON entry (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE meta (only INTEGER PRIMARY KEY CHECK (only = 1), compacted_seq INTEGER NOT NULL);
  INSERT INTO meta VALUES (1, 0);
`;

export interface StateFile {
  readonly path: string;
  readonly database: DatabaseSync;
}

/** @throws {StateUnavailableError} The directory cannot be made or written. */
export function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 }); // payloads lie in it
  } catch (error) {
    throw asStoreError(error, directory);
  }
}

/**
 * @throws {DataTooNewError} Written by a newer version.
 * @throws {DataDamagedError} Not a database, or not one of ours.
 * @throws {StateUnavailableError} It cannot be opened, read or written.
 */
export function openStateDatabase(directory: string): StateFile {
  return openFile(join(directory, "state.db"), stateSchema);
}

/** Throws as `openStateDatabase` does. */
export function openTableDatabase(directory: string): StateFile {
  return openFile(join(directory, "table.db"), tableSchema);
}

/** Its write-ahead log, which is there as long as it is open. */
export function walPathOf({ path }: StateFile): string {
  return `${path}-wal`;
}

/** Where the journal begins, and which boot of the machine its leases are of. */
export interface StateMeta {
  readonly tail: Position;
  readonly bootId: string;
}

export function readMeta(database: DatabaseSync): StateMeta {
  const row = prepared(database, "SELECT tail_slot, tail_seq, boot_id FROM meta").get();
  const [slot, seq, bootId] = row as unknown as [number, number, string];
  return { tail: { slot, seq }, bootId };
}

export function writeMeta(database: DatabaseSync, { tail, bootId }: StateMeta): void {
  database.prepare("UPDATE meta SET tail_slot = ?, tail_seq = ?, boot_id = ?").run(tail.slot, tail.seq, bootId);
}

/** A statement whose rows come as arrays, and which is kept: preparing costs more than running. */
export function prepared(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

function openFile(path: string, schema: string): StateFile {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: openingBusyMs });
    const foundFormat = formatOf(database);
    if (foundFormat > knownFormat) throw new DataTooNewError(path, { foundFormat, knownFormat });
    if (foundFormat === 0 && hasTables(database))
      throw new DataDamagedError(`${path}: a database, but not one of ours`);
    database.exec(`PRAGMA page_size = ${pageBytes}`);
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = NORMAL");
    database.exec(`PRAGMA wal_autocheckpoint = ${walBackstopPages}`);
    database.exec(`PRAGMA journal_size_limit = ${walLimitBytes}`);
    if (foundFormat === 0) makeTables(database, schema);
    database.exec("PRAGMA busy_timeout = 0");
    return { path, database };
  } catch (error) {
    database?.close();
    throw asStoreError(error, path);
  }
}

function makeTables(database: DatabaseSync, schema: string): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have been first.
    if (formatOf(database) === 0) {
      database.exec(schema);
      database.exec(`PRAGMA user_version = ${knownFormat}`);
    }
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function formatOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
}

function hasTables(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() !== undefined;
}
