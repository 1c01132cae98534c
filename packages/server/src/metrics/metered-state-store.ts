import type { Clock } from "@acteon/core";
import { ActeonError, StateUnavailableError } from "@acteon/core";
import type { ApplyOptions, GroupResult, ScanRange, StateEntry, StateGroup, StateStore } from "@acteon/state";
import { RoundTripHistogram } from "./round-trips.ts";
import type { StoreMetrics } from "./store-metrics.ts";
import type { StoreOutage } from "./store-outage.ts";

/**
 * A store that counts what is asked of it, how long answers take and what gets none, and says when it goes away. It owns the store
 * that it wraps.
 */
export class MeteredStateStore implements StateStore {
  readonly durability: StateStore["durability"];
  readonly capabilities: StateStore["capabilities"];
  readonly connections?: StateStore["connections"];
  readonly watch?: StateStore["watch"];
  readonly #store: StateStore;
  readonly #name: Pick<StoreMetrics, "role" | "backend">;
  readonly #clock: Clock;
  readonly #outage: Pick<StoreOutage, "failed" | "answered">;
  readonly #roundTrips = new RoundTripHistogram();
  readonly #errors = new Map<string, number>();
  #calls = 0;
  #groups = 0;

  constructor(
    store: StateStore,
    name: Pick<StoreMetrics, "role" | "backend">,
    { clock, outage }: { readonly clock: Clock; readonly outage: Pick<StoreOutage, "failed" | "answered"> },
  ) {
    this.#store = store;
    this.#name = name;
    this.#clock = clock;
    this.#outage = outage;
    this.durability = store.durability;
    this.capabilities = store.capabilities;
    if (store.connections !== undefined) this.connections = store.connections.bind(store);
    if (store.watch !== undefined) this.watch = store.watch.bind(store);
  }

  apply(groups: readonly StateGroup[], options: ApplyOptions): ReturnType<StateStore["apply"]> {
    this.#calls++;
    this.#groups += groups.length;
    const startedAtMs = this.#clock.monotonicMs();
    let answer: ReturnType<StateStore["apply"]>;
    try {
      answer = this.#store.apply(groups, options);
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    if (answer instanceof Promise) this.#observe(answer, startedAtMs);
    else this.#answered(startedAtMs);
    return answer;
  }

  async *scan(range: ScanRange, options: ApplyOptions): AsyncIterable<StateEntry> {
    try {
      yield* this.#store.scan(range, options);
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }

  metrics(): StoreMetrics {
    return {
      ...this.#name,
      durability: this.durability,
      calls: this.#calls,
      groups: this.#groups,
      errors: Object.fromEntries(this.#errors),
      roundTrips: this.#roundTrips.snapshot(),
      connections: this.connections?.(),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#store[Symbol.asyncDispose]());
  }

  /** Beside the caller, who is given the store's own promise and so waits no turn longer. */
  #observe(answer: Promise<readonly GroupResult[]>, startedAtMs: number): void {
    answer.then(
      () => this.#answered(startedAtMs),
      (error: unknown) => this.#failed(error),
    );
  }

  #answered(startedAtMs: number): void {
    this.#roundTrips.record(this.#clock.monotonicMs() - startedAtMs);
    this.#outage.answered();
  }

  #failed(error: unknown): void {
    if (error instanceof StateUnavailableError) this.#outage.failed(error);
    const kind = error instanceof ActeonError ? error.code : "internal";
    this.#errors.set(kind, (this.#errors.get(kind) ?? 0) + 1);
  }
}
