import { DataDamagedError, InternalError, unreachable } from "@acteon/core";
import type { DueIndex, Fence, GroupResult, OperationResult, Refusal, StateKey, Version } from "@acteon/state";
import type { EtcdOperation } from "./etcd-operation.ts";
import type { KeySpace } from "./key-space.ts";
import type { KnownEntry } from "./known-entry.ts";
import type { EtcdRecord } from "./record.ts";
import type { TxnCondition } from "./txn-message.ts";

/** What the store is believed to hold, and what this process knows of leases that it gave. */
export interface StoreView {
  entry(raw: string): KnownEntry;
  /** For how long a lease that this process gave lives on; `undefined`: another's. */
  leaseLeftMs(raw: string): number | undefined;
  /** Is that write of a lock this process's, with that lease, and kept alive for at least as long? Then extending it needs no write. */
  keeps(raw: string, modRevision: number, leaseMs: number): boolean;
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
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlyMap<string, PlannedWrite>;
  /** Locks whose lease is extended by this process keeping them for longer. */
  readonly extended: readonly { readonly raw: string; readonly leaseMs: number }[];
}

/** The revision of a transaction that is not yet sent: larger than every other. */
export const nextRevision = Number.MAX_SAFE_INTEGER;

/**
 * Decides groups, one after another, over what is believed to be there: pure. A group is whole or not at all. Versions and
 * tokens are the revision of the transaction that carries the groups, which only its answer tells: groups are decided with
 * `nextRevision` to learn what to send, and once more with the real one to learn what to say. Nothing else differs.
 */
export function decide(
  groups: readonly (readonly EtcdOperation[])[],
  space: KeySpace,
  view: StoreView,
  moment: { readonly nowMs: number; readonly revision: number },
): Decision {
  return new Decider(space, view, moment).decide(groups);
}

/** How long after its last write the token of a fenced lock is remembered: far longer than any holder of a stale one lives (guarantees L2). */
const tokenRetentionMs = 24 * 60 * 60 * 1_000;

const forGood: WriteEnd = { kind: "never" };

class Decider {
  readonly #space: KeySpace;
  readonly #view: StoreView;
  readonly #nowMs: number;
  readonly #revision: number;
  readonly #conditions = new Map<string, TxnCondition>();
  readonly #reads = new Set<string>();
  readonly #writes = new Map<string, PlannedWrite>();
  readonly #extended: { readonly raw: string; readonly leaseMs: number }[] = [];
  /** What the group under way writes. */
  readonly #pending = new Map<string, PlannedWrite>();
  /** Why the operation just tried was refused. */
  #refusal: Refusal = { kind: "absent" };
  /** The group under way needs the earlier ones to have taken effect. */
  #mustWait = false;
  #valueWrites = 0;

  constructor(
    space: KeySpace,
    view: StoreView,
    { nowMs, revision }: { readonly nowMs: number; readonly revision: number },
  ) {
    this.#space = space;
    this.#view = view;
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
      conditions: [...this.#conditions.values()],
      reads: this.#reads,
      writes: this.#writes,
      extended: this.#extended,
    };
  }

