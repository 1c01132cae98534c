import type { DueIndex } from "@acteon/state";

/** A value, or the mark that there is none. */
export interface Entry {
  /** `undefined`: deleted. */
  readonly value: string | undefined;
  readonly version: number;
  /** Epoch ms; Infinity: never. */
  readonly expiresAtMs: number;
  /** `StateKey.fullText` of a collapsed key, compared on read (guarantees K3). */
  readonly tuple: string | undefined;
  /** When it was written there was nothing below it, not even something expired: once deleted, it needs no mark. */
  readonly isFirst: boolean;
}

export type StoredEntry = Entry & { readonly value: string };

export function isStored(entry: Entry): entry is StoredEntry {
  return entry.value !== undefined;
}

export const deletedEntry: Entry = {
  value: undefined,
  version: 0,
  expiresAtMs: Infinity,
  tuple: undefined,
  isFirst: false,
};

/** A list as far as the table knows it. */
export interface ListHead {
  /** Another for each list that ever began under the key. */
  readonly id: number;
  readonly size: number;
  /** Epoch ms; Infinity: never. */
  readonly expiresAtMs: number;
}

/** A list in a generation, or the mark that there is none: its size is 0 then. */
export interface List extends ListHead {
  /** The last of its members, those that this generation has appended. */
  readonly recent: string[];
}

export const deletedList: List = { id: 0, size: 0, expiresAtMs: Infinity, recent: [] };

/** A key in a due index, or the mark that it is not there. */
export interface Due {
  readonly index: DueIndex;
  /** `StateKey.fullText`. */
  readonly key: string;
  /** `undefined`: removed. */
  readonly dueAtMs: number | undefined;
}

/** Under which a row of a due index lies. */
export function dueKey(index: DueIndex, key: string): string {
  return `${index}\n${key}`;
}
