import type { AuditRecord } from "./audit-record.ts";

/**
 * The bounded buffer between the road and the store: takes a record at once, hands batches to `AuditStore.append`.
 * Implemented in this file by `createAuditWriter`.
 */
export interface AuditWriter extends AsyncDisposable {
  /** False when the buffer is full: the record is dropped and counted (`best_effort`). Never waits. */
  record(record: AuditRecord): boolean;
  /** Calls `listener` with the ids of the records that have become durable. */
  onDurable(listener: (ids: readonly string[]) => void): void;
  /** Resolves when all that was recorded before is durable, or given up. */
  flush(): Promise<void>;
  readonly stats: { readonly buffered: number; readonly dropped: number; readonly written: number };
}
