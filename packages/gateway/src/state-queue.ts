import { StateUnavailableError, type Clock } from "@acteon/core";
import type { GroupResult, StateGroup, StateStore } from "@acteon/state";
import type { GatewaySettings } from "./settings.ts";

/** What goes on when a group's result is there; `undefined`: the store gave no answer (`design.md` §9, 13). */
export type GroupHandler<T> = (
  subject: T,
  result: GroupResult | undefined,
  error: StateUnavailableError | undefined,
) => void;

interface Entry {
  readonly group: StateGroup;
  readonly subject: unknown;
  readonly handler: GroupHandler<unknown>;
}

type QueueSettings = Pick<
  GatewaySettings,
  "maxCallsInFlight" | "maxOperationsPerCall" | "maxGroupsPerCall" | "maxCallChars" | "storeTimeoutMs"
>;

/**
 * The store's one queue (`design.md` §9, 14): groups of any dispatches and slices, gathered over a turn of the event loop
 * and sent in one call, whole and in order of arrival. It has its own deadline and no dispatch's signal: a caller that
 * leaves does not abort the others' writes.
 */
export class StateQueue {
  readonly #store: Pick<StateStore, "apply">;
  readonly #clock: Clock;
  readonly #settings: QueueSettings;
  readonly #closed = new AbortController();
  readonly #onFault: (subject: unknown, cause: unknown) => void;
  #entries: Entry[] = [];
  #callsInFlight = 0;
  #scheduled = false;
  #onRoom: (() => void) | undefined;
  /** Calls and groups since start, for metrics and benchmarks. */
  calls = 0;
  groups = 0;

  /** @param onFault A handler threw: a bug, which must not reach the other groups of its call. */
  constructor(
    store: Pick<StateStore, "apply">,
    clock: Clock,
    settings: QueueSettings,
    onFault: (subject: unknown, cause: unknown) => void,
  ) {
    this.#onFault = onFault;
    this.#store = store;
    this.#clock = clock;
    this.#settings = settings;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Groups that the next call would still carry. */
  get room(): number {
    return this.#settings.maxGroupsPerCall - this.#entries.length;
  }

  /** Calls `listener` once when a call has left and there is room for more. */
  onRoom(listener: () => void): void {
    this.#onRoom = listener;
  }

  push<T>(group: StateGroup, subject: T, handler: GroupHandler<T>): void {
    this.#entries.push({ group, subject, handler: handler as GroupHandler<unknown> });
    this.#schedule();
  }

  /** The same as a promise, off the road of an action. @throws {StateUnavailableError} */
  send(group: StateGroup): Promise<GroupResult> {
    return new Promise((resolve, reject) => {
      this.push(group, undefined, (_, result, error) => (result === undefined ? reject(error) : resolve(result)));
    });
  }

  /** Resolves when nothing is queued or under way. */
  async idle(): Promise<void> {
    while (this.#entries.length > 0 || this.#callsInFlight > 0) {
      await new Promise<void>((resolve) => this.#clock.after(1, resolve));
    }
  }

  close(): void {
    this.#closed.abort();
  }

  #schedule(): void {
    if (this.#scheduled || this.#callsInFlight >= this.#settings.maxCallsInFlight) return;
    this.#scheduled = true;
    this.#clock.defer(this.#turn);
  }

  readonly #turn = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  /** Sends what is queued without waiting for the end of the turn, as far as calls may be under way. */
  flush(): void {
    if (this.#entries.length === 0 || this.#callsInFlight >= this.#settings.maxCallsInFlight) return;
    const batch = this.#takeBatch();
    this.#tellRoom();
    this.calls++;
    this.groups += batch.length;
    let answer: ReturnType<StateStore["apply"]>;
    try {
      answer = this.#store.apply(
        batch.map((entry) => entry.group),
        { signal: this.#closed.signal },
      );
    } catch (error) {
      this.#settleAll(batch, undefined, asUnavailable(error));
      this.#next();
      return;
    }
    if (!(answer instanceof Promise)) {
      this.#settleAll(batch, answer as readonly GroupResult[], undefined);
      this.#next();
      return;
    }
    this.#await(batch, answer);
    this.#next();
  }

  #tellRoom(): void {
    const tell = this.#onRoom;
    if (tell === undefined || this.room <= 0) return;
    this.#onRoom = undefined;
    tell();
  }

  #next(): void {
    if (this.#entries.length > 0) this.#schedule();
  }

  #await(batch: readonly Entry[], answer: Promise<readonly GroupResult[]>): void {
    this.#callsInFlight++;
    let settled = false;
    const settle = (results: readonly GroupResult[] | undefined, error: StateUnavailableError | undefined): void => {
      if (settled) return; // a late answer after the deadline changes nothing: the groups count as unknown
      settled = true;
      cancel();
      this.#callsInFlight--;
      this.#settleAll(batch, results, error);
      this.#next();
    };
    const cancel = this.#clock.after(this.#settings.storeTimeoutMs, () =>
      settle(undefined, new StateUnavailableError(`no answer within ${this.#settings.storeTimeoutMs} ms`)),
    );
    answer.then(
      (results) => settle(results, undefined),
      (error: unknown) => settle(undefined, asUnavailable(error)),
    );
  }

  #settleAll(
    batch: readonly Entry[],
    results: readonly GroupResult[] | undefined,
    error: StateUnavailableError | undefined,
  ): void {
    for (let i = 0; i < batch.length; i++) {
      const { subject, handler } = batch[i] as Entry;
      try {
        handler(subject, results?.[i], error);
      } catch (cause) {
        this.#onFault(subject, cause);
      }
    }
  }

  #takeBatch(): Entry[] {
    const { maxOperationsPerCall, maxGroupsPerCall, maxCallChars } = this.#settings;
    const entries = this.#entries;
    let operations = 0;
    let chars = 0;
    let count = 0;
    while (count < entries.length && count < maxGroupsPerCall) {
      const { group } = entries[count] as Entry;
      operations += group.length;
      for (const operation of group) if ("value" in operation) chars += operation.value.length;
      if (count > 0 && (operations > maxOperationsPerCall || chars > maxCallChars)) break;
      count++;
    }
    if (count === entries.length) {
      this.#entries = [];
      return entries;
    }
    return entries.splice(0, count);
  }
}

function asUnavailable(error: unknown): StateUnavailableError {
  return error instanceof StateUnavailableError
    ? error
    : new StateUnavailableError("state backend failed", { cause: error });
}
