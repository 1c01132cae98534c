import type { Clock, Random } from "@acteon/core";
import { applyOne } from "../operations.ts";
import type { GroupResult, OperationResult, Refusal, StateGroup, StateOperation, StateStore } from "../state-store.ts";

/** One promise of the contract, as a sentence, and the test that holds a backend to it. */
export interface Law {
  readonly title: string;
  /** The capability without which there is nothing to hold the backend to. */
  readonly needs?: "locks" | "watch";
  /** It waits for leases or TTLs to end: such laws are run at the same time. */
  readonly waits?: true;
  run(context: LawContext): Promise<void>;
}

export interface LawContext {
  /** The first client of an empty space. */
  readonly store: StateStore;
  readonly clock: Clock;
  readonly random: Random;
  /** Never aborts. */
  readonly signal: AbortSignal;
  /** The shortest lease and TTL that the backend keeps exactly. */
  readonly leaseMs: number;
  readonly ttlMs: number;
  readonly randomRuns: number;
  /** Time moves by `elapse` only, so that what lives on does so for exactly as long as is said. */
  readonly timeStandsStill: boolean;
  /** A further client of the same space; disposed when the law is done. */
  readonly connect: () => Promise<StateStore>;
  /** Disposes every client, restarts the backend, and connects anew. */
  readonly restart: () => Promise<StateStore>;
  /** At least `ms` later, by the clocks of clients and backend alike. */
  readonly elapse: (ms: number) => Promise<void>;
  /** What `promise` gives, moving virtual time on while it is waited for. */
  readonly settled: <T>(promise: Promise<T>) => Promise<T>;
}

/** Only to check its shape where it is written. */
export function law(title: string, run: Law["run"], options: Omit<Law, "title" | "run"> = {}): Law {
  return { title, run, ...options };
}

/** One call with these groups. */
export async function applied(
  store: Pick<StateStore, "apply">,
  ...groups: StateGroup[]
): Promise<readonly GroupResult[]> {
  return store.apply(groups, { signal: new AbortController().signal });
}

/** One operation alone: its result, or what it was refused for. */
export async function one(
  store: Pick<StateStore, "apply">,
  operation: StateOperation,
): Promise<OperationResult | Refusal> {
  return applyOne(store, operation, { signal: new AbortController().signal });
}

/**
 * Tries `attempt` with ever longer lives until it was in time: what is to happen within a TTL or a lease happens after it when
 * the machine is busy, and that is not what a law is about.
 */
export async function inTime(firstMs: number, attempt: (lifeMs: number) => Promise<"done" | "late">): Promise<void> {
  for (let lifeMs = firstMs; (await attempt(lifeMs)) === "late"; lifeMs *= 3)
    if (lifeMs > 10_000) throw new Error(`a step that should take no time took over ${lifeMs / 2} ms`);
}

/** `count` calls at the same time, spread over three clients. */
export async function fromClients<T>(
  { store, connect }: LawContext,
  count: number,
  call: (store: LawContext["store"], index: number) => Promise<T>,
): Promise<readonly T[]> {
  const clients = [store, await connect(), await connect()];
  return Promise.all(Array.from({ length: count }, (_, i) => call(clients[i % clients.length] ?? store, i)));
}
