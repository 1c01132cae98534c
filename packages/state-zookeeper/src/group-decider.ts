import { DataDamagedError, unreachable } from "@acteon/core";
import type { DueIndex, OperationResult, Refusal, StateKey, StateOperation, StoredValue, Version } from "@acteon/state";
import type { LeaseContent, Life, ListContent, NodeContent, ValueContent } from "./node-content.ts";
import type { Slot } from "./slot.ts";

/** Moves an entry of an index that is still where it was. What `takeDue` holds its entries by. */
export interface HoldDue {
  readonly op: "holdDue";
  readonly index: DueIndex;
  readonly key: StateKey;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Deletes what is over: a value or list past its life, a lease, a token that nobody carries any more. */
export interface Reclaim {
  readonly op: "reclaim";
}

export type DecidableOperation = Exclude<StateOperation, { readonly op: "takeDue" }> | HoldDue | Reclaim;

/** An operation and the nodes that it is about. */
export interface BoundOperation {
  readonly operation: DecidableOperation;
  /** Of the key, the lock, or the key's place in an index. */
  readonly slot: Slot;
  /** Of the lock's token: of a fenced `acquire`, and of a `Fence`. */
  readonly fenceSlot: Slot | undefined;
  /** Of the lock that a `Fence` names. */
  readonly fencedBy: Slot | undefined;
  /** What the content holds of a collapsed key; else empty. */
  readonly fullText: string;
}

/** What deciding needs to know of the world. */
export interface Moment {
  /** The server's time, as a guess; for TTLs. */
  readonly nowMs: number;
  readonly monotonicMs: number;
  /** It is at least so late by the clock that timed this write; `undefined` if that leader is gone. */
  leastNowMs(zxid: number): number | undefined;
  /** A lease that is not longer goes with the session, which outlives it: that session was heard when it took the lease. */
  readonly longestEphemeralMs: number;
  newId(): string;
}

export type Decision =
  | { readonly kind: "done"; readonly results: readonly OperationResult[] }
  | { readonly kind: "refused"; readonly at: number; readonly found: Refusal }
  /** It depends on a token that a group before it is about to get. */
  | { readonly kind: "later" };

/** A result that waits for the number of the transaction. */
export type Unnumbered =
  | { readonly kind: "version"; readonly of: { version: Version }; readonly slot: Slot; readonly write: number }
  | { readonly kind: "token"; readonly of: { token: bigint } };

interface Undo {
  readonly slot: Slot;
  readonly content: NodeContent | undefined;
  readonly writes: number;
  readonly acquired: boolean;
}

/**
 * Decides groups one after another on what is known of their nodes, and leaves in the slots what they write. Pure: nothing is
 * sent. That what was known is true is for the transaction to check.
 */
export class GroupDecider {
  readonly unnumbered: Unnumbered[] = [];
  readonly #moment: Moment;
  #undo: Undo[] = [];
  #refusal: Refusal = absent;
  #later = false;

  constructor(moment: Moment) {
    this.#moment = moment;
  }

