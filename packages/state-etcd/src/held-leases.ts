import type { Clock } from "@acteon/core";
import type { StateKey } from "@acteon/state";
import type { EndLease } from "./etcd-operation.ts";

/** A lock that this process wrote last. */
interface HeldLease {
  readonly lock: StateKey;
  readonly owner: string;
  /** `undefined`: the answer to the write was lost. */
  readonly modRevision: number | undefined;
  readonly leaseMs: number;
  /** Monotonic: counted from before the write left, so never later than its holder can prove (guarantees L4). */
  readonly endsAtMs: number;
}

/** After an attempt to end a lease that had no answer. */
const retryMs = 250;

/**
 * The leases that this process gave, each of which it ends when it is over: all of them hang on the few leases that etcd keeps
 * for the process, and those end only when the process does, or is cut off (guarantees L6: no wall clock has a part in this).
 */
export class HeldLeases {
  readonly #clock: Clock;
  readonly #onOver: (ended: readonly EndLease[]) => void;
  readonly #byRaw = new Map<string, HeldLease>();
  /** By length, each in the order in which they end. */
  readonly #byLength = new Map<number, Map<string, HeldLease>>();
  #timer: { readonly atMs: number; readonly cancel: () => void } | undefined;

  /** @param onOver Told of leases that are over, and no longer held here; what it cannot end comes back by `again`. */
  constructor(clock: Clock, onOver: (ended: readonly EndLease[]) => void) {
    this.#clock = clock;
    this.#onOver = onOver;
  }

  begin(raw: string, lease: Omit<HeldLease, "endsAtMs"> & { readonly sentAtMs: number }): void {
    const { lock, owner, modRevision, leaseMs, sentAtMs } = lease;
    this.#put(raw, { lock, owner, modRevision, leaseMs, endsAtMs: sentAtMs + leaseMs });
  }

  extend(raw: string, leaseMs: number, sentAtMs: number): void {
    const held = this.#byRaw.get(raw);
    if (held !== undefined) this.#put(raw, { ...held, leaseMs, endsAtMs: sentAtMs + leaseMs });
  }

  end(raw: string): void {
    const held = this.#byRaw.get(raw);
    if (held === undefined) return;
    this.#byRaw.delete(raw);
    const ofLength = this.#byLength.get(held.leaseMs);
    ofLength?.delete(raw);
    if (ofLength?.size === 0) this.#byLength.delete(held.leaseMs);
  }

  /** The lease could not be ended: soon once more. */
  again(raw: string, { lock, owner, modRevision }: EndLease): void {
    const endsAtMs = this.#clock.monotonicMs() + retryMs;
    if (!this.#byRaw.has(raw)) this.#put(raw, { lock, owner, modRevision, leaseMs: retryMs, endsAtMs });
  }

  /** For how long the lease under that key lives on; `undefined`: it is not this process's. */
  leftMs(raw: string): number | undefined {
    const held = this.#byRaw.get(raw);
    return held === undefined ? undefined : Math.max(1, Math.ceil(held.endsAtMs - this.#clock.monotonicMs()));
  }

  isOf(raw: string, modRevision: number, leaseMs: number): boolean {
    const held = this.#byRaw.get(raw);
    return held?.modRevision === modRevision && held.leaseMs === leaseMs;
  }

  /** Tells of those that are over by now, without waiting for a timer that may be late. */
  endOverdue(): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#timer === undefined || this.#timer.atMs > nowMs) return;
    this.#timer.cancel();
    this.#timer = undefined;
    const over: EndLease[] = [];
    for (const ofLength of this.#byLength.values())
      for (const [raw, { lock, owner, modRevision, endsAtMs }] of ofLength) {
        if (endsAtMs > nowMs) break;
        over.push({ op: "endLease", lock, owner, modRevision });
        this.end(raw);
      }
    this.#arm();
    if (over.length > 0) this.#onOver(over);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#byRaw.clear();
    this.#byLength.clear();
  }

  #put(raw: string, held: HeldLease): void {
    this.end(raw);
    this.#byRaw.set(raw, held);
    const ofLength = this.#byLength.get(held.leaseMs);
    if (ofLength === undefined) this.#byLength.set(held.leaseMs, new Map([[raw, held]]));
    else ofLength.set(raw, held);
    if (this.#timer === undefined || this.#timer.atMs > held.endsAtMs) this.#arm();
  }

  /** For the first to end; what was released since then makes it fire for nothing. */
  #arm(): void {
    let atMs = Infinity;
    for (const ofLength of this.#byLength.values())
      for (const { endsAtMs } of ofLength.values()) {
        atMs = Math.min(atMs, endsAtMs);
        break;
      }
    this.#timer?.cancel();
    if (atMs === Infinity) this.#timer = undefined;
    else this.#timer = { atMs, cancel: this.#clock.after(atMs - this.#clock.monotonicMs(), () => this.endOverdue()) };
  }
}
