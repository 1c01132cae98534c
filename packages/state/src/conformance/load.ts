import { expect } from "vitest";
import type { GroupResult, StateGroup, StateStore } from "../state-store.ts";
import { called, seen, slept, within } from "./fault-law.ts";
import { countKey, valueKey } from "./fixtures.ts";

const { signal } = new AbortController();

/** Writes without a pause, each to a key of its own, and knows which were acknowledged. */
export class Load {
  readonly #store: Pick<StateStore, "apply">;
  readonly #acknowledged: number[] = [];
  readonly #workers: readonly Promise<void>[];
  #sent = 0;
  #unavailable = 0;
  #awaited = { size: 0, resolve: (): void => {} };
  #ending = false;

  constructor(store: Pick<StateStore, "apply">, maxCallMs: number) {
    this.#store = store;
    this.#workers = numbers(4).map(() => this.#work(maxCallMs));
  }

  /** Waits until so many more writes were acknowledged, or no more are to be made. @throws {Error} That takes too long. */
  async acknowledged(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited = { size: this.#acknowledged.length + count, resolve };
    await within(maxWaitMs, Promise.race([promise, Promise.all(this.#workers)]));
  }

  /** @throws {unknown} A call failed in another way than as unanswered. */
  async end(): Promise<{ readonly answered: number; readonly unavailable: number }> {
    this.#ending = true;
    await Promise.all(this.#workers);
    return { answered: this.#acknowledged.length, unavailable: this.#unavailable };
  }

  /** Acknowledged writes that are not there; and whether the count that every write charged lies between acknowledged and sent. */
  async losses(store: Pick<StateStore, "apply">): Promise<{ readonly lost: number; readonly countFits: boolean }> {
    let lost = 0;
    for (let from = 0; from < this.#acknowledged.length; from += 100) {
      const some = this.#acknowledged.slice(from, from + 100);
      const gets = some.map((i): StateGroup => [{ op: "get", key: valueKey(`load${i}`) }]);
      const answers = await store.apply(gets, { signal });
      lost += some.filter((i, at) => !holds(answers[at], String(i))).length;
    }
    const count = await countOf(store, "load");
    return { lost, countFits: count >= this.#acknowledged.length && count <= this.#sent };
  }

  async expectKept(store: Pick<StateStore, "apply">): Promise<void> {
    expect(await this.losses(store)).toEqual({ lost: 0, countFits: true });
  }

  async #work(maxCallMs: number): Promise<void> {
    while (!this.#ending && this.#sent < maxLoad) {
      const i = this.#sent++;
      const group: StateGroup = [
        { op: "set", key: valueKey(`load${i}`), value: String(i) },
        { op: "increment", key: countKey("load"), delta: 1 },
      ];
      const { kind } = await called(this.#store, [group], maxCallMs);
      if (kind === "answered") {
        this.#acknowledged.push(i);
        if (this.#acknowledged.length === this.#awaited.size) this.#awaited.resolve();
      } else {
        this.#unavailable++;
        await slept(20);
      }
    }
  }
}

/** More than this takes longer to look at than it teaches. */
const maxLoad = 3_000;
const maxWaitMs = 30_000;

function holds(answer: GroupResult | undefined, value: string): boolean {
  const [result] = answer?.kind === "done" ? answer.results : [];
  return result?.kind === "found" && result.value === value;
}

export async function countOf(store: Pick<StateStore, "apply">, name: string): Promise<number> {
  const answer = await seen(store, { op: "get", key: countKey(name) });
  return answer.kind === "found" ? Number(answer.value) : 0;
}

export function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
