import { StateUnavailableError, unreachable } from "@acteon/core";
import type { Clock } from "@acteon/core";
import { dueIndexes, inScanRange, keyKinds } from "@acteon/state";
import type {
  ApplyOptions,
  DueIndex,
  Fence,
  GroupResult,
  KeyKind,
  OperationResult,
  Refusal,
  ScanRange,
  StateChange,
  StateEntry,
  StateGroup,
  StateKey,
  StateOperation,
  StateStore,
  Version,
} from "@acteon/state";
import { ChangeFeed } from "./change-feed.ts";
import { DueTable } from "./due-table.ts";
import { Journal } from "./journal.ts";
import { LeaseRow, ListRow, ValueRow, lifeLeftMs, versionOf } from "./rows.ts";
import { Table } from "./table.ts";
import type { Row } from "./table.ts";

/**
 * State of one process, gone with it. Answers at once, with lists. Leases and TTLs are counted on the monotonic clock
 * (guarantees L6), due times on the clock of whoever asks.
 */
export function openMemoryState({ clock }: { readonly clock: Clock }): MemoryStateStore {
  return new MemoryStateStore(clock);
}

/** How often expired rows are looked for, on the occasion of a call: no timer outlives anybody. */
const reclaimEveryMs = 1_000;
/** Most rows reclaimed in one call, some 20 µs of work; what is left over is the next call's. */
const maxReclaimedPerCall = 256;

