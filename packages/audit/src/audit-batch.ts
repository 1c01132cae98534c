import { decodeAuditRecord, encodeAuditRecord } from "./audit-record-codec.ts";
import type { AuditRecord } from "./audit-record.ts";

/**
 * Records on their way to a store, encoded once, soon after they were made: as objects waiting for the next flush they
 * would be copied by every garbage collection (2–4 µs a record at 100,000 a second), as bytes they cost nothing.
 */
export interface AuditBatch {
  /** How many records. */
  readonly count: number;
  /** `count` lines of `encodeAuditRecord`, each ended by a line feed; UTF-8. May lie in shared memory. */
  readonly lines: Uint8Array;
}

export function encodeAuditBatch(records: readonly AuditRecord[]): AuditBatch {
  const text = records.map((record) => `${encodeAuditRecord(record)}\n`).join("");
  return { count: records.length, lines: Buffer.from(text) };
}

/** @throws {DataDamagedError} A line is no record. */
export function decodeAuditBatch({ lines }: AuditBatch): AuditRecord[] {
  return Buffer.from(lines).toString().split("\n").slice(0, -1).map(decodeAuditRecord);
}
