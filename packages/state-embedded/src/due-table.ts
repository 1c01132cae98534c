import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type DueIndex, type StateKey, parseStateKey } from "@acteon/state";
import { prepared } from "./state-files.ts";

/** Keys by the time at which they are due, by `StateKey.fullText`, written in the transaction of their turn. */
export class DueTable {
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #isThere: StatementSync;
  readonly #due: StatementSync;

  constructor(database: DatabaseSync) {
    this.#put = prepared(database, "INSERT OR REPLACE INTO due VALUES (?, ?, ?)");
    this.#remove = prepared(database, "DELETE FROM due WHERE idx = ? AND key = ?");
    this.#isThere = prepared(database, "SELECT 1 FROM due WHERE idx = ? AND key = ?");
    this.#due = prepared(database, "SELECT key, due_at FROM due WHERE idx = ? AND due_at <= ? ORDER BY due_at LIMIT ?");
  }

  has(index: DueIndex, key: StateKey): boolean {
    return this.#isThere.get(index, key.fullText) !== undefined;
  }

  put(index: DueIndex, key: StateKey, dueAtMs: number): void {
    this.#put.run(index, key.fullText, dueAtMs);
  }

  remove(index: DueIndex, key: StateKey): void {
    this.#remove.run(index, key.fullText);
  }

  /** Up to `limit` entries due by `nowMs`, earliest first. */
  due(index: DueIndex, nowMs: number, limit: number): readonly { readonly key: StateKey; readonly dueAtMs: number }[] {
    const rows = this.#due.all(index, nowMs, limit) as unknown[] as [key: string, dueAtMs: number][];
    return rows.map(([key, dueAtMs]) => ({ key: parseStateKey(key), dueAtMs }));
  }
}