export class MemoryStateStore implements StateStore {
  readonly durability = "process";
  readonly capabilities = { locks: true, watch: true };
  readonly #clock: Clock;
  readonly #journal = new Journal<Row>();
  /** One table a kind, so that a scan of a rare kind does not walk a common one. */
  readonly #values: ReadonlyMap<string, Table<ValueRow>>;
  readonly #lists = new Table<ListRow>(this.#journal);
  readonly #leases = new Table<LeaseRow>(this.#journal);
  readonly #due: ReadonlyMap<DueIndex, DueTable>;
  readonly #feed = new ChangeFeed();
  /** What the group under way has changed, for the feed. */
  #changes: StateChange[] = [];
  /** The time of the call under way, on the monotonic clock. */
  #nowMs = 0;
  #reclaimAtMs = 0;
  #lastVersion = 0;
  /** Begins at the clock's µs, and grows with every acquisition of whatever name (guarantees L2). */
  #lastToken: number;
  /** Why the operation just tried was refused. */
  #refusal: Refusal = { kind: "absent" };
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastToken = Math.floor(clock.nowMs() * 1_000);
    this.#values = new Map(Object.keys(keyKinds).map((kind) => [kind, new Table<ValueRow>(this.#journal)]));
    this.#due = new Map(dueIndexes.map((index) => [index, new DueTable(this.#journal)]));
  }

  apply(groups: readonly StateGroup[], { signal }: ApplyOptions): readonly GroupResult[] {
    signal.throwIfAborted();
    this.#begin();
    return groups.map(this.#applyGroup);
  }

  async *scan(range: ScanRange, { signal }: ApplyOptions): AsyncGenerator<StateEntry, void, void> {
    signal.throwIfAborted();
    this.#begin();
    for (const row of this.#table(range.kind).rows()) {
      const nowMs = this.#clock.monotonicMs();
      if (row.expiresAtMs <= nowMs || !inScanRange(range, row.key)) continue;
      const { value, version, remainingMs } = row.stored(nowMs);
      yield { key: row.key, value, version, remainingMs };
      signal.throwIfAborted();
    }
  }

  watch(range: ScanRange, { signal }: ApplyOptions): AsyncIterable<StateChange> {
    this.#begin();
    return this.#feed.watch(range, signal);
  }

  /** Rows in memory: live ones, and expired ones that are not yet reclaimed. */
  get heldRows(): number {
    let rows = this.#leases.size + this.#lists.size;
    for (const table of this.#values.values()) rows += table.size;
    return rows;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#feed.close();
    return Promise.resolve();
  }

  #begin(): void {
    if (this.#closed) throw new StateUnavailableError("the memory store is closed");
    const nowMs = this.#clock.monotonicMs();
    this.#nowMs = nowMs;
    if (nowMs >= this.#reclaimAtMs) this.#reclaim(nowMs);
  }

  #reclaim(nowMs: number): void {
    let left = maxReclaimedPerCall;
    for (const table of [this.#leases, this.#lists, ...this.#values.values()]) left -= table.reclaim(nowMs, left);
    for (const index of this.#due.values()) index.compact();
    this.#reclaimAtMs = left > 0 ? nowMs + reclaimEveryMs : nowMs;
  }

  readonly #applyGroup = (group: StateGroup): GroupResult => {
    this.#journal.begin();
    // At its size: a list that grows takes room for seventeen.
    const results = new Array<OperationResult>(group.length);
    for (let at = 0; at < group.length; at++) {
      const result = this.#try(group[at]!);
      if (result === undefined) {
        this.#journal.rollBack();
        this.#changes.length = 0;
        return { kind: "refused", at, found: this.#refusal };
      }
      results[at] = result;
    }
    if (this.#changes.length > 0) this.#tellChanges();
    return { kind: "done", results };
  };

  /** Carries one operation out, or says in `#refusal` why not. The operations of every action come first. */
  #try(operation: StateOperation): OperationResult | undefined {
    switch (operation.op) {
      case "acquire":
        return this.#acquire(operation.lock, operation.owner, operation.leaseMs, operation.fenced === true);
      case "release":
        return this.#release(operation.lock, operation.owner);
      case "checkAndSet":
        return this.#checkAndSet(operation);
      case "compareAndSwap":
        return this.#compareAndSwap(operation);
      case "delete":
        return this.#delete(operation.key, operation.expected, operation.fence);
      case "set":
        return this.#isStale(operation.fence)
          ? undefined
          : this.#store(
              operation.key,
              operation.value,
              operation.ttlMs,
              this.#table(operation.key.kind).find(operation.key),
            );
      case "increment":
        return this.#increment(operation);
      case "get":
        return this.#live(this.#table(operation.key.kind).find(operation.key))?.stored(this.#nowMs) ?? absent;
      case "extend":
        return this.#extend(operation.lock, operation.owner, operation.leaseMs);
      case "indexDue":
        this.#dueTable(operation.index).put(operation.key, operation.dueAtMs);
        return indexed;
      case "unindexDue":
        return this.#dueTable(operation.index).remove(operation.key) ? deleted : absent;
      case "takeDue": {
        const { index, nowMs, limit, holdMs } = operation;
        const rows = this.#dueTable(index).take(nowMs, limit, holdMs);
        return { kind: "due", entries: rows.map(({ key, dueAtMs }) => ({ key, dueAtMs })) };
      }
      case "append":
        return this.#append(operation);
      case "members":
        return { kind: "list", values: this.#live(this.#lists.find(operation.key))?.values() ?? [] };
      default:
        return unreachable(operation);
    }
  }

  #acquire(lock: StateKey, owner: string, leaseMs: number, fenced: boolean): OperationResult | undefined {
    const previous = this.#leases.find(lock);
    if (previous !== undefined && previous.leaseEndsAtMs > this.#nowMs)
      return this.#refuse({ kind: "held", remainingMs: lifeLeftMs(previous.leaseEndsAtMs, this.#nowMs) });
    const token = ++this.#lastToken;
    // A name that was fenced once stays so while its token is remembered: a writer may still carry it.
    const keepsToken = fenced || (this.#live(previous)?.fenced ?? false);
    this.#leases.put(new LeaseRow(lock, owner, token, this.#nowMs + leaseMs, keepsToken), previous);
    return { kind: "acquired", token: BigInt(token) };
  }

  #extend(lock: StateKey, owner: string, leaseMs: number): OperationResult {
    const lease = this.#leaseOf(lock, owner);
    if (lease === undefined) return lost;
    this.#leases.put(new LeaseRow(lock, owner, lease.token, this.#nowMs + leaseMs, lease.fenced), lease);
    return extended;
  }

  #release(lock: StateKey, owner: string): OperationResult {
    const lease = this.#leaseOf(lock, owner);
    if (lease === undefined) return lost;
    if (lease.fenced) this.#leases.put(new LeaseRow(lock, owner, lease.token, this.#nowMs, true), lease);
    else this.#leases.remove(lease);
    this.#changed(lock, "released");
    return released;
  }

  /** The live lease of that owner (guarantees L7). */
  #leaseOf(lock: StateKey, owner: string): LeaseRow | undefined {
    const lease = this.#leases.find(lock);
    return lease !== undefined && lease.owner === owner && lease.leaseEndsAtMs > this.#nowMs ? lease : undefined;
  }

  #checkAndSet(operation: Extract<StateOperation, { op: "checkAndSet" }>): OperationResult | undefined {
    const { key, value, ttlMs, fence } = operation;
    if (this.#isStale(fence)) return undefined;
    const row = this.#table(key.kind).find(key);
    const live = this.#live(row);
    return live === undefined ? this.#store(key, value, ttlMs, row) : this.#refuse(live.stored(this.#nowMs));
  }

  #compareAndSwap(swap: Extract<StateOperation, { op: "compareAndSwap" }>): OperationResult | undefined {
    const { key, expected, value, ttlMs, fence } = swap;
    if (this.#isStale(fence)) return undefined;
    const row = this.#table(key.kind).find(key);
    const live = this.#live(row);
    if (live === undefined ? expected === "absent" : expected === versionOf(live.version))
      return this.#store(key, value, ttlMs, row);
    return this.#refuse(live?.stored(this.#nowMs) ?? absent);
  }

  #delete(key: StateKey, expected: Version | undefined, fence: Fence | undefined): OperationResult | undefined {
    if (this.#isStale(fence)) return undefined;
    const table = this.#table(key.kind);
    const row = table.find(key);
    const live = this.#live(row);
    if (expected !== undefined && (live === undefined || expected !== versionOf(live.version)))
      return this.#refuse(live?.stored(this.#nowMs) ?? absent);
    if (row !== undefined) table.remove(row);
    const list = this.#lists.size === 0 ? undefined : this.#lists.find(key);
    if (list !== undefined) this.#lists.remove(list);
    if (live === undefined && this.#live(list) === undefined) return absent;
    this.#changed(key, "deleted");
    return deleted;
  }

  #increment(operation: Extract<StateOperation, { op: "increment" }>): OperationResult | undefined {
    const { key, delta, ttlMs, atMost = Number.MAX_SAFE_INTEGER, fence } = operation;
    if (this.#isStale(fence)) return undefined;
    const table = this.#table(key.kind);
    const row = table.find(key);
    const live = this.#live(row);
    const standing = live === undefined ? 0 : live.count();
    if (live !== undefined && standing === undefined) return this.#refuse(live.stored(this.#nowMs));
    const expiresAtMs = live?.expiresAtMs ?? this.#expiry(ttlMs);
    const count = (standing ?? 0) + delta;
    const livesMs = lifeLeftMs(expiresAtMs, this.#nowMs);
    if (count > atMost)
      return this.#refuse({
        kind: "counted",
        count: standing ?? 0,
        remainingMs: live === undefined ? undefined : livesMs,
      });
    table.put(new ValueRow(key, expiresAtMs, count, ++this.#lastVersion), row);
    this.#changed(key, "set");
    return { kind: "counted", count, remainingMs: livesMs };
  }

  #append(operation: Extract<StateOperation, { op: "append" }>): OperationResult | undefined {
    const { key, value, ttlMs, atMost = Infinity, fence } = operation;
    if (this.#isStale(fence)) return undefined;
    const row = this.#lists.find(key);
    const live = this.#live(row);
    if (live !== undefined && live.size >= atMost) return this.#refuse({ kind: "full", size: live.size });
    const list = live === undefined ? new ListRow(key, this.#expiry(ttlMs), [value], 1) : live.with(value);
    this.#lists.put(list, row);
    this.#changed(key, "set");
    return { kind: "appended", size: list.size };
  }

  /** @param previous What the table holds under the key, live or not. */
  #store(key: StateKey, value: string, ttlMs: number | undefined, previous: ValueRow | undefined): OperationResult {
    const version = ++this.#lastVersion;
    this.#table(key.kind).put(new ValueRow(key, this.#expiry(ttlMs), value, version), previous);
    this.#changed(key, "set");
    return { kind: "stored", version: versionOf(version) };
  }

  /** Guarantees L3: is a larger token of that lock known? */
  #isStale(fence: Fence | undefined): boolean {
    if (fence === undefined) return false;
    const known = this.#leases.find(fence.lock);
    if (known === undefined || known.token <= fence.token) return false;
    this.#refusal = { kind: "staleToken", token: BigInt(known.token) };
    return true;
  }

  #refuse(refusal: Refusal): undefined {
    this.#refusal = refusal;
  }

  #live<Held extends Row>(row: Held | undefined): Held | undefined {
    return row !== undefined && row.expiresAtMs > this.#nowMs ? row : undefined;
  }

  #expiry(ttlMs: number | undefined): number {
    return ttlMs === undefined ? Infinity : this.#nowMs + ttlMs;
  }

  #dueTable(index: DueIndex): DueTable {
    return this.#due.get(index) as DueTable;
  }

  #table(kind: KeyKind): Table<ValueRow> {
    return this.#values.get(kind) as Table<ValueRow>;
  }

  #changed(key: StateKey, kind: StateChange["kind"]): void {
    if (this.#feed.watched) this.#changes.push({ key, kind });
  }

  #tellChanges(): void {
    for (const change of this.#changes) this.#feed.tell(change);
    this.#changes = [];
  }
}

const absent = { kind: "absent" } as const;
const deleted = { kind: "deleted" } as const;
const extended = { kind: "extended" } as const;
const released = { kind: "released" } as const;
const lost = { kind: "lost" } as const;
const indexed = { kind: "indexed" } as const;
