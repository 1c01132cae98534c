import { DataDamagedError, unreachable } from "@acteon/core";
import type {
  DueIndex,
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
import type { Host } from "./host.ts";
import { type Lease, isWithin } from "./lease-table.ts";
import {
  acquireText,
  appendText,
  extendText,
  putDueText,
  putText,
  releaseText,
  removeDueText,
  removeListText,
  removeText,
  turnText,
  useListsText,
} from "./record.ts";
import type { Replica } from "./replica.ts";
import { type Entry, type ListHead, type StoredEntry, dueKey, isStored } from "./rows.ts";
import type { Table } from "./table.ts";

type Operation<Op extends StateOperation["op"]> = Extract<StateOperation, { op: Op }>;

/**
 * Carries out groups within a turn. An operation is first decided, on what was there before its group (no two of a group
 * are on one key); what it writes is noted, and done once all of the group are decided. So a refused group has written
 * nothing, and nothing need be taken back.
 */
export class GroupWriter {
  readonly #host: Host;
  readonly #replica: Replica;
  readonly #table: Table;
  /** Of the turn: when it is, and from which numbers on it writes. */
  #sinceBootMs = 0;
  #nowMs = 0;
  #firstVersion = 0;
  #firstToken = 0;
  #version = 0;
  #token = 0;
  /** What the turn has done, as its record will say it. */
  #locksDone = "";
  #dataDone = "";
  /** What the group will do. The lists run side by side, and only their first places count: they are used again and again. */
  readonly #keys: string[] = [];
  readonly #entries: (Entry | undefined)[] = [];
  #entryCount = 0;
  readonly #locks: string[] = [];
  readonly #leases: (Lease | undefined)[] = [];
  #leaseCount = 0;
  #otherWrites: (() => void)[] = [];
  /** Why the operation just decided was refused. */
  #refusal: Refusal = absent;

  constructor(host: Host, replica: Replica, table: Table) {
    this.#host = host;
    this.#replica = replica;
    this.#table = table;
  }

  /** @param sinceBootMs For leases. @param nowMs Epoch ms, for the lives of values. */
  beginTurn(sinceBootMs: number, nowMs: number): void {
    this.#sinceBootMs = sinceBootMs;
    this.#nowMs = nowMs;
    this.#version = this.#firstVersion = this.#replica.lastVersion + 1;
    // Guarantees L2: larger than all before, and after a loss of data still larger than what was given out then.
    this.#token = this.#firstToken = Math.max(this.#replica.lastToken + 1, Math.floor(nowMs * 1_000));
    this.#locksDone = "";
    this.#dataDone = "";
  }

  apply(groups: readonly StateGroup[]): GroupResult[] {
    const results: GroupResult[] = [];
    for (const group of groups) results.push(this.#applyGroup(group));
    return results;
  }

  /** Something besides groups that the turn has done; it is told with what was done to locks. */
  note(text: string): void {
    this.#locksDone += text;
  }

  /** The record of the turn; `undefined` if it wrote nothing. */
  endTurn(): string | undefined {
    if (this.#locksDone === "" && this.#dataDone === "") return undefined;
    this.#replica.count(this.#version - 1, this.#token - 1);
    const head = {
      process: this.#host.process,
      sinceBootMs: this.#sinceBootMs,
      nowMs: this.#nowMs,
      firstVersion: this.#firstVersion,
      firstToken: this.#firstToken,
    };
    return turnText(head, this.#locksDone, this.#dataDone);
  }

  #applyGroup(group: StateGroup): GroupResult {
    const version = this.#version;
    const token = this.#token;
    const locksDone = this.#locksDone;
    const dataDone = this.#dataDone;
    this.#entryCount = 0;
    this.#leaseCount = 0;
    const results: OperationResult[] = [];
    for (const operation of group) {
      const result = this.#decide(operation);
      if (result === undefined) {
        this.#version = version;
        this.#token = token;
        this.#locksDone = locksDone;
        this.#dataDone = dataDone;
        if (this.#otherWrites.length > 0) this.#otherWrites = [];
        return { kind: "refused", at: results.length, found: this.#refusal };
      }
      results.push(result);
    }
    this.#write();
    return { kind: "done", results };
  }

  /** Does what the group's operations have noted. */
  #write(): void {
    const { recent, leases } = this.#replica;
    for (let i = 0; i < this.#entryCount; i++) {
      const key = this.#keys[i] as string;
      const entry = this.#entries[i];
      if (entry !== undefined) recent.entries.put(key, entry);
      else recent.remove(key, this.#isFirst(key));
    }
    for (let i = 0; i < this.#leaseCount; i++) {
      const lock = this.#locks[i] as string;
      const lease = this.#leases[i];
      if (lease !== undefined) leases.put(lock, lease);
      else leases.release(lock, this.#sinceBootMs);
    }
    if (this.#otherWrites.length > 0) {
      for (const write of this.#otherWrites) write();
      this.#otherWrites = [];
    }
  }

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
      case "get": {
        const entry = this.#live(this.#find(operation.key));
        return entry === undefined ? absent : found(entry, this.#nowMs);
      }
      case "extend":
        return this.#extend(operation);
      case "append":
        return this.#append(operation);
      case "members":
        return this.#members(operation);
      case "indexDue":
        return this.#indexDue(operation);
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
    const nowMs = this.#sinceBootMs;
    const former = leases.find(lock.text);
    if (former !== undefined && leases.holds(former, nowMs))
      return this.#refuse({ kind: "held", remainingMs: Math.ceil(former.endsAtMs - nowMs) });
    const token = this.#token++;
    // A name that was fenced once stays so while its token is remembered: a writer may still carry it.
    const isFenced = fenced || (former?.isFenced ?? false);
    this.#noteLease(lock, { owner, process: this.#host.process, token, endsAtMs: nowMs + leaseMs, leaseMs, isFenced });
    this.#locksDone += acquireText(lock.text, owner, leaseMs, isFenced);
    return { kind: "acquired", token: BigInt(token) };
  }

  #extend({ lock, owner, leaseMs }: Operation<"extend">): OperationResult {
    const lease = this.#leaseOf(lock, owner);
    if (lease === undefined) return lost;
    this.#noteLease(lock, { ...lease, endsAtMs: this.#sinceBootMs + leaseMs, leaseMs });
    this.#locksDone += extendText(lock.text, leaseMs);
    return extended;
  }

  #release({ lock, owner }: Operation<"release">): OperationResult {
    if (this.#leaseOf(lock, owner) === undefined) return lost;
    this.#noteLease(lock, undefined);
    this.#locksDone += releaseText(lock.text);
    return released;
  }

  /** The lease of that owner, unless it is over (guarantees L7). */
  #leaseOf(lock: StateKey, owner: string): Lease | undefined {
    const lease = this.#replica.leases.find(lock.text);
    return lease !== undefined && lease.owner === owner && isWithin(lease, this.#sinceBootMs) ? lease : undefined;
  }

  #set({ key, value, ttlMs, fence }: Operation<"set">): OperationResult | undefined {
    if (this.#isStale(fence)) return undefined;
    return this.#store(key, value, this.#expiry(ttlMs), this.#isFirst(key.text));
  }

  #checkAndSet({ key, value, ttlMs, fence }: Operation<"checkAndSet">): OperationResult | undefined {
    if (this.#isStale(fence)) return undefined;
    const entry = this.#find(key);
    const live = this.#live(entry);
    if (live !== undefined) return this.#refuse(found(live, this.#nowMs));
    return this.#store(key, value, this.#expiry(ttlMs), entry === undefined || this.#isFirst(key.text));
  }

  #compareAndSwap(swap: Operation<"compareAndSwap">): OperationResult | undefined {
    const { key, expected, value, ttlMs, fence } = swap;
    if (this.#isStale(fence)) return undefined;
    const entry = this.#find(key);
    const live = this.#live(entry);
    if (live === undefined ? expected !== "absent" : expected !== versionOf(live.version))
      return this.#refuse(live === undefined ? absent : found(live, this.#nowMs));
    return this.#store(key, value, this.#expiry(ttlMs), entry === undefined || this.#isFirst(key.text));
  }

  #increment(operation: Operation<"increment">): OperationResult | undefined {
    const { key, delta, ttlMs, atMost = Number.MAX_SAFE_INTEGER, fence } = operation;
    if (this.#isStale(fence)) return undefined;
    const entry = this.#find(key);
    const live = this.#live(entry);
    const standing = live === undefined ? 0 : countOf(live.value);
    if (live !== undefined && standing === undefined) return this.#refuse(found(live, this.#nowMs));
    const count = (standing ?? 0) + delta;
    const expiresAtMs = live?.expiresAtMs ?? this.#expiry(ttlMs);
    const remainingMs = remaining(expiresAtMs, this.#nowMs);
    if (count > atMost)
      return this.#refuse({
        kind: "counted",
        count: standing ?? 0,
        remainingMs: live === undefined ? undefined : remainingMs,
      });
    this.#store(key, String(count), expiresAtMs, entry === undefined || this.#isFirst(key.text));
    return { kind: "counted", count, remainingMs };
  }

  #delete({ key, expected, fence }: Operation<"delete">): OperationResult | undefined {
    if (this.#isStale(fence)) return undefined;
    const entry = this.#find(key);
    const live = this.#live(entry);
    if (expected !== undefined && (live === undefined || expected !== versionOf(live.version)))
      return this.#refuse(live === undefined ? absent : found(live, this.#nowMs));
    if (entry?.value !== undefined) {
      this.#noteEntry(key, undefined);
      this.#dataDone += removeText(key.text, this.#isFirst(key.text));
    }
    const hadList = this.#replica.usesLists && this.#deleteList(key);
    return live === undefined && !hadList ? absent : deleted;
  }

  #deleteList({ fullText }: StateKey): boolean {
    if (this.#findList(fullText) === undefined) return false;
    this.#noteOther(removeListText(fullText), () => this.#replica.recent.removeList(fullText));
    return true;
  }

  #append({ key, value, ttlMs, atMost = Infinity, fence }: Operation<"append">): OperationResult | undefined {
    if (this.#isStale(fence)) return undefined;
    const { fullText } = key;
    const list = this.#findList(fullText);
    const size = list?.size ?? 0;
    if (size >= atMost) return this.#refuse({ kind: "full", size });
    // A new list takes a version as its id: none has had it before.
    const id = list?.id ?? this.#version++;
    const expiresAtMs = list?.expiresAtMs ?? this.#expiry(ttlMs);
    if (!this.#replica.usesLists) this.#locksDone += useListsText;
    this.#noteOther(appendText(fullText, id, size, expiresAtMs - this.#nowMs, value), () => {
      this.#replica.useLists();
      this.#replica.recent.appendMember(fullText, id, size, expiresAtMs, value);
    });
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
    return list !== undefined && list.size > 0 && list.expiresAtMs > this.#nowMs ? list : undefined;
  }

  #indexDue({ index, key: { fullText }, dueAtMs }: Operation<"indexDue">): OperationResult {
    this.#noteDue(index, fullText, dueAtMs);
    return indexed;
  }

  #unindexDue({ index, key: { fullText } }: Operation<"unindexDue">): OperationResult {
    const recent = this.#replica.recent.due.find(dueKey(index, fullText));
    const dueAtMs = recent === undefined ? this.#table.findDue(index, fullText) : recent.dueAtMs;
    if (dueAtMs === undefined) return absent;
    this.#noteOther(removeDueText(index, fullText), () => this.#replica.recent.removeDue(index, fullText));
    return deleted;
  }

  #takeDue({ index, nowMs, limit, holdMs }: Operation<"takeDue">): OperationResult {
    const entries = dueEntries(this.#replica.recent.due, this.#table, { index, nowMs, limit });
    if (holdMs > 0) for (const { key } of entries) this.#noteDue(index, key.fullText, nowMs + holdMs);
    return { kind: "due", entries };
  }

  #noteDue(index: DueIndex, key: string, dueAtMs: number): void {
    this.#noteOther(putDueText(index, key, dueAtMs), () => this.#replica.recent.putDue(index, key, dueAtMs));
  }

  /** Guarantees L3: is a larger token of that lock known? */
  #isStale(fence: Fence | undefined): boolean {
    if (fence === undefined) return false;
    const known = this.#replica.leases.find(fence.lock.text);
    if (known === undefined || known.token <= fence.token) return false;
    this.#refusal = { kind: "staleToken", token: BigInt(known.token) };
    return true;
  }

  /** What lies under the key, be it expired or the mark of a deletion. */
  #find(key: StateKey): Entry | undefined {
    const entry = this.#replica.recent.entries.find(key.text) ?? this.#table.findEntry(key.text);
    if (entry?.value !== undefined && key.text !== key.fullText && entry.tuple !== key.fullText)
      throw new DataDamagedError("a collapsed key holds the entry of another (guarantees K3)");
    return entry;
  }

  #live(entry: Entry | undefined): StoredEntry | undefined {
    return entry !== undefined && entry.expiresAtMs > this.#nowMs && isStored(entry) ? entry : undefined;
  }

  /** Is there an entry of this generation with nothing below it? */
  #isFirst(key: string): boolean {
    return this.#replica.recent.entries.findActive(key)?.isFirst ?? false;
  }

  #expiry(ttlMs: number | undefined): number {
    return ttlMs === undefined ? Infinity : this.#nowMs + ttlMs;
  }

  #store(key: StateKey, value: string, expiresAtMs: number, isFirst: boolean): OperationResult {
    const version = this.#version++;
    const tuple = key.text === key.fullText ? undefined : key.fullText;
    this.#noteEntry(key, { value, version, expiresAtMs, tuple, isFirst });
    this.#dataDone += putText(key.text, value, expiresAtMs - this.#nowMs, tuple);
    return { kind: "stored", version: versionOf(version) };
  }

  /** @param entry `undefined`: deleted. */
  #noteEntry(key: StateKey, entry: Entry | undefined): void {
    const at = this.#entryCount++;
    this.#keys[at] = key.text;
    this.#entries[at] = entry;
  }

  /** @param lease `undefined`: released. */
  #noteLease(lock: StateKey, lease: Lease | undefined): void {
    const at = this.#leaseCount++;
    this.#locks[at] = lock.text;
    this.#leases[at] = lease;
  }

  #noteOther(text: string, write: () => void): void {
    this.#otherWrites.push(write);
    this.#dataDone += text;
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

const absent = { kind: "absent" } as const;
const deleted = { kind: "deleted" } as const;
const extended = { kind: "extended" } as const;
const released = { kind: "released" } as const;
const lost = { kind: "lost" } as const;
const indexed = { kind: "indexed" } as const;
