import type { AuditRecord } from "@acteon/audit";
import { decodeAuditRecord } from "@acteon/audit";
import type { StateEntry, StateOperation } from "@acteon/state";
import type { Slice } from "./dispatch.ts";
import type { Ports } from "./ports.ts";
import { decodeExecution } from "./records.ts";
import { finishEarlier, resumed } from "./stages/recover.ts";

const maxAtOnce = 64;

/**
 * Finds what a crash left, without an arrival (`design.md` §9, 11): each E whose lock is free is finished as in stage 7,
 * each A that no writer of this process knows is written to the trail. Runs at start and once a lease.
 */
export class Sweep {
  readonly #ports: Ports;
  readonly #slice: () => Slice;
  readonly #closed = new AbortController();
  #cancel: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  /** @param slice What a resumed execution has instead of a caller's call. */
  constructor(ports: Ports, slice: () => Slice) {
    this.#ports = ports;
    this.#slice = slice;
  }

  start(): void {
    this.#running = this.#run().finally(() => {
      if (!this.#closed.signal.aborted) {
        this.#cancel = this.#ports.clock.after(this.#ports.settings.leaseMs, () => this.start());
      }
    });
  }

  async close(): Promise<void> {
    this.#cancel?.();
    this.#closed.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      await this.#finishExecutions();
      await this.#writePendingAudit();
    } catch (error) {
      if (!this.#closed.signal.aborted) this.#ports.onFault(error as Error); // the next sweep tries again
    }
  }

  async #finishExecutions(): Promise<void> {
    const { store } = this.#ports;
    const underWay = new Set<Promise<void>>();
    for await (const entry of store.scan({ kind: "execution" }, { signal: this.#closed.signal })) {
      if (this.#closed.signal.aborted) break;
      const one = this.#finish(entry).finally(() => underWay.delete(one));
      underWay.add(one);
      if (underWay.size >= maxAtOnce) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  }

  async #finish(entry: StateEntry): Promise<void> {
    const ports = this.#ports;
    const seen = decodeExecution(entry.value);
    if (isNotDue(seen.nextAtMs, ports.clock.nowMs())) return;
    const { scope } = entry.key;
    const lock = ports.keys.lock(scope, seen.work.action);
    const owner = ports.random.uuid();
    const sentMs = ports.clock.monotonicMs();
    const release: StateOperation = { op: "release", lock, owner };
    const group: StateOperation[] = [
      { op: "acquire", lock, owner, leaseMs: ports.settings.leaseMs },
      { op: "get", key: entry.key },
    ];
    const result = await ports.queue.send(group).catch(() => undefined);
    if (result === undefined) return void ports.queue.send([release]).catch(() => undefined);
    if (result.kind === "refused") return; // its holder lives
    const found = result.results[1];
    const record = found?.kind === "found" ? decodeExecution(found.value) : undefined;
    if (found?.kind !== "found" || record === undefined || isNotDue(record.nextAtMs, ports.clock.nowMs())) {
      await ports.queue.send([release]).catch(() => undefined);
      return;
    }
    await new Promise<void>((resolve) => {
      const dispatch = { scope, lock, slice: this.#slice() };
      const receiver = { deliver: () => resolve() };
      finishEarlier(resumed(ports, record, found.version, { dispatch, owner, sentMs, receiver }), ports, record);
    });
  }

  async #writePendingAudit(): Promise<void> {
    const { audit, pendingAudit, store } = this.#ports;
    if (audit === undefined) return;
    for await (const { key, value } of store.scan({ kind: "pending_audit" }, { signal: this.#closed.signal })) {
      const record: AuditRecord = decodeAuditRecord(value);
      if (pendingAudit.has(record.id)) continue;
      pendingAudit.added(key.scope, record.id);
      if (!audit.record(record, true)) return; // the buffer is full: the rest at the next sweep
    }
  }
}

function isNotDue(nextAtMs: number | undefined, nowMs: number): boolean {
  return nextAtMs !== undefined && nextAtMs > nowMs;
}
