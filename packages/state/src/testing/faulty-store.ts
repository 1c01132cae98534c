import { StateUnavailableError } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import type { ScanRange } from "../scan-range.ts";
import type { ApplyOptions, GroupResult, StateChange, StateEntry, StateGroup, StateStore } from "../state-store.ts";
import { checkGroups } from "./check-groups.ts";

/** What goes wrong, and how often. Probabilities are of one call, and together at most 1. */
export interface FaultPlan {
  /** The request never reaches the store. */
  readonly lostRequest: number;
  /** The store carries the request out, and its reply never comes. */
  readonly lostReply: number;
  /** The store carries the request out, but only after the caller has given up. */
  readonly lateRequest: number;
  /** How long each way takes: drawn uniformly from the least to the most, which is less than half of the time-out. */
  readonly delayMs: { readonly least: number; readonly most: number };
  /** When a caller whose reply does not come gives up, with `StateUnavailableError`. One that does come is waited for: a slow machine is no fault. */
  readonly timeoutMs: number;
}

/** A store behind a network that loses and delays (T4), seen by several clients. */
export interface FaultyStore {
  /** One client, such as one gateway. Disposing it leaves the store alone. */
  connect(): FaultyClient;
}

export interface FaultyClient extends StateStore {
  /** Always a promise: there is a network in between. @throws {TypeError} A group breaks the contract (`checkGroups`). */
  apply(groups: readonly StateGroup[], options: ApplyOptions): Promise<readonly GroupResult[]>;
  /** Whether the client is alone: nothing arrives at the store, and no reply and no hint comes back. */
  partitioned: boolean;
  /**
   * The client's process dies: what it sent still arrives, and nothing is ever answered again; its promises do not settle, so
   * that the code which waits for them does not run on.
   */
  crash(): void;
}

/**
 * Every decision is drawn from `random` in the order of the calls: under a fake clock a seed reproduces a run. A reply that
 * comes twice cannot be told from one that comes once, for a promise settles once; a hint of `watch` may be told twice.
 * @param options.plan Read anew at every call, so that a simulation may let the weather change.
 */
export function createFaultyStore(
  store: StateStore,
  options: { readonly clock: Clock; readonly random: Random; readonly plan: FaultPlan },
): FaultyStore {
  return { connect: () => new Client(store, options) };
}

type Fate = "answered" | "lostRequest" | "lostReply" | "lateRequest";

class Client implements FaultyClient {
  readonly durability: StateStore["durability"];
  readonly capabilities: StateStore["capabilities"];
  readonly watch: StateStore["watch"];
  partitioned = false;
  readonly #store: StateStore;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #plan: FaultPlan;
  /** A request on its way does not know of its sender's signal. */
  readonly #always = new AbortController().signal;
  #crashed = false;

  constructor(
    store: StateStore,
    { clock, random, plan }: { readonly clock: Clock; readonly random: Random; readonly plan: FaultPlan },
  ) {
    this.durability = store.durability;
    this.capabilities = store.capabilities;
    if (store.watch !== undefined) this.watch = (range, watching) => this.#hints(range, watching);
    this.#store = store;
    this.#clock = clock;
    this.#random = random;
    this.#plan = plan;
  }

  crash(): void {
    this.#crashed = true;
  }

  apply(groups: readonly StateGroup[], { signal }: ApplyOptions): Promise<readonly GroupResult[]> {
    if (signal.aborted) return Promise.reject(signal.reason);
    checkGroups(groups);
    // What is sent is sent: the caller may use its objects for something else by the time they arrive.
    const sent = groups.map((group) => group.map((operation) => ({ ...operation })));
    return this.#call(() => this.#store.apply(sent, { signal: this.#always }));
  }

  async *scan(range: ScanRange, { signal }: ApplyOptions): AsyncGenerator<StateEntry, void, void> {
    signal.throwIfAborted();
    const entries = await this.#call(() => Array.fromAsync(this.#store.scan(range, { signal: this.#always })));
    for (const entry of entries) {
      signal.throwIfAborted();
      yield entry;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  async *#hints(range: ScanRange, options: ApplyOptions): AsyncGenerator<StateChange, void, void> {
    for await (const change of this.#store.watch?.(range, options) ?? []) {
      const { lostReply, lateRequest } = this.#plan;
      const draw = this.#random.next();
      if (this.partitioned || this.#crashed || draw < lostReply) continue;
      yield change;
      if (draw > 1 - lateRequest) yield change;
    }
  }

  /** Carries `request` to the store and its reply back, or does not. */
  #call<Reply>(request: () => Reply | Promise<Reply>): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const fate = this.#drawFate();
    const thereMs = this.#drawDelayMs() + (fate === "lateRequest" ? this.#plan.timeoutMs : 0);
    const backMs = this.#drawDelayMs();
    if (this.#crashed) return promise;
    const givesUpAtMs = this.#clock.monotonicMs() + this.#plan.timeoutMs;
    const giveUp = (): void => {
      this.#clock.after(givesUpAtMs - this.#clock.monotonicMs(), () => {
        if (!this.#crashed) reject(new StateUnavailableError("no answer within the time-out"));
      });
    };
    const deliver = (settle: () => void): void => {
      if (fate !== "answered") return;
      this.#clock.after(backMs, () => {
        if (this.#crashed) return;
        if (this.partitioned) giveUp();
        else settle();
      });
    };
    if (fate !== "answered") giveUp();
    this.#clock.after(thereMs, () => {
      if (fate === "lostRequest") return;
      if (!this.partitioned) {
        Promise.try(request).then(
          (reply) => deliver(() => resolve(reply)),
          (error: unknown) => deliver(() => reject(error)),
        );
      } else if (fate === "answered") giveUp();
    });
    return promise;
  }

  #drawFate(): Fate {
    const { lostRequest, lostReply, lateRequest } = this.#plan;
    const draw = this.#random.next();
    if (draw < lostRequest) return "lostRequest";
    if (draw < lostRequest + lostReply) return "lostReply";
    return draw < lostRequest + lostReply + lateRequest ? "lateRequest" : "answered";
  }

  #drawDelayMs(): number {
    const { least, most } = this.#plan.delayMs;
    return least + this.#random.next() * (most - least);
  }
}
