import type { ExecutorPolicy } from "./executor-policy.ts";
import { ProviderMeter } from "./provider-meter.ts";
import { RetryBudget } from "./retry-budget.ts";

/**
 * One provider's share of the executor: a bulkhead, so that a slow service holds up nobody else's calls. Whoever finds no
 * free place waits in order of arrival, first attempts and retries alike.
 */
export class Lane {
  readonly budget = new RetryBudget();
  readonly meter = new ProviderMeter();
  readonly #policy: ExecutorPolicy;
  readonly #queue = new Set<() => void>();
  #active = 0;
  /** Executions that wait, for their turn or for the time of a retry. */
  waiting = 0;

  constructor(policy: ExecutorPolicy) {
    this.#policy = policy;
  }

  /** While somebody queues there is none: `leave` hands every place on. */
  get free(): boolean {
    return this.#active < this.#policy.maxConcurrent;
  }

  /** Do as many wait as may? Then a new execution is refused (guarantees O1); one that was begun still has its wait. */
  get full(): boolean {
    return this.waiting >= this.#policy.maxWaiting;
  }

  /** Takes a place, which is there: `free` was asked in this turn. */
  take(): void {
    this.#active += 1;
  }

  /** Gives the place back, or on to who has waited longest. */
  leave(): void {
    const [next] = this.#queue;
    if (next === undefined) {
      this.#active -= 1;
    } else {
      this.#queue.delete(next);
      next();
    }
  }

  /** Queues; `enter` is called with the place taken, once. The returned function leaves the queue. */
  wait(enter: () => void): () => void {
    this.#queue.add(enter);
    return () => this.#queue.delete(enter);
  }
}
