import type { KeyValue } from "./key-value.ts";
import { decodeRecord } from "./record.ts";
import type { EtcdRecord } from "./record.ts";

/** What is believed to be under a key of etcd. */
export interface KnownEntry {
  /** 0 of both: nothing is there. */
  readonly createRevision: number;
  readonly modRevision: number;
  readonly record: EtcdRecord | undefined;
}

export const absentEntry: KnownEntry = { createRevision: 0, modRevision: 0, record: undefined };

export function knownFrom(read: KeyValue | undefined): KnownEntry {
  if (read === undefined) return absentEntry;
  return { createRevision: read.createRevision, modRevision: read.modRevision, record: decodeRecord(read.value) };
}
