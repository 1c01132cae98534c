import { join } from "node:path";
import type { StatementSync } from "node:sqlite";
import type { DueIndex, TextRange } from "@acteon/state";
import type { Entry, ListHead } from "./rows.ts";
import { type SqliteFile, openSqliteFile, prepared } from "./sqlite-file.ts";

const schema = `
  CREATE TABLE entry (
    key TEXT PRIMARY KEY, -- StateKey.text
    value TEXT NOT NULL, version INTEGER NOT NULL,
    expires_at INTEGER, -- epoch ms; NULL: never
    tuple TEXT -- StateKey.fullText of a collapsed key
  ) WITHOUT ROWID;
  CREATE INDEX entry_expiry ON entry (expires_at) WHERE expires_at IS NOT NULL;
  -- The keys of lists and due indexes are StateKey.fullText.
  CREATE TABLE list (key TEXT PRIMARY KEY, id INTEGER NOT NULL, size INTEGER NOT NULL, expires_at INTEGER) WITHOUT ROWID;
  CREATE INDEX list_expiry ON list (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE member (list INTEGER, ordinal INTEGER, value TEXT NOT NULL, PRIMARY KEY (list, ordinal)) WITHOUT ROWID;
  CREATE TABLE due (idx TEXT, key TEXT, due_at INTEGER NOT NULL, PRIMARY KEY (idx, key)) WITHOUT ROWID;
  CREATE INDEX due_order ON due (idx, due_at);
  CREATE TABLE meta (only INTEGER PRIMARY KEY CHECK (only = 1), compacted INTEGER NOT NULL);
  INSERT INTO meta VALUES (1, 0);
`;

/** How many entries a page of a scan has: some 100 µs. */
export const pageSize = 256;

/** Throws as `openSqliteFile` does. */
export function openTableFile(directory: string): SqliteFile {
  return openSqliteFile(join(directory, "table.db"), schema);
}

type EntryRow = [value: string, version: number, expiresAtMs: number | null, tuple: string | null];

/** What has left the journal. Read here; only the compactor writes it. */
export class Table {
  readonly #begin: StatementSync;
  readonly #end: StatementSync;
  readonly #compacted: StatementSync;
  readonly #entry: StatementSync;
  readonly #page: StatementSync;
  readonly #list: StatementSync;
  readonly #members: StatementSync;
  readonly #dueAt: StatementSync;
  readonly #due: StatementSync;
  readonly #nextExpiry: StatementSync;
  #isReading = false;

  constructor({ database }: SqliteFile) {
    const statement = (sql: string): StatementSync => prepared(database, sql);
    this.#begin = statement("BEGIN");
    this.#end = statement("COMMIT");
    this.#compacted = statement("SELECT compacted FROM meta");
    this.#entry = statement("SELECT value, version, expires_at, tuple FROM entry WHERE key = ?");
    this.#page = statement(
      `SELECT value, version, expires_at, tuple, key FROM entry WHERE key >= ? AND key < ? ORDER BY key LIMIT ${pageSize}`,
    );
    this.#list = statement("SELECT id, size, expires_at FROM list WHERE key = ?");
    this.#members = statement("SELECT value FROM member WHERE list = ? AND ordinal < ? ORDER BY ordinal");
    this.#dueAt = statement("SELECT due_at FROM due WHERE idx = ? AND key = ?");
    this.#due = statement("SELECT key, due_at FROM due WHERE idx = ? AND due_at <= ? ORDER BY due_at LIMIT ? OFFSET ?");
    this.#nextExpiry = statement(
      `SELECT min(at) FROM (
        SELECT min(expires_at) AS at FROM entry WHERE expires_at IS NOT NULL
        UNION ALL SELECT min(expires_at) FROM list WHERE expires_at IS NOT NULL)`,
    );
  }

  /** The last generation of the journal that is all in the table, at this moment. */
  compacted(): number {
    this.endReading();
    return (this.#compacted.get() as unknown as [number])[0];
  }

  findEntry(key: string): Entry | undefined {
    this.#beginReading();
    const row = this.#entry.get(key) as EntryRow | undefined;
    return row === undefined ? undefined : entryOf(row);
  }

  /** Up to `pageSize` entries from the beginning of a range. */
  page({ from, to }: TextRange): readonly (readonly [key: string, entry: Entry])[] {
    this.#beginReading();
    return (this.#page.all(from, to) as unknown[] as [...EntryRow, string][]).map((row) => [row[4], entryOf(row)]);
  }

  findList(key: string): ListHead | undefined {
    this.#beginReading();
    const row = this.#list.get(key) as [id: number, size: number, expiresAtMs: number | null] | undefined;
    return row === undefined ? undefined : { id: row[0], size: row[1], expiresAtMs: row[2] ?? Infinity };
  }

  /** The members of a list that stand before that place. */
  members(list: number, before: number): readonly string[] {
    this.#beginReading();
    return (this.#members.all(list, before) as unknown[] as [string][]).map(([value]) => value);
  }

  findDue(index: DueIndex, key: string): number | undefined {
    this.#beginReading();
    return (this.#dueAt.get(index, key) as [number] | undefined)?.[0];
  }

  /** Up to `limit` keys due by `nowMs`, earliest first, without the first `skip`. */
  due(
    index: DueIndex,
    nowMs: number,
    limit: number,
    skip: number,
  ): readonly (readonly [key: string, dueAtMs: number])[] {
    this.#beginReading();
    return this.#due.all(index, nowMs, limit, skip) as unknown[] as [string, number][];
  }

  /** When the first of all entries and lists expires; epoch ms. */
  nextExpiryAtMs(): number | undefined {
    this.#beginReading();
    return (this.#nextExpiry.get() as unknown as [number | null])[0] ?? undefined;
  }

  /** Has the turn read from it? */
  get isReading(): boolean {
    return this.#isReading;
  }

  /** Ends the reading of a turn. */
  endReading(): void {
    if (!this.#isReading) return;
    this.#isReading = false;
    this.#end.run();
  }

  /**
   * The first read of a turn begins a transaction, which saves every further one the opening of its own. It begins after the
   * turn has read the journal, so the table is at least as new as the journal says.
   */
  #beginReading(): void {
    if (this.#isReading) return;
    this.#begin.run();
    this.#isReading = true;
  }
}

/** Where a range goes on behind a key: a space is less than whatever a longer key may have there. */
export function justBehind(key: string): string {
  return `${key} `;
}

function entryOf([value, version, expiresAtMs, tuple]: EntryRow | [...EntryRow, string]): Entry {
  return {
    value,
    version,
    expiresAtMs: expiresAtMs ?? Infinity,
    tuple: tuple ?? undefined,
    isFirst: false,
  };
}