  decide(group: readonly BoundOperation[]): Decision {
    this.#undo = [];
    const unnumberedBefore = this.unnumbered.length;
    const results: OperationResult[] = [];
    for (const bound of group) {
      const result = this.#try(bound);
      if (result === undefined) {
        this.#takeBack();
        if (this.#later) {
          this.#later = false;
          this.unnumbered.length = unnumberedBefore;
          return { kind: "later" };
        }
        return { kind: "refused", at: results.length, found: this.#refusal };
      }
      results.push(result);
    }
    return { kind: "done", results };
  }

  #takeBack(): void {
    for (const { slot, content, writes, acquired } of this.#undo.toReversed())
      Object.assign(slot, { content, writes, acquired });
  }

  /** The result, or `undefined` and the reason in `#refusal`. */
  #try({ operation, slot, fenceSlot, fencedBy, fullText }: BoundOperation): OperationResult | undefined {
    if (operation.op !== "reclaim") refuseForeign(slot, fullText);
    if (fencedBy !== undefined && fenceSlot !== undefined && "fence" in operation && operation.fence !== undefined)
      if (this.#isStale(operation.fence.token, fencedBy, fenceSlot)) return undefined;
    switch (operation.op) {
      case "get":
        return this.#found(slot) ?? absent;
      case "set":
        return this.#store(slot, operation.value, operation.ttlMs, fullText);
      case "checkAndSet": {
        const found = this.#found(slot);
        return found === undefined
          ? this.#store(slot, operation.value, operation.ttlMs, fullText)
          : this.#refuse(found);
      }
      case "compareAndSwap": {
        const found = this.#found(slot);
        if ((found?.version ?? "absent") !== operation.expected) return this.#refuse(found ?? absent);
        return this.#store(slot, operation.value, operation.ttlMs, fullText);
      }
      case "delete":
        return this.#delete(slot, operation.expected);
      case "increment":
        return this.#increment(slot, operation, fullText);
      case "append":
        return this.#append(slot, operation, fullText);
      case "members":
        return { kind: "list", values: this.#liveList(slot)?.values ?? [] };
      case "acquire":
        return this.#acquire(slot, fenceSlot, operation.owner, operation.leaseMs);
      case "extend":
        return this.#extend(slot, operation.owner, operation.leaseMs);
      case "release":
        return this.#release(slot, operation.owner);
      case "indexDue": {
        const id = slot.content?.id ?? this.#moment.newId();
        this.#write(slot, { kind: "due", id, dueAtMs: operation.dueAtMs, fullText: operation.key.fullText });
        return indexed;
      }
      case "unindexDue":
        if (slot.content === undefined) return absent;
        this.#write(slot, undefined);
        return deleted;
      case "holdDue": {
        const { content } = slot;
        if (content?.kind !== "due" || content.dueAtMs !== operation.fromMs) return this.#refuse(absent);
        this.#write(slot, { ...content, dueAtMs: operation.untilMs });
        return indexed;
      }
      case "reclaim":
        if (slot.content === undefined || !this.#isUseless(slot, slot.content)) return absent;
        this.#write(slot, undefined);
        return deleted;
      default:
        return unreachable(operation);
    }
  }

  #isUseless(slot: Slot, content: NodeContent): boolean {
    switch (content.kind) {
      case "value":
      case "list":
        return !this.#isAlive(content.life);
      case "lease":
        return this.#isOver(slot, content);
      case "fence":
        return this.#moment.nowMs - (slot.seen?.writtenAtMs ?? Infinity) > tokenRetentionMs;
      case "due":
        return false;
    }
  }

  /** Guarantees L3: is a larger token of that lock known? */
  #isStale(token: bigint, lock: Slot, fence: Slot): boolean {
    if ((lock.acquired || fence.writes > 0) && !this.#undo.some(({ slot }) => slot === lock || slot === fence)) {
      this.#later = true; // what an earlier group made of the lock
      return true;
    }
    const lease = lock.seen?.content;
    const held = lease?.kind === "lease" ? tokenOf(lease, lock.seen?.madeByZxid ?? 0) : 0n;
    const kept = BigInt(fence.seen?.zxid ?? 0);
    const known = held > kept ? held : kept;
    if (known > token) this.#refuse({ kind: "staleToken", token: known });
    return known > token;
  }

  #store(slot: Slot, value: string, ttlMs: number | undefined, fullText: string): OperationResult {
    const id = slot.content?.id ?? this.#moment.newId();
    this.#write(slot, { kind: "value", id, life: this.#lifeOf(ttlMs), fullText, value });
    return this.#versioned(slot, { kind: "stored" as const, version: unknownVersion });
  }

  #delete(slot: Slot, expected: Version | undefined): OperationResult | undefined {
    const found = this.#found(slot);
    if (expected !== undefined && found?.version !== expected) return this.#refuse(found ?? absent);
    const wasThere = found !== undefined || this.#liveList(slot) !== undefined;
    if (slot.content !== undefined) this.#write(slot, undefined);
    return wasThere ? deleted : absent;
  }

