import { systemClock, systemRandom } from "@acteon/core";
import { expect } from "vitest";
import { createDistributedLock } from "../distributed-lock.ts";
import type { DistributedLock } from "../distributed-lock.ts";
import { applyOne, get } from "../operations.ts";
import type { StateStore } from "../state-store.ts";
import { slept } from "./fault-law.ts";
import { lockName, longMs, valueKey } from "./fixtures.ts";
import { numbers } from "./load.ts";
import type { StateSpace, StateSubject } from "./subject.ts";

export interface ContentionSubject extends Pick<StateSubject, "name" | "backend" | "open"> {
  /**
   * Locks by name, where the backend has its own way to wait for them; `createDistributedLock` unless said.
   * @param store The client, or what counts the calls on their way to it. @param client As `connect` gave it.
   */
  locksOf?(store: StateStore, client: StateStore): DistributedLock;
}

export interface Contest {
  readonly contenders: number;
  readonly forMs: number;
  /** So many of the contenders take the lock within `apply`, and ask again and again. */
  readonly withinApply: number;
}

export interface ContestResult {
  readonly handOvers: number;
  /** `acquire` and `release` on their way to the store for one hand-over; those where they were more than the first of each client may send. */
  readonly requests: { readonly mean: number; readonly most: number; readonly herds: number };
  /** Of each contender, those within `apply` first. */
  readonly shares: readonly number[];
}

const clientCount = 5;

/**
 * Who waits behind others of its client asks nothing, and the first of each asks at the times of guarantees L8: about four
 * times in the first 100 ms, and less often than every 100 ms from then on. Who has only just come may ask once in any case:
 * on a busy machine those whose pauses were over meanwhile come all at once.
 */
function maxRequests({ tookMs, arrivals }: HandOver): number {
  return 2 + clientCount * (4 + tookMs / 100) + arrivals;
}

/** Whoever had the lock does something else for a while, so that not one client has it all the time. */
const pauseMs = 20;

const name = lockName("hot");
const tally = valueKey("tally");
const { signal } = new AbortController();

/**
 * Contenders in five clients that all want one lock, over and over. Whoever has it reads a number and writes the next under
 * its token, so that two holders at a time would show in the number as well.
 */
export async function contend(subject: ContentionSubject, contest: Contest): Promise<ContestResult> {
  await using space = await subject.open();
  await using clients = await connectAll(space);
  const book = new GrantBook();
  const { ending, watching } = endOf(contest, book);
  const gateways = clients.stores.map((client) => {
    const store = book.counting(client);
    return { store, locks: subject.locksOf?.(store, client) ?? locksOf(store) };
  });
  const contenders = numbers(contest.contenders).map((i) => {
    const way = i < contest.withinApply ? "within apply" : "by name";
    const contending = {
      ...(gateways[i % clientCount] as (typeof gateways)[number]),
      contender: i,
      way,
      book,
      ending,
    } as const;
    return way === "within apply" ? contendWithinApply(contending) : contendByName(contending);
  });
  const shares = await Promise.all(contenders);
  await watching;
  const handOvers = shares.reduce((sum, share) => sum + share, 0);
  expect(await get(clients.stores[0] as StateStore, tally, { signal })).toMatchObject({ value: String(handOvers) });
  book.check();
  return { handOvers, requests: book.requests(), shares };
}

/** Waiters of five clients, each a while after the other: in which order they got the lock. */
export async function orderOfWaiters(subject: ContentionSubject, apartMs: number): Promise<readonly number[]> {
  await using space = await subject.open();
  await using clients = await connectAll(space);
  const locks = clients.stores.map((client) => subject.locksOf?.(client, client) ?? locksOf(client));
  const options = { leaseMs: 30_000, waitMs: longMs, signal };
  const first = await (locks[0] as DistributedLock).acquire(name, options);
  const order: number[] = [];
  const waiters: Promise<void>[] = [];
  for (const i of numbers(2 * clientCount)) {
    const wait = async (): Promise<void> => {
      await using _guard = await (locks[i % clientCount] as DistributedLock).acquire(name, options);
      order.push(i);
    };
    waiters.push(wait());
    await slept(apartMs);
  }
  await first.release();
  await Promise.all(waiters);
  return order;
}

type Way = "within apply" | "by name";

/** When the time is over and each way of taking the lock had it, which a slow machine may take longer for, within reason. */
function endOf({ contenders, forMs, withinApply }: Contest, book: GrantBook) {
  const ended = new AbortController();
  const ways = new Set<Way>();
  if (withinApply > 0) ways.add("within apply");
  if (withinApply < contenders) ways.add("by name");
  const watch = async (): Promise<void> => {
    const startedAtMs = systemClock.monotonicMs();
    const passedMs = (): number => systemClock.monotonicMs() - startedAtMs;
    while (passedMs() < forMs || (!ways.isSubsetOf(book.ways) && passedMs() < forMs + patienceMs)) await slept(20);
    ended.abort();
  };
  return { ending: ended.signal, watching: watch() };
}

