import type { AuditBatch } from "./audit-batch.ts";

/**
 * A batch while it is filled and until it is durable. Its bytes lie in shared memory, so that a store's worker reads
 * them where they are; once the store has answered, the writer fills the same memory again.
 */
export class BatchBuffer implements AuditBatch {
  readonly #bytes: Buffer;
  #length = 0;
  count = 0;
  /** The ids of the records of which somebody waits until they are durable. */
  confirmed: string[] = [];

  constructor(capacity: number) {
    this.#bytes = Buffer.from(new SharedArrayBuffer(capacity));
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  get byteLength(): number {
    return this.#length;
  }

  get lines(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Is there room for the text, whatever its characters? */
  hasRoomFor(text: string): boolean {
    return this.#length + maxBytesOf(text) <= this.#bytes.length;
  }

  /** @param text Lines of `records` records; there must be room for it. */
  write(text: string, records: number): void {
    this.#length += this.#bytes.write(text, this.#length);
    this.count += records;
  }

  clear(): void {
    this.#length = 0;
    this.count = 0;
    this.confirmed = [];
  }
}

/** UTF-8 needs at most three bytes for a UTF-16 unit. */
export function maxBytesOf(text: string): number {
  return text.length * 3;
}
