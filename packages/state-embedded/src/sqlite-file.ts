import { DatabaseSync, type StatementSync } from "node:sqlite";
import { DataDamagedError, DataTooNewError } from "@acteon/core";
import { asStoreError } from "./sqlite-errors.ts";

/** Of everything in the directory, kept as `PRAGMA user_version`. */
const knownFormat = 1;

/** How long SQLite itself waits for others while a file is opened. Afterwards it does not wait. */
const openingBusyMs = 5_000;

/** To this size a write-ahead log is cut back when it begins anew. */
const maxLogBytes = 16 * 1_024 * 1_024;

export interface SqliteFile {
  readonly path: string;
  readonly database: DatabaseSync;
}

/**
 * Opens a database in WAL mode, and makes its tables if it is new.
 * @throws {DataTooNewError} Written by a newer version.
 * @throws {DataDamagedError} Not a database, or not one of ours.
 * @throws {StateUnavailableError} It cannot be opened, read or written.
 */
export function openSqliteFile(path: string, schema: string): SqliteFile {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: openingBusyMs });
    const foundFormat = formatOf(database);
    if (foundFormat > knownFormat) throw new DataTooNewError(path, { foundFormat, knownFormat });
    if (foundFormat === 0 && hasTables(database))
      throw new DataDamagedError(`${path}: a database, but not one of ours`);
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = NORMAL");
    database.exec(`PRAGMA journal_size_limit = ${maxLogBytes}`);
    if (foundFormat === 0) makeTables(database, schema);
    database.exec("PRAGMA busy_timeout = 0");
    return { path, database };
  } catch (error) {
    database?.close();
    throw asStoreError(error, path);
  }
}

/** A statement that is kept, since preparing costs more than running; its rows come as arrays. */
export function prepared(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
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
