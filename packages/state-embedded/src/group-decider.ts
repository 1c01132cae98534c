import { DataDamagedError, unreachable } from "@acteon/core";
import type {
  Fence,
  GroupResult,
  OperationResult,
  Refusal,
  StateGroup,
  StateKey,
  StateOperation,
  StoredValue,
  Version,
} from "@acteon/state";
import { dueEntries } from "./due-entries.ts";
import { type Lease, isWithin, nameOf, tokenRetentionMs } from "./lease-table.ts";
import type { Replica } from "./replica.ts";
import { type Entry, type ListHead, type StoredEntry, dueKey, isStored } from "./rows.ts";
import type { Table } from "./table.ts";
import type { TurnWrites } from "./turn-writes.ts";

type Operation<Op extends StateOperation["op"]> = Extract<StateOperation, { op: Op }>;

/**
 * Decides groups within a turn, operation by operation, on what was there before the group: no two operations of one are on
 * the same key.
 */
export class GroupDecider {
  readonly #replica: Replica;
  readonly #table: Table;
  readonly #writes: TurnWrites;
  /** Why the operation just decided was refused. */
  #refusal: Refusal = absent;

  constructor(replica: Replica, table: Table, writes: TurnWrites) {
    this.#replica = replica;
    this.#table = table;
    this.#writes = writes;
  }

  apply(groups: readonly StateGroup[]): GroupResult[] {
    return groups.map(this.#applyGroup);
  }

  readonly #applyGroup = (group: StateGroup): GroupResult => {
    this.#writes.beginGroup();
    // At its size: a list that grows takes room for seventeen.
    const results = new Array<OperationResult>(group.length);
    for (let at = 0; at < group.length; at++) {
      const result = this.#decide(group[at]!);
      if (result === undefined) {
        this.#writes.dropGroup();
        return { kind: "refused", at, found: this.#refusal };
      }
      results[at] = result;
    }
    this.#writes.doGroup();
    return { kind: "done", results };
  };

  /** What comes of one operation, or `undefined` and in `#refusal` why not. The operations of every action come first. */
  #decide(operation: StateOperation): OperationResult | undefined {
    switch (operation.op) {
      case "acquire":
        return this.#acquire(operation);
      case "release":
        return this.#release(operation);
      case "checkAndSet":
        return this.#checkAndSet(operation);
      case "compareAndSwap":
        return this.#compareAndSwap(operation);
      case "delete":
        return this.#delete(operation);
      case "set":
        return this.#set(operation);
      case "increment":
        return this.#increment(operation);
      case "get":
        return this.#get(operation);
      case "extend":
        return this.#extend(operation);
      case "append":
        return this.#append(operation);
      case "members":
        return this.#members(operation);
      case "indexDue":
        this.#writes.putDue(operation.index, operation.key.fullText, operation.dueAtMs);
        return indexed;
      case "unindexDue":
        return this.#unindexDue(operation);
      case "takeDue":
        return this.#takeDue(operation);
      default:
        return unreachable(operation);
    }
  }

  #acquire({ lock, owner, leaseMs, fenced = false }: Operation<"acquire">): OperationResult | undefined {
    const { leases } = this.#replica;
    const { sinceBootMs } = this.#writes;
    const name = nameOf(lock);
    const former = leases.find(name);
    if (former !== undefined && leases.holds(former, sinceBootMs))
      return this.#refuse({ kind: "held", remainingMs: Math.ceil(former.endsAtMs - sinceBootMs) });
    // A name that was fenced once stays so while its token is remembered: a writer may still carry it.
    const isFenced = fenced || (former?.isFenced ?? this.#rememberedToken(lock) !== undefined);
    if (isFenced) this.#writes.use(`fences ${lock.kind}`);
    return { kind: "acquired", token: BigInt(this.#writes.acquire(name, owner, leaseMs, isFenced)) };
  }

  #extend({ lock, owner, leaseMs }: Operation<"extend">): OperationResult {
    const lease = this.#leaseOf(lock, owner);
    if (lease === undefined) return lost;
    this.#writes.extend(nameOf(lock), lease, leaseMs);
    return extended;
  }

  #release({ lock, owner }: Operation<"release">): OperationResult {
    const lease = this.#leaseOf(lock, owner);
    if (lease === undefined) return lost;
    this.#writes.release(nameOf(lock));
    if (lease.isFenced) {
      const key = tokenKey(lock);
      const expiresAtMs = this.#writes.nowMs + tokenRetentionMs;
      this.#writes.put(key, String(lease.token), expiresAtMs, this.#writes.isFirst(key), undefined);
    }
    return released;
  }

