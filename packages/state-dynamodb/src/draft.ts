import { unreachable } from "@acteon/core";
import type { Fence, GroupResult, OperationResult, Refusal, StateGroup, StateOperation, Version } from "@acteon/state";
import type { Condition } from "./condition.ts";
import type { LeaseWatch } from "./lease-watch.ts";
import type { RecentCounts } from "./recent-counts.ts";
import { forGoodMs, isCount, partsOf } from "./row.ts";
import type { ListRow, LockRow, Row, ValueRow } from "./row.ts";
import { duePlace, placeOf } from "./table-layout.ts";
import type { Place } from "./table-layout.ts";

/** What is known of items, by the id of their places; `row` is `undefined` where there is none. */
export type Facts = ReadonlyMap<string, { readonly row: Row | undefined }>;

/** What a draft goes by besides facts. */
export interface DraftPorts {
  readonly leases: LeaseWatch;
  readonly counts: RecentCounts;
  /** A version that never was and never will be again. */
  nextVersion(): string;
  /** The server's clock, as near as it is known here. */
  readonly nowMs: number;
  /** Of this process, for leases (guarantees L6). */
  readonly monotonicMs: number;
}

/** An item that a draft has looked at. */
export interface Touched {
  readonly place: Place;
  /** On what is there before. */
  readonly condition: Condition;
  /** What is there before, where it is known. */
  readonly before: Row | undefined;
  readonly after: Row | undefined;
  readonly changed: boolean;
}

export type DraftOutcome =
  /** What these groups come to, provided that the conditions of `touched` hold together, and its writes are made with them. */
  | { readonly kind: "drafted"; readonly results: readonly GroupResult[]; readonly touched: readonly Touched[] }
  /** Nothing can be said before these items are read. */
  | { readonly kind: "unread"; readonly places: readonly Place[] };

/** Carries groups out, one after another, over what is known or assumed of their items. Pure but for versions. */
export function draft(groups: readonly StateGroup[], facts: Facts, ports: DraftPorts): DraftOutcome {
  return new Draft(facts, ports).run(groups);
}

type State = Row | undefined | "unknown";

interface Slot {
  readonly place: Place;
  condition: Condition | undefined;
  readonly before: Row | undefined;
  state: State;
  changed: boolean;
}

type Answer = OperationResult | { readonly kind: "refusal"; readonly found: Refusal } | { readonly kind: "unread" };

class Draft {
  readonly #facts: Facts;
  readonly #ports: DraftPorts;
  readonly #slots = new Map<string, Slot>();
  readonly #unread = new Map<string, Place>();
  /** How to take back what the group under way has done, the last change last. */
  #undo: { readonly slot: Slot; readonly state: State; readonly changed: boolean }[] = [];

  constructor(facts: Facts, ports: DraftPorts) {
    this.#facts = facts;
    this.#ports = ports;
  }

