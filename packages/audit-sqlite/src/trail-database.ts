import { DatabaseSync } from "node:sqlite";
import { AuditUnavailableError, DataDamagedError, DataTooNewError } from "@acteon/core";

export interface TrailLocation {
  readonly path: string;
  /** A commit waits for the flush of the disk, and so survives a power loss; without, `kill -9`. */
  readonly sync: boolean;
  /** How long a write waits for one of another process. */
  readonly busyMs: number;
}

/** The format that this version reads and writes: SQLite's `user_version`. */
const knownFormat = 1;
/** "ACTR": tells a trail from any other SQLite file. */
const applicationId = 0x41435452;
/**
 * A connection to the trail, which is created if it is not there. Several processes may hold one each.
 *
 * A segment is one row in each of four tables: what queries ask, what finds a record or an action by id, and the records.
 * So a question reads no more than it needs, and retention deletes four rows.
 *
 * @throws {DataTooNewError} @throws {DataDamagedError} @throws {AuditUnavailableError} It cannot be opened.
 */
export function openTrailDatabase(location: TrailLocation): DatabaseSync {
  return answered(location, () => {
    const database = new DatabaseSync(location.path, { timeout: location.busyMs });
    try {
      prepare(database, location);
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  });
}

function prepare(database: DatabaseSync, { path, sync, busyMs }: TrailLocation): void {
  const found = pragma(database, "user_version");
  if (found > knownFormat) throw new DataTooNewError(path, { foundFormat: found, knownFormat });
  if (found !== 0 && pragma(database, "application_id") !== applicationId) throw notATrail(path);
  turnToWal(database, busyMs);
  database.exec(`
    PRAGMA synchronous = ${sync ? "FULL" : "NORMAL"};
    PRAGMA journal_size_limit = ${64 * 1024 * 1024};
    PRAGMA wal_autocheckpoint = 2000;
    PRAGMA cache_size = -2000;
  `);
  if (found === knownFormat) return;
  inTransaction(database, () => {
    if (pragma(database, "user_version") !== 0) return; // another process was first
    const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() ?? {};
    if (tables !== 0) throw notATrail(path);
    database.exec(schema);
  });
}

/** While others turn a new file to this mode SQLite refuses at once, and does not wait. */
function turnToWal(database: DatabaseSync, busyMs: number): void {
  const wake = new Int32Array(new SharedArrayBuffer(4));
  for (let leftMs = busyMs; ; leftMs -= walPauseMs)
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (sqliteCode(error) !== sqliteBusy || leftMs <= 0) throw error;
      Atomics.wait(wake, 0, 0, walPauseMs);
    }
}

const walPauseMs = 5;

const schema = `
  CREATE TABLE segment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rows INTEGER NOT NULL,
    min_at REAL NOT NULL,
    max_at REAL NOT NULL,
    min_id BLOB NOT NULL,
    max_id BLOB NOT NULL,
    action_filter BLOB NOT NULL,
    columns BLOB NOT NULL
  ) STRICT;
  CREATE TABLE segment_record_ids (segment INTEGER PRIMARY KEY, ids BLOB NOT NULL) STRICT;
  CREATE TABLE segment_action_ids (segment INTEGER PRIMARY KEY, ids BLOB NOT NULL) STRICT;
  CREATE TABLE segment_body (segment INTEGER PRIMARY KEY, blocks BLOB NOT NULL) STRICT;
  CREATE INDEX segment_by_time ON segment (max_at, min_at, rows);
  CREATE INDEX segment_by_id ON segment (max_id, min_id);
  CREATE INDEX segment_by_rows ON segment (rows, min_at);
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${knownFormat};
`;

function pragma(database: DatabaseSync, name: "user_version" | "application_id"): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function notATrail(path: string): DataDamagedError {
  return new DataDamagedError(`${path} is an SQLite file, but no audit trail`);
}

/** Runs `write` in a transaction that holds the write lock from its beginning: what it reads stays true until it ends. */
export function inTransaction<T>(database: DatabaseSync, write: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = write();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** Turns the refusals of SQLite into what the contract knows; anything else is our fault and passes. */
export function answered<T>({ path }: Pick<TrailLocation, "path">, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    const code = sqliteCode(cause);
    if (!(cause instanceof Error) || code === undefined) throw cause;
    if (code === sqliteCorrupt || code === sqliteNotADatabase) {
      throw new DataDamagedError(`the audit trail ${path} is damaged: nothing was deleted`, { cause });
    }
    // What SQLite says is its own text: it quotes no row.
    throw new AuditUnavailableError(`the audit trail ${path} cannot be read or written: ${cause.message}`, { cause });
  }
}

const sqliteBusy = 5;
const sqliteCorrupt = 11;
const sqliteNotADatabase = 26;

/** The primary result code (https://www.sqlite.org/rescode.html): the low byte of the extended one. */
function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : undefined;
}