  /** The lease of that owner, unless it is over (guarantees L7). */
  #leaseOf(lock: StateKey, owner: string): Lease | undefined {
    const lease = this.#replica.leases.find(nameOf(lock));
    return lease !== undefined && lease.owner === owner && isWithin(lease, this.#writes.sinceBootMs)
      ? lease
      : undefined;
  }

  #get({ key }: Operation<"get">): OperationResult {
    const entry = this.#live(this.#find(key));
    return entry === undefined ? absent : found(entry, this.#writes.nowMs);
  }

  /** What lies in the table is not looked for: should a deletion follow, its mark costs less than a look for each. */
  #set({ key, value, ttlMs, fence }: Operation<"set">): OperationResult | undefined {
    if (this.#isStale(fence)) return undefined;
    return this.#store(key, value, this.#expiry(ttlMs), this.#writes.isFirst(key.text));
  }

  #checkAndSet({ key, value, ttlMs, fence }: Operation<"checkAndSet">): OperationResult | undefined {
    if (this.#isStale(fence)) return undefined;
    const entry = this.#find(key);
    const live = this.#live(entry);
    if (live !== undefined) return this.#refuse(found(live, this.#writes.nowMs));
    return this.#store(key, value, this.#expiry(ttlMs), this.#wouldBeFirst(key, entry));
  }

  #compareAndSwap(swap: Operation<"compareAndSwap">): OperationResult | undefined {
    const { key, expected, value, ttlMs, fence } = swap;
    if (this.#isStale(fence)) return undefined;
    const entry = this.#find(key);
    const live = this.#live(entry);
    if (live === undefined ? expected !== "absent" : expected !== versionOf(live.version))
      return this.#refuse(live === undefined ? absent : found(live, this.#writes.nowMs));
    return this.#store(key, value, this.#expiry(ttlMs), this.#wouldBeFirst(key, entry));
  }

  #increment(operation: Operation<"increment">): OperationResult | undefined {
    const { key, delta, ttlMs, atMost = Number.MAX_SAFE_INTEGER, fence } = operation;
    if (this.#isStale(fence)) return undefined;
    const { nowMs } = this.#writes;
    const entry = this.#find(key);
    const live = this.#live(entry);
    const standing = live === undefined ? 0 : countOf(live.value);
    if (live !== undefined && standing === undefined) return this.#refuse(found(live, nowMs));
    const count = (standing ?? 0) + delta;
    if (count > atMost) {
      const remainingMs = live === undefined ? undefined : remaining(live.expiresAtMs, nowMs);
      return this.#refuse({ kind: "counted", count: standing ?? 0, remainingMs });
    }
    const expiresAtMs = live?.expiresAtMs ?? this.#expiry(ttlMs);
    this.#store(key, String(count), expiresAtMs, this.#wouldBeFirst(key, entry));
    return { kind: "counted", count, remainingMs: remaining(expiresAtMs, nowMs) };
  }

  #delete({ key, expected, fence }: Operation<"delete">): OperationResult | undefined {
    if (this.#isStale(fence)) return undefined;
    const entry = this.#find(key);
    const live = this.#live(entry);
    if (expected !== undefined && (live === undefined || expected !== versionOf(live.version)))
      return this.#refuse(live === undefined ? absent : found(live, this.#writes.nowMs));
    if (entry?.value !== undefined) this.#writes.remove(key.text);
    const list = this.#replica.features.has("lists") ? this.#findList(key.fullText) : undefined;
    if (list !== undefined) this.#writes.removeList(key.fullText);
    return live === undefined && list === undefined ? absent : deleted;
  }

  #append({ key, value, ttlMs, atMost = Infinity, fence }: Operation<"append">): OperationResult | undefined {
    if (this.#isStale(fence)) return undefined;
    const list = this.#findList(key.fullText);
    const size = list?.size ?? 0;
    if (size >= atMost) return this.#refuse({ kind: "full", size });
    this.#writes.use("lists");
    this.#writes.appendMember(key.fullText, list?.id, size, list?.expiresAtMs ?? this.#expiry(ttlMs), value);
    return { kind: "appended", size: size + 1 };
  }

  #members({ key: { fullText } }: Operation<"members">): OperationResult {
    const list = this.#findList(fullText);
    if (list === undefined) return { kind: "list", values: [] };
    const { lists } = this.#replica.recent;
    const recent = [lists.findFrozen(fullText), lists.findActive(fullText)].flatMap((each) =>
      each?.id === list.id ? each.recent : [],
    );
    // The table may already have some of the recent ones.
    return { kind: "list", values: [...this.#table.members(list.id, list.size - recent.length), ...recent] };
  }

  /** The list under a key, unless it has expired. */
  #findList(key: string): ListHead | undefined {
    const list = this.#replica.recent.lists.find(key) ?? this.#table.findList(key);
    return list !== undefined && list.size > 0 && list.expiresAtMs > this.#writes.nowMs ? list : undefined;
  }

