import type { Clock } from "@acteon/core";
import type { EndLease } from "./etcd-operation.ts";
import type { Slot } from "./slot.ts";

/** A lock that this process wrote last. In a list of those of its length, which is in the order in which they end. */
export interface HeldLease {
  readonly slot: Slot;
  readonly owner: string;
  /** `undefined`: the answer to the write was lost. */
  readonly modRevision: number | undefined;
  readonly leaseMs: number;
  /** Monotonic: counted from before the write left, so never earlier than its holder can prove (guarantees L4). */
  readonly endsAtMs: number;
  earlier: HeldLease | undefined;
  later: HeldLease | undefined;
}

interface LeaseList {
  first: HeldLease | undefined;
  last: HeldLease | undefined;
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
  /** By `leaseMs`; there are few. */
  readonly #lists = new Map<number, LeaseList>();
  #timer: { readonly atMs: number; readonly cancel: () => void } | undefined;

  /** @param onOver Told of leases that are over, and no longer held here; what it cannot end comes back by `again`. */
  constructor(clock: Clock, onOver: (ended: readonly EndLease[]) => void) {
    this.#clock = clock;
    this.#onOver = onOver;
  }

  begin(slot: Slot, lease: Pick<HeldLease, "owner" | "modRevision" | "leaseMs"> & { readonly sentAtMs: number }): void {
    this.end(slot);
    const { owner, modRevision, leaseMs, sentAtMs } = lease;
    const list = this.#listOf(leaseMs);
    const earlier = list.last;
    const held = { slot, owner, modRevision, leaseMs, endsAtMs: sentAtMs + leaseMs, earlier, later: undefined };
    slot.held = held;
    list.last = held;
    if (earlier === undefined) list.first = held;
    else earlier.later = held;
    if (this.#timer === undefined || this.#timer.atMs > held.endsAtMs) this.#arm();
  }

  end(slot: Slot): void {
    const { held } = slot;
    if (held === undefined) return;
    slot.held = undefined;
    const list = this.#listOf(held.leaseMs);
    if (held.earlier === undefined) list.first = held.later;
    else held.earlier.later = held.later;
    if (held.later === undefined) list.last = held.earlier;
    else held.later.earlier = held.earlier;
    // An old one that points on to young ones would keep them alive, whoever else has forgotten them.
    held.earlier = undefined;
    held.later = undefined;
    if (list.first === undefined) this.#lists.delete(held.leaseMs);
  }

  /** The lease could not be ended: soon once more. */
  again(slot: Slot, { owner, modRevision }: EndLease): void {
    if (slot.held !== undefined) return;
    this.begin(slot, { owner, modRevision, leaseMs: retryMs, sentAtMs: this.#clock.monotonicMs() });
  }

  /** Tells of those that are over by now, without waiting for a timer that may be late. */
  endOverdue(): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#timer === undefined || this.#timer.atMs > nowMs) return;
    this.#timer.cancel();
    this.#timer = undefined;
    const over: EndLease[] = [];
    for (const list of this.#lists.values())
      for (let held = list.first; held !== undefined && held.endsAtMs <= nowMs; held = list.first) {
        const { slot, owner, modRevision } = held;
        over.push({ op: "endLease", lock: slot.key, owner, modRevision });
        this.end(slot);
      }
    this.#arm();
    if (over.length > 0) this.#onOver(over);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#lists.clear();
  }

  #listOf(leaseMs: number): LeaseList {
    const known = this.#lists.get(leaseMs);
    if (known !== undefined) return known;
    const list = { first: undefined, last: undefined };
    this.#lists.set(leaseMs, list);
    return list;
  }

  /** For the first to end; if that is released meanwhile the timer fires for nothing. */
  #arm(): void {
    let atMs = Infinity;
    for (const { first } of this.#lists.values()) if (first !== undefined) atMs = Math.min(atMs, first.endsAtMs);
    this.#timer?.cancel();
    if (atMs === Infinity) this.#timer = undefined;
    else {
      const delayMs = Math.max(0, atMs - this.#clock.monotonicMs());
      this.#timer = { atMs, cancel: this.#clock.after(delayMs, () => this.endOverdue()) };
    }
  }
}
