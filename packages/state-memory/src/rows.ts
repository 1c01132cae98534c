import type { StateKey, StoredValue, Version } from "@acteon/state";
import { Row } from "./table.ts";

export class ValueRow extends Row {
  /** A number is a count. */
  readonly value: string | number;
  readonly version: number;

  constructor(key: StateKey, expiresAtMs: number, value: string | number, version: number) {
    super(key, expiresAtMs);
    this.value = value;
    this.version = version;
  }

  stored(nowMs: number): { readonly kind: "found" } & StoredValue {
    const { value } = this;
    return {
      kind: "found",
      value: typeof value === "string" ? value : String(value),
      version: versionOf(this.version),
      remainingMs: lifeLeftMs(this.expiresAtMs, nowMs),
    };
  }

  /** The count that this value is the decimal text of, if it is one. */
  count(): number | undefined {
    if (typeof this.value === "number") return this.value;
    const count = Number(this.value);
    return Number.isSafeInteger(count) && String(count) === this.value ? count : undefined;
  }
}

/** A list as it was after one append. The rows of one list share their members, of which each knows the first `size`. */
export class ListRow extends Row {
  readonly #members: string[];
  readonly size: number;

  constructor(key: StateKey, expiresAtMs: number, members: string[], size: number) {
    super(key, expiresAtMs);
    this.#members = members;
    this.size = size;
  }

  /** The row with one more member. What a group that was taken back had appended is overwritten. */
  with(value: string): ListRow {
    this.#members.length = this.size;
    this.#members.push(value);
    return new ListRow(this.key, this.expiresAtMs, this.#members, this.size + 1);
  }

  values(): readonly string[] {
    return this.#members.slice(0, this.size);
  }
}

/** A lease, and after it the token of a fenced lock until the row expires. */
export class LeaseRow extends Row {
  /** Empty once released. */
  readonly owner: string;
  readonly token: number;
  readonly leaseEndsAtMs: number;
  readonly fenced: boolean;

  constructor(lock: StateKey, owner: string, token: number, leaseEndsAtMs: number, fenced: boolean) {
    super(lock, fenced ? leaseEndsAtMs + tokenRetentionMs : leaseEndsAtMs);
    this.owner = owner;
    this.token = token;
    this.leaseEndsAtMs = leaseEndsAtMs;
    this.fenced = fenced;
  }
}

/** How long after its last lease a fenced lock's token is remembered: far longer than any holder of a stale one lives (guarantees L2). */
const tokenRetentionMs = 24 * 60 * 60 * 1_000;

export class DueRow extends Row {
  readonly dueAtMs: number;

  constructor(key: StateKey, dueAtMs: number) {
    super(key, Infinity);
    this.dueAtMs = dueAtMs;
  }
}

/** Whole ms, rounded up; `undefined` for what never expires. */
export function lifeLeftMs(expiresAtMs: number, nowMs: number): number | undefined {
  return expiresAtMs === Infinity ? undefined : Math.ceil(expiresAtMs - nowMs);
}

/** The store's own count of writes is what it gives out as versions. */
export function versionOf(write: number): Version {
  return write as Version;
}
