import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { TextRange } from "@acteon/state";
import type { Entry } from "./memtable.ts";
import { prepared } from "./state-files.ts";

type Row = [value: string, version: number, expiresAtMs: number | null, tuple: string | null];

/** How many rows a scan reads at a time: some 100 µs. */
export const pageRows = 256;

/** Values by key, as far as they have left the journal. Read here; written by the compactor. */
export class EntryTable {
  readonly #begin: StatementSync;
  readonly #end: StatementSync;
  readonly #find: StatementSync;
  readonly #page: StatementSync;
  readonly #compactedSeq: StatementSync;
  readonly #nextExpiry: StatementSync;
  #isReading = false;

  constructor(database: DatabaseSync) {
    this.#begin = prepared(database, "BEGIN");
    this.#end = prepared(database, "COMMIT");
    this.#find = prepared(database, "SELECT value, version, expires_at, tuple FROM entry WHERE key = ?");
    this.#page = prepared(
      database,
      `SELECT value, version, expires_at, tuple, key FROM entry WHERE key >= ? AND key < ? ORDER BY key LIMIT ${pageRows}`,
    );
    this.#compactedSeq = prepared(database, "SELECT compacted_seq FROM meta");
    this.#nextExpiry = prepared(database, "SELECT min(expires_at) FROM entry WHERE expires_at IS NOT NULL");
  }

  find(text: string): Entry | undefined {
    this.#beginReading();
    const row = this.#find.get(text) as Row | undefined;
    return row === undefined ? undefined : entryOf(row);
  }

  /** Up to `pageRows` entries from the beginning of a range. */
  page({ from, to }: TextRange): readonly (readonly [text: string, entry: Entry])[] {
    this.#beginReading();
    return (this.#page.all(from, to) as unknown[] as [...Row, string][]).map((row) => [row[4], entryOf(row)]);
  }

  endReading(): void {
    if (!this.#isReading) return;
    this.#isReading = false;
    this.#end.run();
  }

  /** Everything up to that record of the journal is in the table. */
  compactedSeq(): number {
    return (this.#compactedSeq.get() as unknown as [number])[0];
  }

  /** When the first of all entries expires; epoch ms. */
  nextExpiryAtMs(): number | undefined {
    return (this.#nextExpiry.get() as unknown as [number | null])[0] ?? undefined;
  }

  /**
   * The first read of a turn begins a transaction, which saves every further one the opening of its own. It begins within
   * the turn's, so that the table is at least as new as the journal says.
   */
  #beginReading(): void {
    if (this.#isReading) return;
    this.#begin.run();
    this.#isReading = true;
  }
}

/** Where the range goes on after an entry: a space is less than whatever a longer key may have there. */
export function justAfter(text: string): string {
  return `${text} `;
}

function entryOf([value, version, expiresAtMs, tuple]: Row | [...Row, string]): Entry {
  return {
    value,
    version,
    expiresAtMs: expiresAtMs ?? Infinity,
    tuple: tuple ?? undefined,
    isFirst: false,
  };
}
