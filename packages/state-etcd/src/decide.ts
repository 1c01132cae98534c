import { DataDamagedError, InternalError, unreachable } from "@acteon/core";
import type { DueIndex, Fence, GroupResult, OperationResult, Refusal, StateKey, Version } from "@acteon/state";
import type { EtcdOperation } from "./etcd-operation.ts";
import { absentEntry } from "./known-entry.ts";
import type { KnownEntry } from "./known-entry.ts";
import type { EtcdRecord } from "./record.ts";
import type { Cell, Slot, SlotTable } from "./slot.ts";
import type { TxnCondition } from "./txn-message.ts";

/** What this process can tell of the lease in a lock that is as it last saw it. */
export interface LeaseView {
  /** For how long it lives on, in whole ms, at most; not above 0: it is over; `undefined`: not known, so it lives. */
  leftMs(lock: Slot, entry: KnownEntry): number | undefined;
}

/** A key to be written, or with `record` absent to be deleted, and with what it ends. */
export interface PlannedWrite {
  readonly record: EtcdRecord | undefined;
  readonly end: WriteEnd;
}

/** `lock`: with this process, or its `leaseMs`. `garbage`: some time after `livesMs`, when nobody sees it any more. */
export type WriteEnd =
  | { readonly kind: "never" }
  | { readonly kind: "lock"; readonly leaseMs: number }
  | { readonly kind: "garbage"; readonly livesMs: number };

export interface Decision {
  /** Of the groups from the first on; those behind have to wait until these have taken effect. */
  readonly results: readonly GroupResult[];
  /** What was believed, and has to be true. */
  readonly conditions: readonly TxnCondition[];
  /** What is to be read if it is not. */
  readonly reads: ReadonlySet<Cell>;
  readonly writes: ReadonlyMap<Cell, PlannedWrite>;
}

/** The revision of a transaction that is not yet sent: larger than every other. */
export const nextRevision = Number.MAX_SAFE_INTEGER;

/**
 * Decides groups, one after another, over what their cells are believed to hold. A group is whole or not at all. Versions and
 * tokens are the revision of the transaction that carries the groups, which only its answer tells: groups are decided with
 * `nextRevision` to learn what to send, and once more with the real one to learn what to say. Nothing else differs.
 */
export function decide(
  groups: readonly (readonly EtcdOperation[])[],
  slots: SlotTable,
  leases: LeaseView,
  moment: { readonly nowMs: number; readonly revision: number },
): Decision {
  return new Decider(slots, leases, moment).decide(groups);
}

/** How long after its last write the token of a fenced lock is remembered: far longer than any holder of a stale one lives (guarantees L2). */
const tokenRetentionMs = 24 * 60 * 60 * 1_000;

const forGood: WriteEnd = { kind: "never" };

class Decider {
  readonly #slots: SlotTable;
  readonly #leases: LeaseView;
  readonly #nowMs: number;
  readonly #revision: number;
  readonly #conditions: TxnCondition[] = [];
  /** Those that must hold what they are believed to. */
  readonly #checked = new Set<Cell>();
  /** Those whose revision must be below that. */
  readonly #bounded = new Map<Cell, number>();
  readonly #reads = new Set<Cell>();
  readonly #writes = new Map<Cell, PlannedWrite>();
  /** What the group under way writes. */
  readonly #pending = new Map<Cell, PlannedWrite>();
  /** Why the operation just tried was refused. */
  #refusal: Refusal = { kind: "absent" };
  /** The group under way needs the earlier ones to have taken effect. */
  #mustWait = false;
  #valueWrites = 0;

  constructor(
    slots: SlotTable,
    leases: LeaseView,
    { nowMs, revision }: { readonly nowMs: number; readonly revision: number },
  ) {
    this.#slots = slots;
    this.#leases = leases;
    this.#nowMs = nowMs;
    this.#revision = revision;
  }

