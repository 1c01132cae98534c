import type { StateKey } from "@acteon/state";
import type { Journal } from "./journal.ts";
import { MinHeap } from "./min-heap.ts";
import { DueRow } from "./rows.ts";
import { Table } from "./table.ts";
import type { Row } from "./table.ts";

/**
 * Keys by the time at which they are due. The table says what is indexed; the heap may also hold rows that were moved or
 * removed since, which are passed over at their turn.
 */
export class DueTable {
  readonly #rows: Table<DueRow>;
  #heap = dueHeap();

  constructor(journal: Journal<Row>) {
    this.#rows = new Table(journal);
  }

  put(key: StateKey, dueAtMs: number): void {
    const row = new DueRow(key, dueAtMs);
    this.#rows.put(row, this.#rows.find(key));
    this.#heap.push(row);
  }

  /** False if it was not there. */
  remove(key: StateKey): boolean {
    const row = this.#rows.find(key);
    if (row !== undefined) this.#rows.remove(row);
    return row !== undefined;
  }

  /** Up to `limit` entries due by `nowMs`, earliest first; they are due again `holdMs` later, or stay as they are if that is 0. */
  take(nowMs: number, limit: number, holdMs: number): readonly DueRow[] {
    const taken: DueRow[] = [];
    while (taken.length < limit) {
      const row = this.#heap.least();
      if (row === undefined || row.dueAtMs > nowMs) break;
      this.#heap.popLeast();
      if (this.#rows.find(row.key) === row) taken.push(row);
    }
    for (const row of taken) {
      if (holdMs === 0) this.#heap.push(row);
      else this.put(row.key, nowMs + holdMs);
    }
    return taken;
  }

  /** Builds the heap anew once most of it is passed over. Not within a group, which may yet put an old row back. */
  compact(): void {
    if (this.#heap.size < 2 * this.#rows.size + worthCompacting) return;
    this.#heap = dueHeap();
    for (const row of this.#rows.rows()) this.#heap.push(row);
  }
}

const worthCompacting = 1_024;

function dueHeap(): MinHeap<DueRow> {
  return new MinHeap((row) => row.dueAtMs);
}
