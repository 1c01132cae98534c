import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RecentData } from "./recent-data.ts";
import { type Due, type Entry, type List, isStored } from "./rows.ts";
import { prepared } from "./sqlite-file.ts";

/** Writes to the table, within transactions of the caller. */
export class TableWriter {
  readonly #putEntry: StatementSync;
  readonly #removeEntry: StatementSync;
  readonly #listId: StatementSync;
  readonly #putList: StatementSync;
  readonly #removeList: StatementSync;
  readonly #putMember: StatementSync;
  readonly #removeMembers: StatementSync;
  readonly #putDue: StatementSync;
  readonly #removeDue: StatementSync;
  readonly #expiredEntries: StatementSync;
  readonly #expiredLists: StatementSync;

  constructor(database: DatabaseSync) {
    const statement = (sql: string): StatementSync => prepared(database, sql);
    this.#putEntry = statement("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)");
    this.#removeEntry = statement("DELETE FROM entry WHERE key = ?");
    this.#listId = statement("SELECT id FROM list WHERE key = ?");
    this.#putList = statement("INSERT OR REPLACE INTO list VALUES (?, ?, ?, ?)");
    this.#removeList = statement("DELETE FROM list WHERE key = ?");
    this.#putMember = statement("INSERT OR REPLACE INTO member VALUES (?, ?, ?)");
    this.#removeMembers = statement("DELETE FROM member WHERE list = ?");
    this.#putDue = statement("INSERT OR REPLACE INTO due VALUES (?, ?, ?)");
    this.#removeDue = statement("DELETE FROM due WHERE idx = ? AND key = ?");
    this.#expiredEntries = statement("SELECT key FROM entry WHERE expires_at <= ? LIMIT ?");
    this.#expiredLists = statement("SELECT key FROM list WHERE expires_at <= ? LIMIT ?");
  }

  /** What is to be written so that the table says what `data` does: one function a key, in the order of the trees, so that neighbours are written together. */
  writesOf(data: RecentData, nowMs: number): readonly (() => void)[] {
    return [
      ...sorted(data.entries.entries()).map(
        ([key, entry]) =>
          () =>
            this.#writeEntry(key, entry, nowMs),
      ),
      ...sorted(data.lists.entries()).map(
        ([key, list]) =>
          () =>
            this.#writeList(key, list),
      ),
      ...sorted(data.due.entries()).map(
        ([, due]) =>
          () =>
            this.#writeDue(due),
      ),
    ];
  }

  /** Deletes up to `limit` entries and as many lists that have expired. False: there are no more. */
  reclaim(nowMs: number, limit: number): boolean {
    const entries = this.#expiredEntries.all(nowMs, limit) as unknown[] as [string][];
    for (const [key] of entries) this.#removeEntry.run(key);
    const lists = this.#expiredLists.all(nowMs, limit) as unknown[] as [string][];
    for (const [key] of lists) this.#dropList(key);
    return entries.length === limit || lists.length === limit;
  }

  #writeEntry(key: string, entry: Entry, nowMs: number): void {
    if (!isStored(entry) || entry.expiresAtMs <= nowMs) {
      this.#removeEntry.run(key);
      return;
    }
    const { value, version, expiresAtMs, tuple } = entry;
    this.#putEntry.run(key, value, version, columnOf(expiresAtMs), tuple ?? null);
  }

  #writeList(key: string, { id, size, expiresAtMs, recent }: List): void {
    if (this.#idOf(key) !== id) this.#dropList(key);
    if (size === 0) return;
    this.#putList.run(key, id, size, columnOf(expiresAtMs));
    recent.forEach((value, i) => this.#putMember.run(id, size - recent.length + i, value));
  }

  #writeDue({ index, key, dueAtMs }: Due): void {
    if (dueAtMs === undefined) this.#removeDue.run(index, key);
    else this.#putDue.run(index, key, dueAtMs);
  }

  #dropList(key: string): void {
    const id = this.#idOf(key);
    if (id === undefined) return;
    this.#removeMembers.run(id);
    this.#removeList.run(key);
  }

  #idOf(key: string): number | undefined {
    return (this.#listId.get(key) as [number] | undefined)?.[0];
  }
}

function sorted<Row>(pairs: Iterable<[string, Row]>): readonly [string, Row][] {
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
}

function columnOf(expiresAtMs: number): number | null {
  return expiresAtMs === Infinity ? null : expiresAtMs;
}
