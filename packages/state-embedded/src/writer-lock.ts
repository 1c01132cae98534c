import type { StatementSync } from "node:sqlite";
import { isBusy } from "./sqlite-errors.ts";
import { type SqliteFile, openSqliteFile, prepared } from "./sqlite-file.ts";

/**
 * Lets one process at a time write. It is the write lock of an empty SQLite database: Node offers no locks on files, and
 * SQLite has, on every system, one that the system gives back when its holder dies, however it dies.
 */
export class WriterLock {
  readonly #file: SqliteFile;
  readonly #begin: StatementSync;
  readonly #end: StatementSync;

  /** Throws as `openSqliteFile` does. */
  constructor(path: string) {
    this.#file = openSqliteFile(path, "");
    this.#begin = prepared(this.#file.database, "BEGIN IMMEDIATE");
    this.#end = prepared(this.#file.database, "COMMIT");
  }

  /** False: another has it. */
  tryTake(): boolean {
    try {
      this.#begin.run();
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }

  giveBack(): void {
    this.#end.run();
  }

  close(): void {
    this.#file.database.close();
  }
}
