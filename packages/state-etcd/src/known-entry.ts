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

/** Bounds of what is remembered (guarantees O1). */
const maxEntries = 50_000;
const maxChars = 32 * 1_048_576;

/**
 * What this process last saw under the keys that it uses, so that a transaction need not be preceded by a read: it asks etcd
 * whether that is still there. Whoever is not remembered is guessed to be absent. The longest untouched are forgotten.
 */
export class RecentEntries {
  readonly #entries = new Map<string, KnownEntry>();
  #chars = 0;

  get(raw: string): KnownEntry {
    return this.#entries.get(raw) ?? absentEntry;
  }

  put(raw: string, entry: KnownEntry): void {
    this.forget(raw);
    if (entry.record === undefined) return;
    this.#entries.set(raw, entry);
    this.#chars += charsOf(entry.record);
    while (this.#entries.size > maxEntries || this.#chars > maxChars) this.#forgetOldest();
  }

  forget(raw: string): void {
    const entry = this.#entries.get(raw);
    if (entry?.record === undefined) return;
    this.#entries.delete(raw);
    this.#chars -= charsOf(entry.record);
  }

  #forgetOldest(): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.forget(oldest);
  }
}

function charsOf(record: EtcdRecord): number {
  if (record.kind === "value") return record.value.length;
  if (record.kind === "list") return record.members.reduce((sum, member) => sum + member.length, 0);
  return 0;
}
