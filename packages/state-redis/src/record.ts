import { DataDamagedError } from "@acteon/core";
import type { StateKey, StoredValue, Version } from "@acteon/state";

/** Places in a record, as `apply-script.ts` writes it. */
const lifeAt = 16;
const markAt = 29;

/** As it stands in the record: 16 digits, which µs have since 2001. */
export function versionOf(stamp: number): Version {
  return String(stamp).padStart(lifeAt, "0") as Version;
}

/** @throws {DataDamagedError} It is no record of a value, or that of another key with the same digest (guarantees K3). */
export function decodeRecord(record: string, key: StateKey, nowMs: number): StoredValue {
  const { fullText, value } = splitRecord(record);
  if (fullText !== undefined && fullText !== key.fullText)
    throw new DataDamagedError("a record in Redis is of another key than the one that it lies under");
  return {
    value,
    version: record.slice(0, lifeAt) as Version,
    remainingMs: remainingMs(Number(record.slice(lifeAt, markAt)), nowMs),
  };
}

export function isLease(record: string): boolean {
  return record[markAt] === "u" || record[markAt] === "f";
}

/** `fullText`: of a collapsed key. @throws {DataDamagedError} It is no record of a value. */
export function splitRecord(record: string): { readonly fullText: string | undefined; readonly value: string } {
  const mark = record[markAt];
  if (mark === ":") return { fullText: undefined, value: record.slice(markAt + 1) };
  const end = record.indexOf("\n", markAt);
  if (mark !== "=" || end === -1) throw new DataDamagedError("a record in Redis is not laid out as ours are");
  return { fullText: record.slice(markAt + 1, end), value: record.slice(end + 1) };
}

/** At least 1: that the record was found means that it lives, if only for the rest of this ms. */
export function remainingMs(lastMs: number, nowMs: number): number | undefined {
  return lastMs === 0 ? undefined : Math.max(1, lastMs + 1 - nowMs);
}
