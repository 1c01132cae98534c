import { DatabaseSync, type StatementSync } from "node:sqlite";
import { DataDamagedError, DataTooNewError } from "@acteon/core";
import { asStoreError, isBusy } from "./sqlite-errors.ts";

/** Of everything in the directory, kept as `PRAGMA user_version`. */
const knownFormat = 1;

/** How long SQLite itself waits for others while a file is opened. Afterwards it does not wait. */
const openingBusyMs = 5_000;
/** How long is waited between two attempts where it does not wait while a file is opened either. */
const openingPauseMs = 5;

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
    const { format, tables } = contentsOf(database);
    if (format > knownFormat) throw new DataTooNewError(path, { foundFormat: format, knownFormat });
    if (format === 0 && tables > 0) throw new DataDamagedError(`${path}: a database, but not one of ours`);
    turnToWal(database);
    database.exec("PRAGMA synchronous = NORMAL");
    database.exec(`PRAGMA journal_size_limit = ${maxLogBytes}`);
    if (format === 0) makeTables(database, schema);
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

/** Both as of one moment: another process may be making the tables. */
function contentsOf(database: DatabaseSync): { readonly format: number; readonly tables: number } {
  database.exec("BEGIN");
  try {
    const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() ?? {};
    return { format: formatOf(database), tables: Number(tables) };
  } finally {
    if (database.isTransaction) database.exec("ROLLBACK");
  }
}

/** Who turns a new file to this mode while others do so is refused at once: SQLite waits for nobody who would wait for it. */
function turnToWal(database: DatabaseSync): void {
  for (let leftMs = openingBusyMs; ; leftMs -= openingPauseMs)
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || leftMs <= 0) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, openingPauseMs);
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
