import type { Clock } from "@acteon/core";
import { AppendQueue } from "./append-queue.ts";
import { encodeAuditRecord } from "./audit-record-codec.ts";
import type { AuditRecord } from "./audit-record.ts";
import type { AuditStore } from "./audit-store.ts";
import { BatchBuffer, maxBytesOf } from "./batch-buffer.ts";
import { ProfileTexts } from "./profile-texts.ts";

/**
 * The bounded buffer between the road and the store: takes a record at once, hands batches to `AuditStore.append`.
 *
 *     record() → pending → (end of the turn) encoded into the open batch → (full, or `maxDelayMs` old) sealed → append
 *
 * A batch that the store could not take is sent again, before the younger ones. Only a full buffer loses records
 * (`best_effort`); each loss is counted and told. Disposing flushes first; the store is not disposed.
 */
export interface AuditWriter extends AsyncDisposable {
  /**
   * False when the buffer is full: the record is dropped and counted (`best_effort`). Never waits, never throws.
   * @param confirm Somebody waits for it to become durable (`onDurable`).
   */
  record(record: AuditRecord, confirm?: boolean): boolean;
  /** Calls `listener` with the ids of records to be confirmed that have become durable. */
  onDurable(listener: (ids: readonly string[]) => void): void;
  /** Resolves when all that was recorded before is durable, or after `maxFlushMs`. */
  flush(): Promise<void>;
  readonly stats: { readonly buffered: number; readonly dropped: number; readonly written: number };
}

export interface AuditWriterOptions {
  readonly store: Pick<AuditStore, "append">;
  readonly clock: Clock;
  /** Records taken and not yet durable; 100,000. */
  readonly maxBuffered?: number;
  /** Bytes encoded and not yet durable; 256 MiB. */
  readonly maxBufferedBytes?: number;
  /** Records of one append; 4,000. */
  readonly maxBatch?: number;
  /** How long a record waits for others before its batch is handed over; 40. */
  readonly maxDelayMs?: number;
  /** How long `flush` and disposal wait for a store that does not take the records; 5,000. */
  readonly maxFlushMs?: number;
  readonly onLost?: (loss: AuditLoss) => void;
}

/** Records that are not in the trail and will not be. */
export interface AuditLoss {
  readonly records: number;
  /** The buffer was full; the writer was closed before the store took them; the record or the store's code is faulty. */
  readonly reason: "full" | "closed" | "fault";
  readonly cause?: unknown;
}

export function createAuditWriter(options: AuditWriterOptions): AuditWriter {
  return new BufferedAuditWriter(options);
}

const batchBytes = 4 * 1024 * 1024;
/** Buffers kept for the next batches in calm times: those in flight, and the one that is filled. */
const calmBuffers = 3;
/** Encoding a record takes a µs: no turn of the event loop is held up for much longer than a ms. */
const maxEncodedPerTurn = 1_024;
/** Text is gathered up to this length before it becomes bytes: a call costs more than a copy. */
const textChunk = 32 * 1024;

class BufferedAuditWriter implements AuditWriter {
  readonly #clock: Clock;
  readonly #maxBuffered: number;
  readonly #maxBufferedBytes: number;
  readonly #maxBatch: number;
  readonly #maxDelayMs: number;
  readonly #maxFlushMs: number;
  readonly #onLost: (loss: AuditLoss) => void;
  readonly #listeners: ((ids: readonly string[]) => void)[] = [];

  #pending: AuditRecord[] = [];
  /** Those of the pending ones that somebody waits for. */
  readonly #toConfirm = new Set<AuditRecord>();
  readonly #profiles = new ProfileTexts();
  #open: BatchBuffer | undefined;
  #cancelDelay: (() => void) | undefined;
  readonly #queue: AppendQueue;
  readonly #spare: BatchBuffer[] = [];
  #closing: Promise<void> | undefined;

  #turnDeferred = false;
  #buffered = 0;
  #bufferedBytes = 0;
  #written = 0;
  #dropped = 0;
  #droppedThisTurn = 0;

  constructor(options: AuditWriterOptions) {
    this.#clock = options.clock;
    this.#maxBuffered = options.maxBuffered ?? 100_000;
    this.#maxBufferedBytes = options.maxBufferedBytes ?? 256 * 1024 * 1024;
    this.#maxBatch = options.maxBatch ?? 4_000;
    this.#maxDelayMs = options.maxDelayMs ?? 40;
    this.#maxFlushMs = options.maxFlushMs ?? 5_000;
    this.#onLost = options.onLost ?? (() => undefined);
    this.#queue = new AppendQueue(options.store, options.clock, this.#settled);
  }

