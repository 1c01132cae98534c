import { DataDamagedError } from "@acteon/core";
import { dueEntryKey, itemKey, partKey } from "./table-layout.ts";
import type { Item, Place } from "./table-layout.ts";

/** What an item says. `version` is of its last write, and never returns. */
export type Row = ValueRow | ListRow | LockRow | DueRow;

interface Mortal {
  readonly version: string;
  /** Wall clock, or `forGoodMs`. */
  readonly expiresAtMs: number;
  /** Its text is in so many items of its own; 0: in this one. */
  readonly parts: number;
}

export interface ValueRow extends Mortal {
  readonly kind: "value";
  /** Decimal text of a count, too. */
  readonly value: string;
}

export interface ListRow extends Mortal {
  readonly kind: "list";
  readonly values: readonly string[];
}

export interface LockRow {
  readonly kind: "lock";
  readonly version: string;
  readonly token: bigint;
  /** `undefined`: free. */
  readonly owner: string | undefined;
  readonly leaseMs: number;
  /** Its token is kept after release. */
  readonly fenced: boolean;
}

export interface DueRow {
  readonly kind: "due";
  readonly version: string;
  readonly dueAtMs: number;
}

/** The last ms that a `Date` has: an expiry of what has none, so that one comparison is enough. */
export const forGoodMs = 8_640_000_000_000_000;

/** Of a text in one item: at most three bytes a unit of 400 KB, which is what an item holds. */
const maxUnitsPerItem = 120_000;

/** Clocks differ, and DynamoDB deletes by its own: what is over for so long is over for everybody. */
const garbageAfterMs = 3_600_000;
/** Guarantees L2: a token that idle is older than any record, and a fresh counter begins above it. */
const lockGarbageAfterMs = 7 * 86_400_000;

/** In how many items of its own a text has to be; 0: it fits into that of its row. */
export function partsOf(text: string): number {
  return text.length <= maxUnitsPerItem ? 0 : Math.ceil(text.length / maxUnitsPerItem);
}

/** Decimal text that a number keeps as it is. */
export function isCount(value: string): boolean {
  const first = value.charCodeAt(0);
  if (value.length > 17 || (first !== 45 && !(first >= 48 && first <= 57))) return false;
  const count = Number(value);
  return Number.isSafeInteger(count) && String(count) === value;
}

/** Items of a row: its own first, then those of its text or of its order in time. */
export function itemsOf(place: Place, row: Row, nowMs: number): readonly [Item, ...Item[]] {
  const item: Item = { ...itemKey(place), v: { S: row.version } };
  if (place.key.text !== place.key.fullText) item["k"] = { S: place.key.fullText };
  switch (row.kind) {
    case "value":
      return withText(place, { ...item, ...mortal("v", row) }, row, row.value);
    case "list":
      if (row.parts > 0) return withText(place, { ...item, ...mortal("l", row) }, row, JSON.stringify(row.values));
      return [{ ...item, ...mortal("l", row), l: { L: row.values.map((value) => ({ S: value })) } }];
    case "lock":
      return [{ ...item, ...lockAttributes(row, nowMs), ...(row.owner === undefined ? {} : { o: { S: row.owner } }) }];
    case "due": {
      const at = { N: String(row.dueAtMs) };
      const entry = {
        ...itemKey(dueEntryKey(place, row.dueAtMs)),
        v: { S: row.version },
        n: at,
        k: { S: place.key.fullText },
      };
      return [{ ...item, t: { S: "d" }, n: at }, entry];
    }
  }
}

/** Keys of the items of a row besides its own. */
export function companionKeys(place: Place, row: Row): readonly Item[] {
  if (row.kind === "due") return [itemKey(dueEntryKey(place, row.dueAtMs))];
  if (row.kind === "lock") return [];
  return Array.from({ length: row.parts }, (_, i) => itemKey(partKey(place.pk, row.version, i)));
}

function mortal(type: string, { expiresAtMs, parts }: Mortal): Item {
  return {
    t: { S: type },
    x: { N: String(expiresAtMs) },
    gc: { N: garbageAt(expiresAtMs) },
    ...(parts === 0 ? {} : { p: { N: String(parts) } }),
  };
}

/** Seconds of the epoch, for `gc`, of what expires then. What is for good has one too, that never comes: so an update can leave alone what is there. */
export function garbageAt(expiresAtMs: number): string {
  return String(Math.ceil(Math.min(forGoodMs, expiresAtMs + garbageAfterMs) / 1_000));
}

/** All of a lock but its owner. */
function lockAttributes(row: Pick<LockRow, "token" | "leaseMs" | "fenced">, nowMs: number): Item {
  return {
    t: { S: "k" },
    n: { N: String(row.token) },
    d: { N: String(row.leaseMs) },
    f: { BOOL: row.fenced },
    gc: { N: lockGarbageAt(nowMs) },
  };
}

/** Seconds of the epoch. */
export function lockGarbageAt(nowMs: number): string {
  return String(Math.ceil((nowMs + lockGarbageAfterMs) / 1_000));
}

function withText(place: Place, item: Item, { version, parts, expiresAtMs }: Mortal, text: string): [Item, ...Item[]] {
  if (parts === 0) return [isCount(text) ? { ...item, n: { N: text } } : { ...item, b: { S: text } }];
  const texts = cut(text, parts);
  return [
    item,
    ...texts.map((part, i) => ({
      ...itemKey(partKey(place.pk, version, i)),
      b: { S: part },
      gc: { N: garbageAt(expiresAtMs) },
    })),
  ];
}

/** Into so many texts, none of which ends within a surrogate pair. */
function cut(text: string, parts: number): readonly string[] {
  const texts: string[] = [];
  for (let from = 0, i = 1; i <= parts; i++) {
    let to = Math.min(text.length, i * maxUnitsPerItem);
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to--;
    texts.push(text.slice(from, to));
    from = to;
  }
  return texts;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** In how many parts the text of an item is; 0: the item is whole. */
export function partCount(item: Item): number {
  return Number(item["p"]?.N ?? 0);
}

/**
 * @param partTexts Of an item with parts, all of them.
 * @throws {DataDamagedError} No row of ours was ever written like that.
 */
export function rowOf(item: Item, partTexts?: readonly string[]): Row {
  const version = item["v"]?.S;
  const type = item["t"]?.S;
  if (version === undefined || type === undefined)
    throw new DataDamagedError("an item of the table is not one of ours");
  const text = partTexts?.join("") ?? item["b"]?.S ?? item["n"]?.N ?? "";
  const life = { version, expiresAtMs: Number(item["x"]?.N ?? 0), parts: partCount(item) };
  switch (type) {
    case "v":
      return { kind: "value", ...life, value: text };
    case "l":
      return { kind: "list", ...life, values: partTexts === undefined ? members(item) : parsedMembers(text) };
    case "k":
      return {
        kind: "lock",
        version,
        token: BigInt(item["n"]?.N ?? 0),
        owner: item["o"]?.S,
        leaseMs: Number(item["d"]?.N ?? 0),
        fenced: item["f"]?.BOOL ?? false,
      };
    case "d":
      return { kind: "due", version, dueAtMs: Number(item["n"]?.N ?? 0) };
    default:
      throw new DataDamagedError(`an item of the table is of a kind ${JSON.stringify(type)} that is not ours`);
  }
}

function members(item: Item): readonly string[] {
  return (item["l"]?.L ?? []).map((member) => member.S ?? "");
}

/** `JSON.parse` of what `JSON.stringify` made of texts. */
function parsedMembers(text: string): readonly string[] {
  return JSON.parse(text) as readonly string[];
}