  #decideGroup(group: readonly EtcdOperation[]): GroupResult {
    this.#pending.clear();
    const extendedBefore = this.#extended.length;
    const results: OperationResult[] = [];
    for (const operation of group) {
      const result = this.#try(operation);
      if (result === undefined) {
        this.#extended.length = extendedBefore;
        return { kind: "refused", at: results.length, found: this.#refusal };
      }
      results.push(result);
    }
    for (const [raw, write] of this.#pending) this.#writes.set(raw, write);
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
        const raw = this.#space.of(operation.lock);
        if (this.#leaseOf(raw, operation.owner) === undefined) return lost;
        this.#write(raw, undefined);
        return released;
      }
      case "endLease": {
        const raw = this.#space.of(operation.lock);
        const { modRevision = this.#standing(raw).modRevision } = operation;
        if (this.#leaseOf(raw, operation.owner) === undefined || this.#standing(raw).modRevision !== modRevision)
          return lost;
        this.#write(raw, undefined);
        return released;
      }
      case "indexDue":
        this.#indexDue(operation.index, operation.key, operation.dueAtMs);
        return indexed;
      case "unindexDue":
        return this.#unindexDue(operation.index, operation.key);
      case "moveDue": {
        const { modRevision } = this.#standing(this.#space.at(operation.index, operation.key));
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
    const raw = this.#space.of(key);
    const lives = found !== undefined || this.#list(key) !== undefined;
    if (this.#standing(raw).record !== undefined) this.#write(raw, undefined);
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
    this.#write(this.#space.of(key), record, this.#endAt(expiresAtMs));
    return { kind: "appended", size: members.length + 1 };
  }

  #acquire(operation: Extract<EtcdOperation, { op: "acquire" }>): OperationResult | undefined {
    const { lock, owner, leaseMs, fenced = false } = operation;
    const raw = this.#space.of(lock);
    const tokenRaw = this.#space.token(lock);
    const { record } = this.#standing(raw);
    if (record?.kind === "lock") return this.#refuse({ kind: "held", remainingMs: this.#view.leaseLeftMs(raw) });
    if (record !== undefined) throw new DataDamagedError("what is taken for a lock holds a value");
    // The token is the revision that creates the key: it must be away before, and taken once in a transaction.
    if (this.#writes.has(raw)) {
      this.#mustWait = true;
      return undefined;
    }
    this.#write(raw, { kind: "lock", owner, leaseMs, fullText: fullTextOf(lock) }, { kind: "lock", leaseMs });
    // A name that was fenced once stays so while its token is remembered: a writer may still carry it.
    if (fenced || this.#standing(tokenRaw).record !== undefined)
      this.#write(tokenRaw, { kind: "token" }, { kind: "garbage", livesMs: tokenRetentionMs });
    return { kind: "acquired", token: BigInt(this.#revision) };
  }

  #extend({ lock, owner, leaseMs }: Extract<EtcdOperation, { op: "extend" }>): OperationResult {
    const raw = this.#space.of(lock);
    const lease = this.#leaseOf(raw, owner);
    if (lease === undefined) return lost;
    if (this.#view.keeps(raw, this.#standing(raw).modRevision, leaseMs)) this.#extended.push({ raw, leaseMs });
    else this.#write(raw, { ...lease, leaseMs }, { kind: "lock", leaseMs });
    return extended;
  }

  /** The live lease of that owner (guarantees L7). */
  #leaseOf(raw: string, owner: string): Extract<EtcdRecord, { kind: "lock" }> | undefined {
    const { record } = this.#standing(raw);
    return record?.kind === "lock" && record.owner === owner ? record : undefined;
  }

  #indexDue(index: DueIndex, key: StateKey, dueAtMs: number): void {
    this.#unindexDue(index, key);
    const record = { kind: "due", dueAtMs, fullText: key.fullText } as const;
    this.#write(this.#space.at(index, key), record);
    this.#write(this.#space.due(index, dueAtMs, key), record);
  }

  #unindexDue(index: DueIndex, key: StateKey): OperationResult {
    const raw = this.#space.at(index, key);
    const { record } = this.#standing(raw);
    if (record?.kind !== "due") return absent;
    this.#write(raw, undefined);
    this.#write(this.#space.due(index, record.dueAtMs, key), undefined);
    return deleted;
  }

  /** Guarantees L3: is a larger token of that lock known? A transaction in which one is, although none was believed to be, does not take effect. */
  #isStale(fence: Fence | undefined): boolean {
    if (fence === undefined) return false;
    const token = Number(fence.token);
    const raw = this.#space.of(fence.lock);
    const tokenRaw = this.#space.token(fence.lock);
    const remembered = this.#peek(tokenRaw).modRevision;
    const held = this.#peek(raw).createRevision;
    if (Math.max(remembered, held) > token) {
      this.#standing(remembered > held ? tokenRaw : raw);
      this.#refusal = { kind: "staleToken", token: BigInt(Math.max(remembered, held)) };
      return true;
    }
    this.#require({ key: tokenRaw, result: "less", target: "modRevision", value: token + 1 });
    this.#require({ key: raw, result: "less", target: "createRevision", value: token + 1 });
    return false;
  }

  #found(key: StateKey): Extract<OperationResult, { kind: "found" }> | undefined {
    const { record, modRevision } = this.#standing(this.#space.of(key));
    if (record?.kind !== "value" || record.expiresAtMs <= this.#nowMs) return undefined;
    const { value, ordinal, expiresAtMs } = record;
    return { kind: "found", value, version: versionOf(modRevision, ordinal), remainingMs: this.#livesMs(expiresAtMs) };
  }

  #list(key: StateKey): Extract<EtcdRecord, { kind: "list" }> | undefined {
    const { record } = this.#standing(this.#space.of(key));
    return record?.kind === "list" && record.expiresAtMs > this.#nowMs ? record : undefined;
  }

  #store(key: StateKey, value: string, ttlMs: number | undefined): OperationResult {
    const ordinal = this.#valueWrites++;
    const expiresAtMs = this.#expiry(ttlMs);
    const record = { kind: "value", value, expiresAtMs, ordinal, fullText: fullTextOf(key) } as const;
    this.#write(this.#space.of(key), record, this.#endAt(expiresAtMs));
    return { kind: "stored", version: versionOf(this.#revision, ordinal) };
  }

  /** What is there now, as far as the transaction goes by it: it takes effect only if that is true. */
  #standing(raw: string): KnownEntry {
    if (!this.#pending.has(raw) && !this.#writes.has(raw))
      this.#require({ key: raw, result: "equal", target: "modRevision", value: this.#view.entry(raw).modRevision });
    return this.#peek(raw);
  }

  #peek(raw: string): KnownEntry {
    const written = this.#pending.get(raw) ?? this.#writes.get(raw);
    const before = this.#view.entry(raw);
    if (written === undefined) return before;
    if (written.record === undefined) return { createRevision: 0, modRevision: 0, record: undefined };
    const createRevision = before.createRevision === 0 ? this.#revision : before.createRevision;
    return { createRevision, modRevision: this.#revision, record: written.record };
  }

  #require(condition: TxnCondition): void {
    this.#conditions.set(`${condition.result} ${condition.value} ${condition.key}`, condition);
    this.#reads.add(condition.key);
  }

  #write(raw: string, record: EtcdRecord | undefined, end = forGood): void {
    this.#pending.set(raw, { record, end });
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
