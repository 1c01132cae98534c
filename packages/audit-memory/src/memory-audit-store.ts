import { compareInWindow, decodeAuditBatch, matchesRecord, nextCursorOf, pageWindow } from "@acteon/audit";
import type {
  AuditBatch,
  AuditFilter,
  AuditPage,
  AuditRecord,
  AuditResult,
  AuditScopeFilter,
  AuditStore,
} from "@acteon/audit";

export interface MemoryAuditOptions {
  /** The records appended first make room for those that come after this many; 10,000. */
  readonly maxRecords?: number;
}

/** A trail that lasts as long as the process. */
export function createMemoryAudit({ maxRecords = 10_000 }: MemoryAuditOptions = {}): AuditStore {
  return new MemoryAuditStore(maxRecords);
}

class MemoryAuditStore implements AuditStore {
  readonly #maxRecords: number;
  /** Appended and not yet asked for, as bytes: decoding costs more than storing, and most records are never read. */
  readonly #unread: AuditBatch[] = [];
  #unreadCount = 0;
  /** By id, in the order in which they were appended. */
  readonly #records = new Map<string, AuditRecord>();

  constructor(maxRecords: number) {
    this.#maxRecords = maxRecords;
  }

  async append({ count, lines }: AuditBatch): Promise<void> {
    this.#unread.push({ count, lines: Buffer.from(lines) });
    this.#unreadCount += count;
    for (let oldest = this.#unread[0]; oldest !== undefined; oldest = this.#unread[0]) {
      if (this.#unreadCount - oldest.count < this.#maxRecords) return;
      this.#unread.shift();
      this.#unreadCount -= oldest.count;
      this.#records.clear(); // all of them are older
    }
  }

  async query(filter: AuditFilter, page: AuditPage): Promise<AuditResult> {
    const window = pageWindow(page);
    const matching = this.#read()
      .filter((record) => matchesRecord(record, filter))
      .sort((a, b) => compareInWindow(a, b, window));
    const { after, offset, limit } = window;
    const from =
      after === undefined ? offset : matching.filter((record) => compareInWindow(record, after, window) <= 0).length;
    const records = matching.slice(from, from + limit);
    return {
      records,
      total: after === undefined ? matching.length : undefined,
      nextCursor: nextCursorOf(records, from + limit < matching.length, window),
    };
  }

  async get(actionId: string, scope: AuditScopeFilter | undefined): Promise<AuditRecord | undefined> {
    const { records } = await this.query({ actionId, scope }, { limit: 1 });
    return records[0];
  }

  async removeBefore(dispatchedAtMs: number): Promise<number> {
    let removed = 0;
    for (const record of this.#read()) {
      if (record.dispatchedAtMs < dispatchedAtMs && this.#records.delete(record.id)) removed += 1;
    }
    return removed;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #read(): AuditRecord[] {
    for (const batch of this.#unread.splice(0)) {
      for (const record of decodeAuditBatch(batch)) {
        if (!this.#records.has(record.id)) this.#records.set(record.id, record);
      }
    }
    this.#unreadCount = 0;
    for (const id of this.#records.keys()) {
      if (this.#records.size <= this.#maxRecords) break;
      this.#records.delete(id);
    }
    return [...this.#records.values()];
  }
}