  #increment(
    slot: Slot,
    { delta, ttlMs, atMost = Number.MAX_SAFE_INTEGER }: Extract<StateOperation, { readonly op: "increment" }>,
    fullText: string,
  ): OperationResult | undefined {
    const live = this.#liveValue(slot);
    const standing = live === undefined ? 0 : countOf(live.value);
    if (standing === undefined) return this.#refuse(this.#found(slot) ?? absent);
    const life = live === undefined ? this.#lifeOf(ttlMs) : live.life;
    const count = standing + delta;
    if (count > atMost)
      return this.#refuse({ kind: "counted", count: standing, remainingMs: live && this.#leftMs(live.life) });
    const id = slot.content?.id ?? this.#moment.newId();
    this.#write(slot, { kind: "value", id, life, fullText, value: String(count) });
    return { kind: "counted", count, remainingMs: this.#leftMs(life) };
  }

  #append(
    slot: Slot,
    { value, ttlMs, atMost = Infinity }: Extract<StateOperation, { readonly op: "append" }>,
    fullText: string,
  ): OperationResult | undefined {
    const live = this.#liveList(slot);
    const size = live?.values.length ?? 0;
    if (size >= atMost) return this.#refuse({ kind: "full", size });
    const id = slot.content?.id ?? this.#moment.newId();
    const life = live === undefined ? this.#lifeOf(ttlMs) : live.life;
    this.#write(slot, { kind: "list", id, life, fullText, values: [...(live?.values ?? []), value] });
    return { kind: "appended", size: size + 1 };
  }

  #acquire(slot: Slot, fence: Slot | undefined, owner: string, leaseMs: number): OperationResult | undefined {
    const lease = slot.content;
    if (lease?.kind === "lease" && !this.#isOver(slot, lease))
      return this.#refuse({ kind: "held", remainingMs: this.#leaseLeftMs(slot, lease) });
    if (slot.acquired) {
      this.#later = true; // two tokens of one lock come from two transactions
      return undefined;
    }
    const ephemeral = leaseMs <= this.#moment.longestEphemeralMs;
    this.#write(slot, { kind: "lease", id: this.#moment.newId(), owner, leaseMs, token: undefined, ephemeral });
    slot.acquired = true;
    if (fence !== undefined) {
      this.#write(fence, { kind: "fence", id: fence.content?.id ?? this.#moment.newId() });
    }
    const result = { kind: "acquired" as const, token: 0n };
    this.unnumbered.push({ kind: "token", of: result });
    return result;
  }

  #extend(slot: Slot, owner: string, leaseMs: number): OperationResult | undefined {
    const lease = this.#leaseOf(slot, owner);
    if (lease === undefined) return lost;
    if (!lease.ephemeral || leaseMs <= this.#moment.longestEphemeralMs) {
      this.#write(slot, { ...lease, leaseMs });
      return extended;
    }
    if (slot.seen === undefined || slot.acquired) {
      this.#later = true; // its token has to be known, to be kept
      return undefined;
    }
    // It is to outlive the session, so it becomes a node that does.
    const token = tokenOf(lease, slot.seen.madeByZxid);
    this.#write(slot, { ...lease, leaseMs, id: this.#moment.newId(), token, ephemeral: false });
    return extended;
  }

  #release(slot: Slot, owner: string): OperationResult {
    const lease = this.#leaseOf(slot, owner);
    const isOurs = slot.content?.kind === "lease" && slot.content.owner === owner;
    if (isOurs) this.#write(slot, undefined);
    return lease === undefined ? lost : released;
  }

  /** The live lease of that owner (guarantees L7). */
  #leaseOf(slot: Slot, owner: string): LeaseContent | undefined {
    const { content } = slot;
    return content?.kind === "lease" && content.owner === owner && !this.#isOver(slot, content) ? content : undefined;
  }

  /** Guarantees L6: by the clock of the leader that timed the lease, or because it was seen to lie unchanged for as long as it is. */
  #isOver(slot: Slot, { leaseMs }: LeaseContent): boolean {
    const { seen } = slot;
    if (slot.writes > 0 || seen === undefined) return false;
    if (this.#moment.monotonicMs - seen.seenAtMs >= leaseMs) return true;
    const leastNowMs = this.#moment.leastNowMs(seen.zxid);
    return leastNowMs !== undefined && seen.writtenAtMs !== undefined && leastNowMs >= seen.writtenAtMs + leaseMs;
  }

  #leaseLeftMs({ seen, writes }: Slot, { leaseMs }: LeaseContent): number {
    if (writes > 0 || seen === undefined) return leaseMs;
    const unchangedMs = this.#moment.monotonicMs - seen.seenAtMs;
    const agedMs = seen.writtenAtMs === undefined ? 0 : this.#moment.nowMs - seen.writtenAtMs;
    return Math.max(1, Math.min(leaseMs, Math.ceil(leaseMs - Math.max(unchangedMs, agedMs))));
  }

  #found(slot: Slot): ({ readonly kind: "found" } & StoredValue) | undefined {
    const live = this.#liveValue(slot);
    if (live === undefined) return undefined;
    const { value, life } = live;
    const remainingMs = this.#leftMs(life);
    return this.#versioned(slot, { kind: "found" as const, value, version: unknownVersion, remainingMs });
  }

  /** With the write that made the slot what it is. */
  #versioned<Result extends { version: Version }>(slot: Slot, result: Result): Result {
    if (slot.writes > 0) this.unnumbered.push({ kind: "version", of: result, slot, write: slot.writes });
    else if (slot.seen !== undefined) result.version = versionOf(slot.seen.zxid);
    return result;
  }

  #liveValue({ content }: Slot): ValueContent | undefined {
    return content?.kind === "value" && this.#isAlive(content.life) ? content : undefined;
  }

  #liveList({ content }: Slot): ListContent | undefined {
    return content?.kind === "list" && this.#isAlive(content.life) ? content : undefined;
  }

  #isAlive(life: Life | undefined): boolean {
    return life === undefined || life.endsAtMs > this.#moment.nowMs;
  }

  #lifeOf(ttlMs: number | undefined): Life | undefined {
    return ttlMs === undefined ? undefined : { endsAtMs: Math.ceil(this.#moment.nowMs + ttlMs), ttlMs };
  }

  #leftMs(life: Life | undefined): number | undefined {
    return life === undefined ? undefined : leftOf(life, this.#moment.nowMs);
  }

  #write(slot: Slot, content: NodeContent | undefined): void {
    this.#undo.push({ slot, content: slot.content, writes: slot.writes, acquired: slot.acquired });
    slot.content = content;
    slot.writes++;
  }

  #refuse(refusal: Refusal): undefined {
    this.#refusal = refusal;
  }
}

