import type { Clock } from "@acteon/core";
import type { StateKey } from "./state-key.ts";
import type { StateStore } from "./state-store.ts";

/** Why a waiter goes on: told that the lock may be free; first in line now; its time is up; its signal aborted. */
export type WakeReason = "free" | "first" | "time" | "aborted";

/** One that waits in this process for a lock. */
export class LockWaiter {
  #reason: WakeReason | undefined;
  #resume: () => void = nothing;

  /** Until woken, at most `ms`. A wake that came since the last pause counts. */
  async pause(clock: Clock, ms: number, signal: AbortSignal): Promise<WakeReason> {
    if (signal.aborted) return "aborted";
    if (this.#reason === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#resume = resolve;
      const onAbort = (): void => this.wake("aborted");
      const cancelTimer = clock.after(ms, () => this.wake("time"));
      signal.addEventListener("abort", onAbort, { once: true });
      await promise;
      signal.removeEventListener("abort", onAbort);
      cancelTimer();
    }
    const reason = this.#reason ?? "time";
    this.#reason = undefined;
    return reason;
  }

  wake(reason: WakeReason): void {
    if (this.#reason === undefined || reason === "free") this.#reason = reason;
    this.#resume();
  }
}

/**
 * Those of one process that wait for one lock, in order of arrival. Only the first asks the store, so a hot name costs it one
 * poller a process. Where the store tells of releases, the queue listens for as long as anybody waits (guarantees L8).
 */
export class LockQueue {
  readonly #waiters: LockWaiter[] = [];
  readonly #listening = new AbortController();

  constructor(store: Pick<StateStore, "watch">, name: StateKey) {
    void this.#listen(store, name);
  }

  get size(): number {
    return this.#waiters.length;
  }

  isFirst(waiter: LockWaiter): boolean {
    return this.#waiters[0] === waiter;
  }

  join(): LockWaiter {
    const waiter = new LockWaiter();
    this.#waiters.push(waiter);
    return waiter;
  }

  /** The last to leave ends the listening. */
  leave(waiter: LockWaiter): void {
    const wasFirst = this.isFirst(waiter);
    this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
    if (this.#waiters.length === 0) this.#listening.abort();
    else if (wasFirst) this.#waiters[0]?.wake("first");
  }

  wakeFirst(): void {
    this.#waiters[0]?.wake("free");
  }

  async #listen(store: Pick<StateStore, "watch">, name: StateKey): Promise<void> {
    const range = { kind: name.kind, scope: name.scope, idPrefix: name.id[0] ?? "" };
    try {
      const changes = store.watch?.(range, { signal: this.#listening.signal }) ?? [];
      for await (const { key, kind } of changes) if (kind === "released" && key.text === name.text) this.wakeFirst();
    } catch {
      // A release that is not told is found by the next poll, and a store that does not answer fails that poll.
    }
  }
}

function nothing(): void {}
