import { LockTimeoutError, ProviderNotFoundError } from "@acteon/core";
import type { StateEntry, StateOperation } from "@acteon/state";
import type { Slice } from "./dispatch.ts";
import type { DeadLetter, DeadLetters, DispatchResult } from "./gateway-api.ts";
import type { Ports } from "./ports.ts";
import {
  decodeDeadLetter,
  decodeDedup,
  encodeDedup,
  encodeExecution,
  encodeWork,
  type DeadLetterRecord,
} from "./records.ts";
import { resumed } from "./stages/recover.ts";

const pageLimit = 1_000;

/** The dead letters of the store. A letter keeps its dedup keys until it is requeued or discarded (guarantees G5). */
export class StoredDeadLetters implements DeadLetters {
  readonly #ports: Ports;
  readonly #slice: () => Slice;

  constructor(ports: Ports, slice: () => Slice) {
    this.#ports = ports;
    this.#slice = slice;
  }

  async *list(filter: Parameters<DeadLetters["list"]>[0] = {}): AsyncIterable<DeadLetter> {
    let left = filter.limit ?? pageLimit;
    const range = { kind: "dead_letter" } as const;
    for await (const { key, value } of this.#ports.store.scan(range, { signal: new AbortController().signal })) {
      if (filter.namespace !== undefined && key.scope.namespace !== filter.namespace) continue;
      if (filter.tenant !== undefined && key.scope.tenant !== filter.tenant) continue;
      if (left-- <= 0) return;
      yield letterOf(decodeDeadLetter(value));
    }
  }

  async get(id: string): Promise<DeadLetter | undefined> {
    const entry = await this.#find(id);
    return entry === undefined ? undefined : letterOf(decodeDeadLetter(entry.value));
  }

  async requeue(id: string): Promise<DispatchResult | undefined> {
    const ports = this.#ports;
    const entry = await this.#find(id);
    if (entry === undefined) return undefined;
    const letter = decodeDeadLetter(entry.value);
    if (ports.providers.get(letter.work.provider) === undefined) throw new ProviderNotFoundError(letter.work.provider);
    // While the outcome is unknown the same execution goes on, under the same idempotency key; else a new one begins.
    const execution = letter.outcomeUnknown ? letter.execution : ports.random.uuid();
    const work = { ...letter.work, auditId: ports.random.uuid() };
    const { scope } = entry.key;
    const lock = ports.keys.lock(scope, work.action);
    const owner = ports.random.uuid();
    const sentMs = ports.clock.monotonicMs();
    const result = await ports.queue.send([
      { op: "acquire", lock, owner, leaseMs: ports.settings.leaseMs },
      { op: "delete", key: entry.key, expected: entry.version },
      ...(await this.#holdDedup(entry, letter, execution, lock.text)),
      {
        op: "compareAndSwap",
        key: ports.keys.execution(scope, work.action),
        expected: "absent",
        value: encodeExecution(execution, 1, encodeWork(work)),
      },
    ]);
    if (result.kind === "refused") {
      if (result.at === 1) return undefined; // someone else requeued or discarded it
      throw new LockTimeoutError(0);
    }
    const written = result.results.at(-1);
    if (written?.kind !== "stored") throw new TypeError(`a requeue ended with ${written?.kind}`);
    return new Promise((resolve) => {
      const dispatch = { scope, lock, slice: this.#slice() };
      const receiver = { deliver: (_: number, outcome: DispatchResult) => resolve(outcome) };
      const redriven = resumed(ports, { execution, work }, written.version, { dispatch, owner, sentMs, receiver });
      ports.advance(redriven, "execute");
    });
  }

  async discard(id: string): Promise<boolean> {
    const ports = this.#ports;
    const entry = await this.#find(id);
    if (entry === undefined) return false;
    const letter = decodeDeadLetter(entry.value);
    const group: StateOperation[] = [{ op: "delete", key: entry.key, expected: entry.version }];
    for (const { key, version } of await this.#kept(entry, letter))
      group.push({ op: "delete", key, expected: version });
    const result = await ports.queue.send(group);
    return result.kind === "done";
  }

  /** The letter's dedup keys pass to its new execution; one that a failover forgot is taken anew. */
  async #holdDedup(
    entry: StateEntry,
    letter: DeadLetterRecord,
    execution: string,
    identity: string,
  ): Promise<StateOperation[]> {
    const kept = await this.#kept(entry, letter);
    const value = encodeDedup({ state: "held", execution, identity, atMs: letter.work.dispatchedAtMs });
    return letter.work.dedup.map((dedup) => {
      const key = this.#ports.keys.dedup(entry.key.scope, dedup.key);
      const version = kept.find((one) => one.key.text === key.text)?.version;
      return { op: "compareAndSwap", key, expected: version ?? "absent", value };
    });
  }

  async #kept(entry: StateEntry, letter: DeadLetterRecord) {
    if (letter.work.dedup.length === 0) return [];
    const keys = letter.work.dedup.map((dedup) => this.#ports.keys.dedup(entry.key.scope, dedup.key));
    const result = await this.#ports.queue.send(keys.map((key) => ({ op: "get", key })));
    if (result.kind === "refused") throw new TypeError("a read was refused");
    return result.results.flatMap((found, i) => {
      const key = keys[i];
      if (key === undefined || found.kind !== "found" || decodeDedup(found.value).execution !== letter.execution)
        return [];
      return [{ key, version: found.version }];
    });
  }

  async #find(id: string): Promise<StateEntry | undefined> {
    const range = { kind: "dead_letter", idPrefix: id } as const;
    for await (const entry of this.#ports.store.scan(range, { signal: new AbortController().signal })) {
      if (entry.key.id[0] === id) return entry;
    }
    return undefined;
  }
}

function letterOf({ execution, work, reason, error, attempts, diedAtMs }: DeadLetterRecord): DeadLetter {
  return { id: execution, action: work.action, reason, error, attempts, diedAtMs };
}