const patienceMs = 15_000;

interface Contending {
  readonly store: StateStore;
  readonly locks: DistributedLock;
  readonly contender: number;
  readonly way: Way;
  readonly book: GrantBook;
  readonly ending: AbortSignal;
}

/** How often it held the lock. */
async function contendByName({ store, locks, way, book, ending }: Contending): Promise<number> {
  let share = 0;
  while (!ending.aborted) {
    book.arrived();
    let guard;
    try {
      guard = await locks.acquire(name, { leaseMs: 30_000, waitMs: longMs, signal: ending });
    } catch (error) {
      if (ending.aborted && error === ending.reason) break;
      throw error;
    }
    await book.holding(store, guard.fencingToken, way);
    await guard.release();
    share++;
    await slept(systemRandom.next() * pauseMs);
  }
  return share;
}

async function contendWithinApply({ store, contender, way, book, ending }: Contending): Promise<number> {
  let share = 0;
  while (!ending.aborted) {
    const owner = `contender-${contender}-${share}`;
    const acquire = { op: "acquire", lock: name, owner, leaseMs: 30_000, fenced: true } as const;
    const answer = await applyOne(store, acquire, { signal });
    if (answer.kind === "acquired") {
      await book.holding(store, answer.token, way);
      expect(await applyOne(store, { op: "release", lock: name, owner }, { signal })).toEqual({ kind: "released" });
      share++;
    } else expect(answer.kind).toBe("held");
    await slept(systemRandom.next() * pauseMs);
  }
  return share;
}

/** From one holder to the next. */
interface HandOver {
  readonly requests: number;
  /** Contenders who began to wait. */
  readonly arrivals: number;
  readonly tookMs: number;
}

/** Every grant in its order, and what it took. */
class GrantBook {
  /** Those that had the lock. */
  readonly ways = new Set<Way>();
  readonly #tokens: bigint[] = [];
  readonly #handOvers: HandOver[] = [];
  #requests = 0;
  #arrivals = 0;
  #lastAtMs = 0;
  #holders = 0;

  /** The same store, whose requests about locks are counted. */
  counting(store: StateStore): StateStore {
    return {
      durability: store.durability,
      capabilities: store.capabilities,
      apply: (groups, options) => {
        if (groups.some((group) => group.some(({ op }) => op === "acquire" || op === "release"))) this.#requests++;
        return store.apply(groups, options);
      },
      scan: (range, options) => store.scan(range, options),
      ...(store.watch === undefined ? {} : { watch: (range, options) => store.watch?.(range, options) ?? nothing() }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  arrived(): void {
    this.#arrivals++;
  }

  /** What a holder does. */
  async holding(store: StateStore, token: bigint, way: Way): Promise<void> {
    this.ways.add(way);
    expect(++this.#holders, "holders at a time").toBe(1);
    this.#tokens.push(token);
    const nowMs = systemClock.monotonicMs();
    this.#handOvers.push({ requests: this.#requests, arrivals: this.#arrivals, tookMs: nowMs - this.#lastAtMs });
    this.#requests = 0;
    this.#arrivals = 0;
    this.#lastAtMs = nowMs;
    // A store that answers at once leaves timers no time to fire.
    await new Promise<void>((resolve) => systemClock.defer(resolve));
    const count = Number((await get(store, tally, { signal }))?.value ?? 0);
    const fence = { lock: name, token };
    const answer = await applyOne(store, { op: "set", key: tally, value: String(count + 1), fence }, { signal });
    expect(answer.kind).toBe("stored");
    this.#holders--;
  }

  /** Guarantees L1, L2. */
  check(): void {
    const outOfOrder = this.#tokens.filter((token, i) => i > 0 && token <= (this.#tokens[i - 1] as bigint));
    expect(outOfOrder, "tokens not larger than the one before").toEqual([]);
  }

  /** The first hand-over finds everybody asking at once, and is left out. */
  requests(): ContestResult["requests"] {
    const later = this.#handOvers.slice(1);
    return {
      mean: later.reduce((sum, { requests }) => sum + requests, 0) / later.length,
      most: later.reduce((most, { requests }) => Math.max(most, requests), 0),
      herds: later.filter((handOver) => handOver.requests > maxRequests(handOver)).length,
    };
  }
}

async function connectAll(space: StateSpace): Promise<{ readonly stores: readonly StateStore[] } & AsyncDisposable> {
  const stores = await Promise.all(numbers(clientCount).map(() => space.connect()));
  return {
    stores,
    async [Symbol.asyncDispose]() {
      for (const store of stores) await store[Symbol.asyncDispose]();
    },
  };
}

function locksOf(store: StateStore): DistributedLock {
  return createDistributedLock(store, { clock: systemClock, random: systemRandom });
}

async function* nothing(): AsyncGenerator<never, void, void> {}