  run(groups: readonly StateGroup[]): DraftOutcome {
    const results = groups.map((group) => this.#group(group));
    if (this.#unread.size > 0) return { kind: "unread", places: [...this.#unread.values()] };
    const touched: Touched[] = [];
    for (const { place, condition, before, state, changed } of this.#slots.values())
      if (condition !== undefined)
        touched.push({ place, condition, before, after: state === "unknown" ? undefined : state, changed });
    return { kind: "drafted", results, touched };
  }

  #group(group: StateGroup): GroupResult {
    this.#undo = [];
    const results: OperationResult[] = [];
    for (const operation of group) {
      const answer = this.#operation(operation);
      if (answer.kind === "refusal") {
        for (const { slot, state, changed } of this.#undo.toReversed()) Object.assign(slot, { state, changed });
        return { kind: "refused", at: results.length, found: answer.found };
      }
      // Go on, to learn what else has to be read: nothing of this draft will be used.
      if (answer.kind === "unread") continue;
      results.push(answer);
    }
    return { kind: "done", results };
  }

  #operation(operation: StateOperation): Answer {
    const stale = "fence" in operation ? this.#staleBy(operation.fence) : undefined;
    if (stale !== undefined) return stale;
    switch (operation.op) {
      case "get":
      case "members": {
        const slot = this.#slot(placeOf(operation.key));
        if (slot.state === "unknown") return this.#needs(slot);
        if (operation.op === "members") return { kind: "list", values: this.#liveList(slot.state)?.values ?? [] };
        const row = this.#liveValue(slot.state);
        return row === undefined ? absent : this.#found(row);
      }
      case "set": {
        const slot = this.#slot(placeOf(operation.key));
        if (slot.state === "unknown" && !assume(slot, { kind: "any" }, "unknown")) return this.#needs(slot);
        return this.#store(slot, operation.value, operation.ttlMs);
      }
      case "checkAndSet":
        return this.#swap(operation, "absent");
      case "compareAndSwap":
        return this.#swap(operation, operation.expected);
      case "delete":
        return this.#delete(operation);
      case "increment":
        return this.#increment(operation);
      case "append":
        return this.#append(operation);
      case "acquire":
        return this.#acquire(operation);
      case "extend":
      case "release":
        return this.#keepOrRelease(operation);
      case "indexDue": {
        const slot = this.#slot(duePlace(operation.index, operation.key));
        if (slot.state === "unknown" && !assume(slot, { kind: "any" }, "unknown")) return this.#needs(slot);
        this.#write(slot, { kind: "due", version: this.#ports.nextVersion(), dueAtMs: operation.dueAtMs });
        return indexed;
      }
      case "unindexDue": {
        const slot = this.#slot(duePlace(operation.index, operation.key));
        if (slot.state === "unknown") {
          if (!assume(slot, { kind: "there" }, "unknown")) return this.#needs(slot);
        } else if (slot.state === undefined) return absent;
        this.#write(slot, undefined);
        return deleted;
      }
      case "takeDue":
        throw new TypeError("takeDue goes over all tenants, and so is alone in its group");
      default:
        return unreachable(operation);
    }
  }

  #swap(
    { key, value, ttlMs }: Extract<StateOperation, { op: "checkAndSet" | "compareAndSwap" }>,
    expected: Version | "absent",
  ): Answer {
    const slot = this.#slot(placeOf(key));
    if (slot.state === "unknown") {
      const known = assumeExpected(slot, expected);
      return known ? this.#store(slot, value, ttlMs) : this.#needs(slot);
    }
    const row = this.#liveValue(slot.state);
    if ((row?.version ?? "absent") !== expected) return this.#refuse(row);
    return this.#store(slot, value, ttlMs);
  }

  #delete({ key, expected }: Extract<StateOperation, { op: "delete" }>): Answer {
    const slot = this.#slot(placeOf(key));
    if (slot.state === "unknown") {
      const condition: Condition =
        expected === undefined ? { kind: "live" } : { kind: "liveVersion", version: String(expected) };
      if (!assume(slot, condition, "unknown")) return this.#needs(slot);
    } else {
      const row = this.#liveValue(slot.state) ?? this.#liveList(slot.state);
      if (expected !== undefined && row?.version !== expected) return this.#refuse(this.#liveValue(row));
      if (row === undefined) return absent;
    }
    this.#write(slot, undefined);
    return deleted;
  }

  #increment({ key, delta, ttlMs, atMost }: Extract<StateOperation, { op: "increment" }>): Answer {
    const slot = this.#slot(placeOf(key), this.#ports.counts);
    if (slot.state === "unknown" && !assume(slot, { kind: "missing" }, undefined)) return this.#needs(slot);
    const row = this.#liveValue(slot.state);
    if (row !== undefined && !isCount(row.value)) return this.#refuse(row);
    const standing = Number(row?.value ?? 0);
    const expiresAtMs = row?.expiresAtMs ?? this.#expiry(ttlMs);
    const remainingMs = this.#remaining(expiresAtMs);
    const count = standing + delta;
    if (count > (atMost ?? Number.MAX_SAFE_INTEGER))
      return refusal({ kind: "counted", count: standing, remainingMs: row === undefined ? undefined : remainingMs });
    this.#write(slot, {
      kind: "value",
      version: this.#ports.nextVersion(),
      expiresAtMs,
      parts: 0,
      value: String(count),
    });
    return { kind: "counted", count, remainingMs };
  }

  #append({ key, value, ttlMs, atMost }: Extract<StateOperation, { op: "append" }>): Answer {
    const slot = this.#slot(placeOf(key));
    if (slot.state === "unknown" && !assume(slot, { kind: "missing" }, undefined)) return this.#needs(slot);
    const row = this.#liveList(slot.state);
    const size = row?.values.length ?? 0;
    if (size >= (atMost ?? Infinity)) return refusal({ kind: "full", size });
    const values = [...(row?.values ?? []), value];
    const expiresAtMs = row?.expiresAtMs ?? this.#expiry(ttlMs);
    this.#write(slot, {
      kind: "list",
      version: this.#ports.nextVersion(),
      expiresAtMs,
      parts: partsOfList(values),
      values,
    });
    return { kind: "appended", size: size + 1 };
  }

  #acquire({ lock, owner, leaseMs, fenced = false }: Extract<StateOperation, { op: "acquire" }>): Answer {
    const slot = this.#slot(placeOf(lock));
    if (slot.state === "unknown" && !assume(slot, { kind: "missing" }, undefined)) return this.#needs(slot);
    const row = lockOf(slot.state);
    if (row?.owner !== undefined) {
      const remainingMs = this.#leaseLeft(slot, row);
      if (remainingMs > 0) return refusal({ kind: "held", remainingMs });
    }
    const token = row === undefined ? firstToken(this.#ports.nowMs) : row.token + 1n;
    // A name that was fenced once stays so while its token is remembered: a writer may still carry it.
    this.#writeLock(slot, { token, owner, leaseMs, fenced: fenced || (row?.fenced ?? false) });
    return { kind: "acquired", token };
  }

  #keepOrRelease(operation: Extract<StateOperation, { op: "extend" | "release" }>): Answer {
    const slot = this.#slot(placeOf(operation.lock), this.#ports.leases);
    if (slot.state === "unknown") return this.#needs(slot);
    const row = lockOf(slot.state);
    if (row === undefined || row.owner !== operation.owner) return lost;
    const isOver = this.#leaseLeft(slot, row) === 0;
    if (operation.op === "extend") {
      if (isOver) return lost;
      this.#writeLock(slot, { ...row, leaseMs: operation.leaseMs });
      return extended;
    }
    // One that is over is given back as well: who waits for it need not watch it for a lease of theirs.
    if (row.fenced) this.#writeLock(slot, { ...row, owner: undefined });
    else this.#write(slot, undefined);
    return isOver ? lost : released;
  }

  /** Guarantees L3: refused if a larger token of that lock is known. */
  #staleBy(fence: Fence | undefined): Answer | undefined {
    if (fence === undefined) return undefined;
    const slot = this.#slot(placeOf(fence.lock));
    if (slot.state === "unknown") {
      const asked = slot.condition;
      if (asked === undefined || (asked.kind === "tokenAtMost" && asked.token > fence.token))
        slot.condition = { kind: "tokenAtMost", token: fence.token };
      return asked === undefined || asked.kind === "tokenAtMost" ? undefined : this.#needs(slot);
    }
    const row = lockOf(slot.state);
    return row !== undefined && row.token > fence.token ? refusal({ kind: "staleToken", token: row.token }) : undefined;
  }

  /** @param hints Where nothing is known, what was last seen there may serve: the condition says whether it still holds. */
  #slot(place: Place, hints?: { last(placeId: string): Row | undefined }): Slot {
    const touched = this.#slots.get(place.id);
    if (touched !== undefined) return touched;
    const hint = hints?.last(place.id);
    const fact = this.#facts.get(place.id) ?? (hint === undefined ? undefined : { row: hint });
    const slot: Slot =
      fact === undefined
        ? { place, condition: undefined, before: undefined, state: "unknown", changed: false }
        : { place, condition: asItWas(fact.row), before: fact.row, state: fact.row, changed: false };
    this.#slots.set(place.id, slot);
    return slot;
  }

  #needs({ place }: Slot): Answer {
    this.#unread.set(place.id, place);
    return { kind: "unread" };
  }

  #store(slot: Slot, value: string, ttlMs: number | undefined): OperationResult {
    const version = this.#ports.nextVersion();
    this.#write(slot, { kind: "value", version, expiresAtMs: this.#expiry(ttlMs), parts: partsOf(value), value });
    return { kind: "stored", version: version as Version };
  }

  #writeLock(slot: Slot, { token, owner, leaseMs, fenced }: Omit<LockRow, "kind" | "version">): void {
    this.#write(slot, { kind: "lock", version: this.#ports.nextVersion(), token, owner, leaseMs, fenced });
  }

  #write(slot: Slot, row: Row | undefined): void {
    this.#undo.push({ slot, state: slot.state, changed: slot.changed });
    slot.state = row;
    slot.changed = true;
  }

  #refuse(row: ValueRow | undefined): Answer {
    return refusal(row === undefined ? absent : this.#found(row));
  }

  #found({ value, version, expiresAtMs }: ValueRow) {
    return { kind: "found", value, version: version as Version, remainingMs: this.#remaining(expiresAtMs) } as const;
  }

  #liveValue(row: State): ValueRow | undefined {
    return row !== undefined && row !== "unknown" && row.kind === "value" && this.#lives(row) ? row : undefined;
  }

  #liveList(row: State): ListRow | undefined {
    return row !== undefined && row !== "unknown" && row.kind === "list" && this.#lives(row) ? row : undefined;
  }

  #lives({ expiresAtMs }: { readonly expiresAtMs: number }): boolean {
    return expiresAtMs > this.#ports.nowMs;
  }

  #leaseLeft({ place }: Slot, row: LockRow): number {
    return this.#ports.leases.remainingMs(place.id, row, this.#ports.monotonicMs);
  }

  #expiry(ttlMs: number | undefined): number {
    return ttlMs === undefined ? forGoodMs : this.#ports.nowMs + ttlMs;
  }

  #remaining(expiresAtMs: number): number | undefined {
    return expiresAtMs === forGoodMs ? undefined : expiresAtMs - this.#ports.nowMs;
  }
}

