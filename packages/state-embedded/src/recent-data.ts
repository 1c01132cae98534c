import type { DueIndex } from "@acteon/state";
import { GenerationMap } from "./generation-map.ts";
import type { DataReader } from "./record.ts";
import { type Due, type Entry, type List, deletedEntry, deletedList, dueKey } from "./rows.ts";

/** What the records of a generation, or of two, leave of values, lists and due indexes. */
export class RecentData implements DataReader {
  readonly entries = new GenerationMap<Entry>();
  readonly lists = new GenerationMap<List>();
  readonly due = new GenerationMap<Due>();

  freeze(): void {
    for (const map of [this.entries, this.lists, this.due]) map.freeze();
  }

  dropFrozen(): void {
    for (const map of [this.entries, this.lists, this.due]) map.dropFrozen();
  }

  clear(): void {
    for (const map of [this.entries, this.lists, this.due]) map.clear();
  }

  put(key: string, value: string, version: number, expiresAtMs: number, tuple: string | undefined): void {
    this.entries.put(key, { value, version, expiresAtMs, tuple, isFirst: false });
  }

  remove(key: string, leavesNothing: boolean): void {
    if (leavesNothing) this.entries.forget(key);
    else this.entries.put(key, deletedEntry);
  }

  appendMember(key: string, id: number, ordinal: number, expiresAtMs: number, value: string): void {
    const active = this.lists.findActive(key);
    const recent = active?.id === id ? active.recent : [];
    recent.push(value);
    this.lists.put(key, { id, size: ordinal + 1, expiresAtMs, recent });
  }

  removeList(key: string): void {
    this.lists.put(key, deletedList);
  }

  putDue(index: DueIndex, key: string, dueAtMs: number): void {
    this.due.put(dueKey(index, key), { index, key, dueAtMs });
  }

  removeDue(index: DueIndex, key: string): void {
    this.due.put(dueKey(index, key), { index, key, dueAtMs: undefined });
  }
}
