import type { Clock } from "@acteon/core";
import { provableUntilMs, type GroupResult } from "@acteon/state";
import type { Dispatch } from "./dispatch.ts";
import type { StateQueue } from "./state-queue.ts";

interface Watched {
  readonly dispatch: Dispatch;
  readonly onLost: () => void;
}

/**
 * Extends the locks of executions that wait for a provider, at a third of the lease, in whatever batch leaves next
 * (guarantees L5; `design.md` §9, 8). One timer for all, running only while there is something to watch.
 */
export class LeaseKeeper {
  readonly #clock: Clock;
  readonly #queue: StateQueue;
  readonly #leaseMs: number;
  readonly #watched = new Map<Dispatch, Watched>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, queue: StateQueue, leaseMs: number) {
    this.#clock = clock;
    this.#queue = queue;
    this.#leaseMs = leaseMs;
  }

  /** `onLost` is called at most once, when the lock is another's or its lease can no longer be proven. */
  watch(dispatch: Dispatch, onLost: () => void): void {
    this.#watched.set(dispatch, { dispatch, onLost });
    this.#cancel ??= this.#clock.after(this.#leaseMs / 6, this.#tick);
  }

  unwatch(dispatch: Dispatch): void {
    this.#watched.delete(dispatch);
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#watched.clear();
  }

  readonly #tick = (): void => {
    this.#cancel = undefined;
    const nowMs = this.#clock.monotonicMs();
    for (const { dispatch, onLost } of this.#watched.values()) {
      if (nowMs >= dispatch.validUntilMs) {
        this.#watched.delete(dispatch);
        onLost();
      } else if (nowMs - dispatch.lockSentMs >= this.#leaseMs / 3) this.#extend(dispatch, nowMs);
    }
    if (this.#watched.size > 0) this.#cancel = this.#clock.after(this.#leaseMs / 6, this.#tick);
  };

  #extend(dispatch: Dispatch, nowMs: number): void {
    const group = [{ op: "extend", lock: dispatch.lock, owner: dispatch.owner, leaseMs: this.#leaseMs }] as const;
    this.#queue.push(group, dispatch, (_, result) => this.#extended(dispatch, nowMs, result));
  }

  #extended(dispatch: Dispatch, sentMs: number, result: GroupResult | undefined): void {
    const watched = this.#watched.get(dispatch);
    if (watched === undefined || result?.kind !== "done") return; // silence: the lease runs out by the clock, or the next tick extends
    if (result.results[0]?.kind === "extended") {
      dispatch.lockSentMs = sentMs;
      dispatch.validUntilMs = provableUntilMs(sentMs, this.#leaseMs);
      return;
    }
    this.#watched.delete(dispatch);
    dispatch.validUntilMs = 0;
    watched.onLost();
  }
}