/** Of the groups that know nothing of an item; false if they assume something of it already, and it has to be read. */
function assume(slot: Slot, condition: Condition, state: State): boolean {
  if (slot.condition !== undefined) return false;
  slot.condition = condition;
  slot.state = state;
  return true;
}

function assumeExpected(slot: Slot, expected: Version | "absent"): boolean {
  if (expected === "absent") return assume(slot, { kind: "vacant" }, undefined);
  return assume(slot, { kind: "liveVersion", version: String(expected) }, "unknown");
}

function asItWas(row: Row | undefined): Condition {
  return row === undefined ? { kind: "missing" } : { kind: "unchanged", version: row.version };
}

function lockOf(row: State): LockRow | undefined {
  return row !== undefined && row !== "unknown" && row.kind === "lock" ? row : undefined;
}

/** Guarantees L2: µs of the clock, so that a counter which begins anew is past every token that was given out before. */
export function firstToken(nowMs: number): bigint {
  return BigInt(Math.floor(nowMs)) * 1_000n;
}

/** How many items a list needs besides its own. Its members are texts of JSON then, so that any of them may be cut. */
function partsOfList(values: readonly string[]): number {
  let units = 0;
  // Each member of an item has a few bytes of its own.
  for (const value of values) units += value.length + 2;
  return units <= maxListUnits ? 0 : partsOf(JSON.stringify(values));
}

const maxListUnits = 110_000;

function refusal(found: Refusal): Answer {
  return { kind: "refusal", found };
}

const absent = { kind: "absent" } as const;
const deleted = { kind: "deleted" } as const;
const extended = { kind: "extended" } as const;
const released = { kind: "released" } as const;
const lost = { kind: "lost" } as const;
const indexed = { kind: "indexed" } as const;
