import { AuditUnavailableError } from "@acteon/core";
import type { Clock } from "@acteon/core";
import type { AuditStore } from "./audit-store.ts";
import type { BatchBuffer } from "./batch-buffer.ts";

/** Two, so that the store has the next batch at hand while it makes one durable. */
const maxInFlight = 2;
const minBackoffMs = 50;
const maxBackoffMs = 5_000;

/** Told of each batch that leaves: stored, or with the error for which it never will be. */
export type OnSettled = (batch: BatchBuffer, fault?: { readonly cause: unknown }) => void;

/** After a fault the same batch would end the same way, and hold up all that come after it. */
type AppendEnd =
  | { readonly kind: "stored" }
  | { readonly kind: "unavailable" }
  | { readonly kind: "fault"; readonly cause: unknown };

interface QueuedBatch {
  readonly batch: BatchBuffer;
  readonly sequence: number;
  /** Handed to the store, which has not answered yet. */
  sent: boolean;
}

/**
 * Full batches on their way into the store, the oldest first. What the store could not take stays in its place and is
 * sent again, with doubling pauses. Nothing else is sent meanwhile.
 */
export class AppendQueue {
  readonly #store: Pick<AuditStore, "append">;
  readonly #clock: Clock;
  readonly #onSettled: OnSettled;
  readonly #batches: QueuedBatch[] = [];
  readonly #flushes = new Set<{ readonly upTo: number; readonly done: () => void }>();
  #sequence = 0;
  #inFlight = 0;
  #failuresInRow = 0;
  #cancelBackoff: (() => void) | undefined;

  constructor(store: Pick<AuditStore, "append">, clock: Clock, onSettled: OnSettled) {
    this.#store = store;
    this.#clock = clock;
    this.#onSettled = onSettled;
  }

  /** Would another batch have to wait before it is sent? */
  get full(): boolean {
    return this.#cancelBackoff !== undefined || this.#batches.length >= maxInFlight;
  }

  push(batch: BatchBuffer): void {
    this.#sequence += 1;
    this.#batches.push({ batch, sequence: this.#sequence, sent: false });
    this.#send();
  }

  /** Resolves once all that was pushed before has left, or after `maxMs`. Tries at once, also in a pause. */
  async flush(maxMs: number): Promise<void> {
    if (this.#batches.length === 0) return;
    this.#endBackoff();
    this.#send();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        cancelLimit();
        this.#flushes.delete(flush);
        resolve();
      };
      const cancelLimit = this.#clock.after(maxMs, done);
      const flush = { upTo: this.#sequence, done };
      this.#flushes.add(flush);
    });
  }

  /** Stops trying, and gives back what has not left; an answer that still comes is ignored. */
  giveUp(): readonly BatchBuffer[] {
    this.#endBackoff();
    return this.#batches.splice(0).map(({ batch }) => batch);
  }

  #send(): void {
    if (this.#cancelBackoff !== undefined) return;
    for (const queued of this.#batches) {
      if (this.#inFlight >= maxInFlight) return;
      if (!queued.sent) void this.#append(queued);
    }
  }

  async #append(queued: QueuedBatch): Promise<void> {
    queued.sent = true;
    this.#inFlight += 1;
    const end = await this.#endOf(queued.batch);
    this.#inFlight -= 1;
    if (end.kind === "unavailable") this.#keep(queued);
    else this.#leave(queued, end.kind === "fault" ? end : undefined);
    this.#send();
  }

  async #endOf(batch: BatchBuffer): Promise<AppendEnd> {
    try {
      await this.#store.append(batch);
      this.#failuresInRow = 0;
      return { kind: "stored" };
    } catch (cause) {
      return cause instanceof AuditUnavailableError ? { kind: "unavailable" } : { kind: "fault", cause };
    }
  }

  #leave(queued: QueuedBatch, fault?: { readonly cause: unknown }): void {
    const at = this.#batches.indexOf(queued);
    if (at === -1) return; // given up meanwhile
    this.#batches.splice(at, 1);
    this.#onSettled(queued.batch, fault);
    const oldest = this.#batches[0]?.sequence ?? Infinity;
    for (const { upTo, done } of this.#flushes) if (oldest > upTo) done();
  }

  #keep(queued: QueuedBatch): void {
    queued.sent = false;
    if (this.#cancelBackoff !== undefined || !this.#batches.includes(queued)) return;
    const delayMs = Math.min(minBackoffMs * 2 ** this.#failuresInRow, maxBackoffMs);
    this.#failuresInRow += 1;
    this.#cancelBackoff = this.#clock.after(delayMs, () => {
      this.#cancelBackoff = undefined;
      this.#send();
    });
  }

  #endBackoff(): void {
    this.#cancelBackoff?.();
    this.#cancelBackoff = undefined;
  }
}
