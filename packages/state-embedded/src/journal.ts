import type { DatabaseSync, StatementSync } from "node:sqlite";
import { DataDamagedError } from "@acteon/core";
import { prepared } from "./state-files.ts";

/** Where a record lies in the ring, and the number it has. */
export interface Position {
  readonly slot: number;
  readonly seq: number;
}

/** Bytes of a row's blob: with its header the row fills one page of the tree, and none spills over. */
const chunkBytes = 8_136;

/** 64 MiB: two generations being written and compacted, and as much again as reserve. */
export const ringSlots = 8_192;

/** The number of bytes of the record stands before it. */
const lengthBytes = 4;

/**
 * The ring of rows in which records are written one after another, a record in as many rows as it fills. A row is
 * overwritten by one of the same size a lap later, so that nothing is allocated, freed or moved in the file: that makes a
 * record cost its bytes and little else.
 *
 * Whoever reads or appends holds a transaction. A reader that was asleep for a lap is told so, and must load anew.
 */
export class Journal {
  readonly #path: string;
  readonly #seqAt: StatementSync;
  readonly #dataAt: StatementSync;
  readonly #write: StatementSync;
  /** Holds the record that is written or read. */
  #buffer = Buffer.allocUnsafe(1 << 17);
  #next: Position = { slot: 0, seq: 1 };

  constructor(database: DatabaseSync, path: string) {
    this.#path = path;
    this.#seqAt = prepared(database, "SELECT seq FROM ring WHERE slot = ?");
    this.#dataAt = prepared(database, "SELECT data FROM ring WHERE slot = ?");
    this.#write = prepared(database, "INSERT OR REPLACE INTO ring VALUES (?, ?, ?)");
  }

  /** Of the record that is read or appended next. */
  get next(): Position {
    return this.#next;
  }

  moveTo(position: Position): void {
    this.#next = position;
  }

  /** The next record; `undefined` when there is none yet; `overtaken` when its rows were overwritten a lap later. */
  read(): string | "overtaken" | undefined {
    const { slot, seq } = this.#next;
    const found = this.#seqAt.get(slot) as [number] | undefined;
    if (found === undefined || found[0] < seq) return undefined;
    if (found[0] > seq) return "overtaken";
    const first = this.#chunk(slot);
    const bytes = new DataView(first.buffer, first.byteOffset).getUint32(0, true) + lengthBytes;
    const chunks = Math.ceil(bytes / chunkBytes);
    this.#reserve(chunks * chunkBytes);
    this.#buffer.set(first);
    for (let i = 1; i < chunks; i++) this.#buffer.set(this.#chunk((slot + i) % ringSlots), i * chunkBytes);
    this.#advance(chunks);
    return this.#buffer.toString("utf8", lengthBytes, bytes);
  }

  /** @returns How many rows it took. */
  append(record: string): number {
    const { slot, seq } = this.#next;
    const chunks = this.rowsOf(record);
    this.#reserve(chunks * chunkBytes);
    this.#buffer.writeUInt32LE(this.#buffer.write(record, lengthBytes, "utf8"));
    for (let i = 0; i < chunks; i++)
      this.#write.run((slot + i) % ringSlots, seq, this.#buffer.subarray(i * chunkBytes, (i + 1) * chunkBytes));
    this.#advance(chunks);
    return chunks;
  }

  rowsOf(record: string): number {
    return Math.ceil((lengthBytes + Buffer.byteLength(record, "utf8")) / chunkBytes);
  }

  #chunk(slot: number): Uint8Array {
    const row = this.#dataAt.get(slot) as [unknown] | undefined;
    if (!(row?.[0] instanceof Uint8Array) || row[0].byteLength !== chunkBytes)
      throw new DataDamagedError(`${this.#path}: a row of the journal is not whole; nothing was deleted`);
    return row[0];
  }

  #reserve(bytes: number): void {
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafe(2 * bytes);
  }

  #advance(chunks: number): void {
    const { slot, seq } = this.#next;
    this.#next = { slot: (slot + chunks) % ringSlots, seq: seq + 1 };
  }
}