  decide(groups: readonly (readonly EtcdOperation[])[]): Decision {
    const results: GroupResult[] = [];
    for (const group of groups) {
      const result = this.#decideGroup(group);
      if (this.#mustWait) break;
      results.push(result);
    }
    return {
      results,
      conditions: this.#conditions,
      reads: this.#reads,
      writes: this.#writes,
    };
  }

  #decideGroup(group: readonly EtcdOperation[]): GroupResult {
    this.#pending.clear();
    const results: OperationResult[] = [];
    for (const operation of group) {
      const result = this.#try(operation);
      if (result === undefined) return { kind: "refused", at: results.length, found: this.#refusal };
      results.push(result);
    }
    for (const [cell, write] of this.#pending) this.#writes.set(cell, write);
    return { kind: "done", results };
  }

  #try(operation: EtcdOperation): OperationResult | undefined {
    switch (operation.op) {
      case "get":
        return this.#found(operation.key) ?? absent;
      case "set":
        return this.#isStale(operation.fence)
          ? undefined
          : this.#store(operation.key, operation.value, operation.ttlMs);
      case "delete":
        return this.#delete(operation.key, operation.expected, operation.fence);
      case "checkAndSet": {
        if (this.#isStale(operation.fence)) return undefined;
        const found = this.#found(operation.key);
        return found === undefined ? this.#store(operation.key, operation.value, operation.ttlMs) : this.#refuse(found);
      }
      case "compareAndSwap": {
        if (this.#isStale(operation.fence)) return undefined;
        const found = this.#found(operation.key);
        return (found?.version ?? "absent") === operation.expected
          ? this.#store(operation.key, operation.value, operation.ttlMs)
          : this.#refuse(found ?? absent);
      }
      case "increment":
        return this.#increment(operation);
      case "append":
        return this.#append(operation);
      case "members":
        return { kind: "list", values: this.#list(operation.key)?.members ?? [] };
      case "acquire":
        return this.#acquire(operation);
      case "extend":
        return this.#extend(operation);
      case "release": {
        const lock = this.#slots.of(operation.lock);
        if (this.#leaseOf(lock, operation.owner) === undefined) return lost;
        this.#write(lock, undefined);
        return released;
      }
      case "endLease": {
        const lock = this.#slots.of(operation.lock);
        const standing = this.#standing(lock);
        const { modRevision = standing.modRevision, owner } = operation;
        if (standing.record?.kind !== "lock" || standing.record.owner !== owner) return lost;
        if (standing.modRevision !== modRevision) return lost;
        this.#write(lock, undefined);
        return released;
      }
      case "indexDue":
        this.#indexDue(operation.index, operation.key, operation.dueAtMs);
        return indexed;
      case "unindexDue":
        return this.#unindexDue(operation.index, operation.key);
      case "moveDue": {
        const { modRevision } = this.#standing(this.#slots.at(operation.index, operation.key));
        if (modRevision !== operation.modRevision) return this.#refuse(absent);
        this.#indexDue(operation.index, operation.key, operation.dueAtMs);
        return indexed;
      }
      case "takeDue":
        throw new InternalError("takeDue reads a range, and is no part of a transaction");
      default:
        return unreachable(operation);
    }
  }

  #delete(key: StateKey, expected: Version | undefined, fence: Fence | undefined): OperationResult | undefined {
    if (this.#isStale(fence)) return undefined;
    const found = this.#found(key);
    if (expected !== undefined && found?.version !== expected) return this.#refuse(found ?? absent);
    const slot = this.#slots.of(key);
    const lives = found !== undefined || this.#list(key) !== undefined;
    if (this.#standing(slot).record !== undefined) this.#write(slot, undefined);
    return lives ? deleted : absent;
  }

  #increment(operation: Extract<EtcdOperation, { op: "increment" }>): OperationResult | undefined {
    const { key, delta, ttlMs, atMost = Number.MAX_SAFE_INTEGER, fence } = operation;
    if (this.#isStale(fence)) return undefined;
    const found = this.#found(key);
    const standing = found === undefined ? 0 : countIn(found.value);
    if (standing === undefined) return this.#refuse(found ?? absent);
    const count = standing + delta;
    if (count > atMost) return this.#refuse({ kind: "counted", count: standing, remainingMs: found?.remainingMs });
    const livesMs = found === undefined ? ttlMs : found.remainingMs;
    this.#store(key, String(count), livesMs);
    return { kind: "counted", count, remainingMs: livesMs };
  }

  #append(operation: Extract<EtcdOperation, { op: "append" }>): OperationResult | undefined {
    const { key, value, ttlMs, atMost = Infinity, fence } = operation;
    if (this.#isStale(fence)) return undefined;
    const list = this.#list(key);
    const members = list?.members ?? [];
    if (list !== undefined && members.length >= atMost) return this.#refuse({ kind: "full", size: members.length });
    const expiresAtMs = list?.expiresAtMs ?? this.#expiry(ttlMs);
    const record = { kind: "list", members: [...members, value], expiresAtMs, fullText: fullTextOf(key) } as const;
    this.#write(this.#slots.of(key), record, this.#endAt(expiresAtMs));
    return { kind: "appended", size: members.length + 1 };
  }

  #acquire(operation: Extract<EtcdOperation, { op: "acquire" }>): OperationResult | undefined {
    const { owner, leaseMs, fenced = false } = operation;
    const lock = this.#slots.of(operation.lock);
    const { record } = this.#standing(lock);
    // The token is the revision that creates the key: it must be away before, and taken once in a transaction.
    if (record?.kind === "lock") {
      const leftMs = this.#leaseLeftMs(lock);
      if (leftMs === undefined || leftMs > 0) return this.#refuse({ kind: "held", remainingMs: leftMs });
      this.#writes.set(lock, { record: undefined, end: forGood });
      this.#mustWait = true;
      return undefined;
    }
    if (record !== undefined) throw new DataDamagedError("what is taken for a lock holds a value");
    if (this.#writes.has(lock)) {
      this.#mustWait = true;
      return undefined;
    }
    this.#write(lock, { kind: "lock", owner, leaseMs, fullText: fullTextOf(lock.key) }, { kind: "lock", leaseMs });
    // A name that was fenced once stays so while its token is remembered: a writer may still carry it.
    const token = this.#slots.token(lock);
    if (fenced || this.#standing(token).record !== undefined)
      this.#write(token, { kind: "token" }, { kind: "garbage", livesMs: tokenRetentionMs });
    return { kind: "acquired", token: BigInt(this.#revision) };
  }

  #extend({ lock: key, owner, leaseMs }: Extract<EtcdOperation, { op: "extend" }>): OperationResult {
    const lock = this.#slots.of(key);
    const lease = this.#leaseOf(lock, owner);
    if (lease === undefined) return lost;
    // Written each time, so that others see that the lease began anew (guarantees L6).
    this.#write(lock, { ...lease, leaseMs }, { kind: "lock", leaseMs });
    return extended;
  }

  /** The live lease of that owner (guarantees L7). */
  #leaseOf(lock: Slot, owner: string): Extract<EtcdRecord, { kind: "lock" }> | undefined {
    const { record } = this.#standing(lock);
    if (record?.kind !== "lock" || record.owner !== owner) return undefined;
    const leftMs = this.#leaseLeftMs(lock);
    return leftMs !== undefined && leftMs <= 0 ? undefined : record;
  }

  /** Of the lease in a lock; one that this bundle gave has all of its time. */
  #leaseLeftMs(lock: Slot): number | undefined {
    if (this.#pending.has(lock) || this.#writes.has(lock)) return undefined;
    lock.judged ??= { leftMs: this.#leases.leftMs(lock, this.#peek(lock)) };
    return lock.judged.leftMs;
  }

  #indexDue(index: DueIndex, key: StateKey, dueAtMs: number): void {
    this.#unindexDue(index, key);
    const at = this.#slots.at(index, key);
    const record = { kind: "due", dueAtMs, fullText: key.fullText } as const;
    this.#write(at, record);
    this.#write(this.#slots.due(at, index, dueAtMs), record);
  }

  #unindexDue(index: DueIndex, key: StateKey): OperationResult {
    const at = this.#slots.at(index, key);
    const { record } = this.#standing(at);
    if (record?.kind !== "due") return absent;
    this.#write(at, undefined);
    this.#write(this.#slots.due(at, index, record.dueAtMs), undefined);
    return deleted;
  }

  /** Guarantees L3: is a larger token of that lock known? A transaction in which one is, although none was believed to be, does not take effect. */
  #isStale(fence: Fence | undefined): boolean {
    if (fence === undefined) return false;
    const given = Number(fence.token);
    const lock = this.#slots.of(fence.lock);
    const token = this.#slots.token(lock);
    const remembered = this.#peek(token).modRevision;
    const held = this.#peek(lock).createRevision;
    const largest = Math.max(remembered, held);
    if (largest > given) {
      this.#standing(remembered > held ? token : lock);
      this.#refusal = { kind: "staleToken", token: BigInt(largest) };
      return true;
    }
    if (this.#bounded.get(lock) === given) return false;
    this.#bounded.set(lock, given);
    this.#require(token, { result: "less", target: "modRevision", value: given + 1 });
    this.#require(lock, { result: "less", target: "createRevision", value: given + 1 });
    return false;
  }

  #found(key: StateKey): Extract<OperationResult, { kind: "found" }> | undefined {
    const { record, modRevision } = this.#standing(this.#slots.of(key));
    if (record?.kind !== "value" || record.expiresAtMs <= this.#nowMs) return undefined;
    const { value, ordinal, expiresAtMs } = record;
    return { kind: "found", value, version: versionOf(modRevision, ordinal), remainingMs: this.#livesMs(expiresAtMs) };
  }

  #list(key: StateKey): Extract<EtcdRecord, { kind: "list" }> | undefined {
    const { record } = this.#standing(this.#slots.of(key));
    return record?.kind === "list" && record.expiresAtMs > this.#nowMs ? record : undefined;
  }

  #store(key: StateKey, value: string, ttlMs: number | undefined): OperationResult {
    const ordinal = this.#valueWrites++;
    const expiresAtMs = this.#expiry(ttlMs);
    const record = { kind: "value", value, expiresAtMs, ordinal, fullText: fullTextOf(key) } as const;
    this.#write(this.#slots.of(key), record, this.#endAt(expiresAtMs));
    return { kind: "stored", version: versionOf(this.#revision, ordinal) };
  }

  /** What is there now, as far as the transaction goes by it: it takes effect only if that is true. */
  #standing(cell: Cell): KnownEntry {
    const now = this.#peek(cell);
    if (this.#checked.has(cell) || this.#pending.has(cell) || this.#writes.has(cell)) return now;
    this.#checked.add(cell);
    this.#require(cell, { result: "equal", target: "modRevision", value: now.modRevision });
    return now;
  }

  #peek(cell: Cell): KnownEntry {
    const written = this.#pending.get(cell) ?? this.#writes.get(cell);
    const before = (cell.believed ??= cell.entry);
    if (written === undefined) return before;
    if (written.record === undefined) return absentEntry;
    const createRevision = before.createRevision === 0 ? this.#revision : before.createRevision;
    return { createRevision, modRevision: this.#revision, record: written.record };
  }

  #require(cell: Cell, condition: Omit<TxnCondition, "key">): void {
    this.#conditions.push({ key: cell.raw, ...condition });
    this.#reads.add(cell);
  }

  #write(cell: Cell, record: EtcdRecord | undefined, end = forGood): void {
    this.#pending.set(cell, { record, end });
  }

  #refuse(refusal: Refusal): undefined {
    this.#refusal = refusal;
  }

  #expiry(ttlMs: number | undefined): number {
    return ttlMs === undefined ? Infinity : this.#nowMs + ttlMs;
  }

  /** Whole: both instants are. */
  #livesMs(expiresAtMs: number): number | undefined {
    return expiresAtMs === Infinity ? undefined : expiresAtMs - this.#nowMs;
  }

  #endAt(expiresAtMs: number): WriteEnd {
    return expiresAtMs === Infinity ? forGood : { kind: "garbage", livesMs: expiresAtMs - this.#nowMs };
  }
}

/** The count that a value is the decimal text of, if it is one. */
function countIn(value: string): number | undefined {
  const count = Number(value);
  return Number.isSafeInteger(count) && String(count) === value ? count : undefined;
}

export function versionOf(revision: number, ordinal: number): Version {
  return `${revision}.${ordinal}` as Version;
}

/** Of a key whose text does not tell its tuple. */
function fullTextOf({ text, fullText }: StateKey): string | undefined {
  return text === fullText ? undefined : fullText;
}

const absent = { kind: "absent" } as const;
const deleted = { kind: "deleted" } as const;
const extended = { kind: "extended" } as const;
const released = { kind: "released" } as const;
const lost = { kind: "lost" } as const;
const indexed = { kind: "indexed" } as const;
