import type { DatabaseSync, StatementSync } from "node:sqlite";
import { prepared } from "./state-files.ts";

/** A list that lives. */
export interface ListHead {
  readonly id: number;
  readonly size: number;
}

/** Lists, by `StateKey.fullText`. Rare beside values, and so written where they stay, in the transaction of their turn. */
export class ListTable {
  readonly #head: StatementSync;
  readonly #create: StatementSync;
  readonly #grow: StatementSync;
  readonly #addMember: StatementSync;
  readonly #values: StatementSync;
  readonly #deleteHead: StatementSync;
  readonly #deleteMembers: StatementSync;
  readonly #expired: StatementSync;
  readonly #nextExpiry: StatementSync;

  constructor(database: DatabaseSync) {
    this.#head = prepared(database, "SELECT id, size, expires_at FROM list WHERE key = ?");
    this.#create = prepared(database, "INSERT INTO list (key, size, expires_at) VALUES (?, 0, ?) RETURNING id");
    this.#grow = prepared(database, "UPDATE list SET size = size + 1 WHERE id = ?");
    this.#addMember = prepared(database, "INSERT INTO member VALUES (?, ?, ?)");
    this.#values = prepared(database, "SELECT value FROM member WHERE list = ? ORDER BY ordinal");
    this.#deleteHead = prepared(database, "DELETE FROM list WHERE key = ? RETURNING id");
    this.#deleteMembers = prepared(database, "DELETE FROM member WHERE list = ?");
    this.#expired = prepared(database, "SELECT key FROM list WHERE expires_at <= ? LIMIT ?");
    this.#nextExpiry = prepared(database, "SELECT min(expires_at) FROM list WHERE expires_at IS NOT NULL");
  }

  find(key: string, nowMs: number): ListHead | undefined {
    const row = this.#head.get(key) as [id: number, size: number, expiresAtMs: number | null] | undefined;
    if (row === undefined || (row[2] !== null && row[2] <= nowMs)) return undefined;
    return { id: row[0], size: row[1] };
  }

  /** @param head What `find` gave; without one the list begins, and lives until `expiresAtMs`. */
  append(key: string, head: ListHead | undefined, value: string, expiresAtMs: number): void {
    const { id, size } = head ?? this.#begin(key, expiresAtMs);
    this.#addMember.run(id, size, value);
    this.#grow.run(id);
  }

  values({ id }: ListHead): readonly string[] {
    return (this.#values.all(id) as unknown[] as [string][]).map(([value]) => value);
  }

  delete(key: string): void {
    const row = this.#deleteHead.get(key) as [number] | undefined;
    if (row !== undefined) this.#deleteMembers.run(row[0]);
  }

  /** Up to `limit` lists that have expired are deleted; returns how many. */
  reclaim(nowMs: number, limit: number): number {
    const expired = this.#expired.all(nowMs, limit) as unknown[] as [string][];
    for (const [key] of expired) this.delete(key);
    return expired.length;
  }

  /** When the first of all lists expires; epoch ms. */
  nextExpiryAtMs(): number | undefined {
    return (this.#nextExpiry.get() as unknown as [number | null])[0] ?? undefined;
  }

  #begin(key: string, expiresAtMs: number): ListHead {
    this.delete(key); // an expired one of that name
    const [id] = this.#create.get(key, expiresAtMs === Infinity ? null : expiresAtMs) as unknown as [number];
    return { id, size: 0 };
  }
}