  #unindexDue({ index, key: { fullText } }: Operation<"unindexDue">): OperationResult {
    const recent = this.#replica.recent.due.find(dueKey(index, fullText));
    const dueAtMs = recent === undefined ? this.#table.findDue(index, fullText) : recent.dueAtMs;
    if (dueAtMs === undefined) return absent;
    this.#writes.removeDue(index, fullText);
    return deleted;
  }

  #takeDue({ index, nowMs, limit, holdMs }: Operation<"takeDue">): OperationResult {
    const entries = dueEntries(this.#replica.recent.due, this.#table, { index, nowMs, limit });
    if (holdMs > 0) for (const { key } of entries) this.#writes.putDue(index, key.fullText, nowMs + holdMs);
    return { kind: "due", entries };
  }

  /** Guarantees L3: is a larger token of that lock known? */
  #isStale(fence: Fence | undefined): boolean {
    if (fence === undefined) return false;
    const { lock, token } = fence;
    const known = this.#replica.leases.find(nameOf(lock))?.token ?? this.#rememberedToken(lock) ?? 0;
    if (known <= token) return false;
    this.#refusal = { kind: "staleToken", token: BigInt(known) };
    return true;
  }

  /** The token of a fenced lock that was released. It lies among the values, where no scan finds it. */
  #rememberedToken(lock: StateKey): number | undefined {
    const { features } = this.#replica;
    if (features.size === 0 || !features.has(`fences ${lock.kind}`)) return undefined;
    const key = tokenKey(lock);
    const entry = this.#live(this.#replica.recent.entries.find(key) ?? this.#table.findEntry(key));
    return entry === undefined ? undefined : Number(entry.value);
  }

  /** What lies under the key, be it expired or the mark of a deletion. */
  #find(key: StateKey): Entry | undefined {
    const entry = this.#replica.recent.entries.find(key.text) ?? this.#table.findEntry(key.text);
    if (entry?.value !== undefined && key.text !== key.fullText && entry.tuple !== key.fullText)
      throw new DataDamagedError("a collapsed key holds the entry of another (guarantees K3)");
    return entry;
  }

  #live(entry: Entry | undefined): StoredEntry | undefined {
    return entry !== undefined && entry.expiresAtMs > this.#writes.nowMs && isStored(entry) ? entry : undefined;
  }

  /** @param entry What `#find` gave. */
  #wouldBeFirst(key: StateKey, entry: Entry | undefined): boolean {
    return entry === undefined || this.#writes.isFirst(key.text);
  }

  #expiry(ttlMs: number | undefined): number {
    return ttlMs === undefined ? Infinity : this.#writes.nowMs + ttlMs;
  }

  #store({ text, fullText }: StateKey, value: string, expiresAtMs: number, isFirst: boolean): OperationResult {
    const version = this.#writes.put(text, value, expiresAtMs, isFirst, text === fullText ? undefined : fullText);
    return { kind: "stored", version: versionOf(version) };
  }

  #refuse(refusal: Refusal): undefined {
    this.#refusal = refusal;
  }
}

export function found(entry: StoredEntry, nowMs: number): { readonly kind: "found" } & StoredValue {
  return {
    kind: "found",
    value: entry.value,
    version: versionOf(entry.version),
    remainingMs: remaining(entry.expiresAtMs, nowMs),
  };
}

/** Whole ms, rounded up; `undefined` for what never expires. */
function remaining(expiresAtMs: number, nowMs: number): number | undefined {
  return expiresAtMs === Infinity ? undefined : Math.ceil(expiresAtMs - nowMs);
}

/** The count that a value is the decimal text of, if it is one. */
function countOf(value: string): number | undefined {
  const count = Number(value);
  return Number.isSafeInteger(count) && String(count) === value ? count : undefined;
}

/** The store's own count of writes is what it gives out as versions. */
function versionOf(write: number): Version {
  return write as Version;
}

/** No `StateKey.text` begins so. */
function tokenKey(lock: StateKey): string {
  return `token/${lock.text}`;
}

const absent = { kind: "absent" } as const;
const deleted = { kind: "deleted" } as const;
const extended = { kind: "extended" } as const;
const released = { kind: "released" } as const;
const lost = { kind: "lost" } as const;
const indexed = { kind: "indexed" } as const;