/** For how long the token of a lock that nobody takes is remembered: far longer than any holder of a stale one lives (guarantees L2). */
export const tokenRetentionMs = 24 * 60 * 60 * 1_000;

const unknownVersion = "" as Version;
const absent = { kind: "absent" } as const;
const deleted = { kind: "deleted" } as const;
const extended = { kind: "extended" } as const;
const released = { kind: "released" } as const;
const lost = { kind: "lost" } as const;
const indexed = { kind: "indexed" } as const;

/** Gives the results their versions and tokens. A write that another of its transaction followed has a version that nobody finds. */
export function numberResults(unnumbered: readonly Unnumbered[], zxid: number): void {
  for (const each of unnumbered)
    if (each.kind === "token") each.of.token = BigInt(zxid);
    else each.of.version = each.write === each.slot.writes ? versionOf(zxid) : (`${zxid}.${each.write}` as Version);
}

/** The transaction that wrote the node last: no other write has its number. */
export function versionOf(zxid: number): Version {
  return zxid as Version;
}

/** Whole ms, above 0, and not more than it began with. */
export function leftOf({ endsAtMs, ttlMs }: Life, nowMs: number): number {
  return Math.max(1, Math.min(ttlMs, Math.ceil(endsAtMs - nowMs)));
}

/** Guarantees K3: the key of a collapsed path is compared. */
function refuseForeign({ content }: Slot, fullText: string): void {
  if ((content?.kind === "value" || content?.kind === "list") && content.fullText !== fullText)
    throw new DataDamagedError("an entry is that of another key");
}

function tokenOf({ token }: LeaseContent, madeByZxid: number): bigint {
  return token ?? BigInt(madeByZxid);
}

/** The number that this text is the decimal form of. */
function countOf(value: string): number | undefined {
  const count = Number(value);
  return Number.isSafeInteger(count) && String(count) === value ? count : undefined;
}
