import { systemClock, systemRandom } from "@acteon/core";
import type { Clock } from "@acteon/core";
import type { StateStore } from "../state-store.ts";
import type { Law, LawContext } from "./law.ts";
import type { StateSpace, StateSubject } from "./subject.ts";

/**
 * Runs a law on a space of its own; rejects with what the law found. `incapable`: the backend has not what the law needs, and
 * says so.
 */
export async function tryLaw(law: Law, subject: StateSubject): Promise<{ readonly kind: "kept" | "incapable" }> {
  const space = await subject.open();
  await using clients = new Clients(space);
  const store = await clients.connect();
  if (law.needs !== undefined && !store.capabilities[law.needs]) return { kind: "incapable" };
  await law.run(contextOf(subject, space, clients, store));
  return { kind: "kept" };
}

function contextOf(subject: StateSubject, space: StateSpace, clients: Clients, store: StateStore): LawContext {
  const { minLeaseMs = 500, minTtlMs = 300, randomRuns = 20 } = subject;
  const { time } = space;
  return {
    store,
    clock: time?.clock ?? systemClock,
    random: systemRandom,
    signal: new AbortController().signal,
    leaseMs: minLeaseMs,
    ttlMs: minTtlMs,
    randomRuns,
    timeStandsStill: time !== undefined,
    connect: () => clients.connect(),
    restart: () => clients.restart(),
    elapse: (ms) => time?.advance(ms) ?? slept(ms + realMarginMs),
    settled: (promise) => (time === undefined ? within(promise, systemClock) : advancedUntil(promise, time)),
  };
}

/** Backends count with clocks of their own, some of them in steps. */
const realMarginMs = 60;

function slept(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve));
}

/** Longest that a law waits for something to happen. */
const maxSettleMs = 30_000;

/** What `promise` gives, unless it gives nothing for too long. */
async function within<T>(promise: Promise<T>, clock: Clock): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(maxSettleMs, () => reject(new Error(`nothing happened within ${maxSettleMs} ms`)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}

/** Step by step, so that what waits for a moment is not carried far past it. */
async function advancedUntil<T>(promise: Promise<T>, time: NonNullable<StateSpace["time"]>): Promise<T> {
  let waiting = true;
  const outcome = within(promise, time.clock).finally(() => (waiting = false));
  outcome.catch(() => {}); // seen by whoever awaits it below
  while (waiting) await time.advance(virtualStepMs);
  return outcome;
}

const virtualStepMs = 10;

/** The clients of a law, all of them disposed before its space is. */
class Clients implements AsyncDisposable {
  readonly #space: StateSpace;
  #connected: StateStore[] = [];

  constructor(space: StateSpace) {
    this.#space = space;
  }

  async connect(): Promise<StateStore> {
    const store = await this.#space.connect();
    this.#connected.push(store);
    return store;
  }

  async restart(): Promise<StateStore> {
    await this.#disconnect();
    await this.#space.restart();
    return this.connect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#disconnect();
    await this.#space[Symbol.asyncDispose]();
  }

  async #disconnect(): Promise<void> {
    const connected = this.#connected;
    this.#connected = [];
    for (const store of connected) await store[Symbol.asyncDispose]();
  }
}