  get stats(): AuditWriter["stats"] {
    return { buffered: this.#buffered, dropped: this.#dropped, written: this.#written };
  }

  onDurable(listener: (ids: readonly string[]) => void): void {
    this.#listeners.push(listener);
  }

  record(record: AuditRecord, confirm = false): boolean {
    if (!this.#turnDeferred) this.#deferTurn();
    if (
      this.#buffered >= this.#maxBuffered ||
      this.#bufferedBytes >= this.#maxBufferedBytes ||
      this.#closing !== undefined
    ) {
      this.#droppedThisTurn += 1;
      this.#dropped += 1;
      return false;
    }
    this.#buffered += 1;
    this.#pending.push(record);
    if (confirm) this.#toConfirm.add(record);
    return true;
  }

  async flush(): Promise<void> {
    this.#encode(this.#pending.splice(0));
    this.#seal();
    await this.#queue.flush(this.#maxFlushMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.flush();
    for (const batch of this.#queue.giveUp()) {
      this.#release(batch);
      this.#lose({ records: batch.count, reason: "closed" });
    }
  }

  #deferTurn(): void {
    this.#turnDeferred = true;
    this.#clock.defer(this.#endTurn);
  }

  readonly #endTurn = (): void => {
    this.#turnDeferred = false;
    if (this.#droppedThisTurn > 0) {
      this.#onLost({ records: this.#droppedThisTurn, reason: this.#closing === undefined ? "full" : "closed" });
      this.#droppedThisTurn = 0;
    }
    this.#encode(this.#pending.splice(0, maxEncodedPerTurn));
    if (this.#pending.length > 0) this.#deferTurn();
  };

  #encode(records: readonly AuditRecord[]): void {
    let text = "";
    let count = 0;
    let confirmed: string[] = [];
    for (const record of records) {
      try {
        text += encodeAuditRecord(record, this.#profiles) + "\n";
      } catch (cause) {
        this.#buffered -= 1;
        this.#lose({ records: 1, reason: "fault", cause });
        continue;
      }
      count++;
      if (this.#toConfirm.size > 0 && this.#toConfirm.delete(record)) confirmed.push(record.id);
      if (text.length >= textChunk || count + (this.#open?.count ?? 0) >= this.#maxBatch) {
        this.#write(text, count, confirmed);
        text = "";
        count = 0;
        confirmed = [];
      }
    }
    if (count > 0) this.#write(text, count, confirmed);
  }

  #write(text: string, count: number, confirmed: readonly string[]): void {
    if (this.#open?.hasRoomFor(text) === false) this.#seal();
    const batch = (this.#open ??= this.#newBatch(maxBytesOf(text)));
    const bytesBefore = batch.byteLength;
    batch.write(text, count);
    this.#bufferedBytes += batch.byteLength - bytesBefore;
    batch.confirmed.push(...confirmed);
    if (batch.count >= this.#maxBatch) this.#seal();
  }

  #newBatch(minBytes: number): BatchBuffer {
    this.#awaitMore();
    if (minBytes > batchBytes) return new BatchBuffer(minBytes);
    return this.#spare.pop() ?? new BatchBuffer(batchBytes);
  }

  #awaitMore(): void {
    this.#cancelDelay = this.#clock.after(this.#maxDelayMs, this.#delayOver);
  }

  readonly #delayOver = (): void => {
    // While the store is behind, fewer and larger batches help it most.
    if (this.#queue.full) {
      this.#awaitMore();
      return;
    }
    // Batches that go out before they are full are a sign of calm: what a burst has left is given up one by one.
    if (this.#spare.length > calmBuffers) this.#spare.pop();
    this.#seal();
  };

  #seal(): void {
    if (this.#open === undefined) return;
    this.#cancelDelay?.();
    const batch = this.#open;
    this.#open = undefined;
    this.#queue.push(batch);
  }

  readonly #settled = (batch: BatchBuffer, fault?: { readonly cause: unknown }): void => {
    this.#release(batch);
    if (fault === undefined) {
      this.#written += batch.count;
      if (batch.confirmed.length > 0) for (const listener of this.#listeners) listener(batch.confirmed);
    } else {
      this.#lose({ records: batch.count, reason: "fault", cause: fault.cause });
    }
    if (batch.capacity === batchBytes) {
      batch.clear();
      this.#spare.push(batch);
    }
  };

  #release(batch: BatchBuffer): void {
    this.#buffered -= batch.count;
    this.#bufferedBytes -= batch.byteLength;
  }

  #lose(loss: AuditLoss): void {
    this.#dropped += loss.records;
    this.#onLost(loss);
  }
}
