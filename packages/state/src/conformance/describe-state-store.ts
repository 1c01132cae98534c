import { systemClock, systemRandom } from "@acteon/core";
import { describe, expect, test } from "vitest";
import type { StateStore } from "../state-store.ts";
import { allowedGaps } from "./known-gaps.ts";
import type { Law, LawContext } from "./law.ts";
import { stateLaws } from "./laws.ts";
import type { StateSpace, StateSubject } from "./subject.ts";

/**
 * Holds a backend to every law. A known gap is run as well, and fails the run once it has closed; a gap that the backend's
 * row of `guarantees.md` §4 does not name fails it at once.
 */
export function describeStateStore(subject: StateSubject): void {
  const { name, backend, knownGaps = {} } = subject;
  describe(`state: ${name}`, () => {
    test("a known gap is one that the table of guarantees.md §4 does not promise", () => {
      expect(allowedGaps[backend]).toEqual(expect.arrayContaining(Object.keys(knownGaps)));
    });

    for (const [topic, laws] of Object.entries(stateLaws)) {
      describe(topic, () => {
        // Laws that wait do so together, each in a space of its own.
        for (const law of laws.toSorted((a, b) => Number(a.waits ?? false) - Number(b.waits ?? false))) {
          const gap = knownGaps[law.title];
          const title = gap === undefined ? law.title : `${law.title} [known gap: ${gap}]`;
          const options = { timeout: maxLawMs, concurrent: law.waits === true, fails: gap !== undefined };
          test(title, options, ({ skip }) => tried(law, subject, skip));
        }
      });
    }
  });
}

/** Longest time that a law may take, on a slow server and a loaded machine. */
const maxLawMs = 60_000;

async function tried(law: Law, subject: StateSubject, skip: (note: string) => never): Promise<void> {
  const space = await subject.open();
  await using clients = new Clients(space);
  const store = await clients.connect();
  if (law.needs !== undefined && !store.capabilities[law.needs]) skip(`${subject.name} has no ${law.needs}`);
  await law.run(contextOf(subject, space, clients, store));
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
    settled: (promise) => (time === undefined ? promise : advancedUntil(promise, time)),
  };
}

/** Backends count with clocks of their own, some of them in steps. */
const realMarginMs = 60;

function slept(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve));
}

/** Step by step, so that what waits for a moment is not carried far past it. */
async function advancedUntil<T>(promise: Promise<T>, time: NonNullable<StateSpace["time"]>): Promise<T> {
  let waiting = true;
  const outcome = promise.finally(() => (waiting = false));
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
