import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { parseDynamoKeys, parseStateKey, toDynamoKeys } from "@acteon/state";
import type { DueIndex, StateKey } from "@acteon/state";

/*
 * One table. Attributes have short names, because every byte of an item is billed and none of these is a reserved word:
 *   pk, sk  where it lies                  t   what it is: a value, a list, a lock, a due time (`row.ts`)
 *   v       which write it is              x   wall-clock ms at which it is over
 *   b, n    text, or number                l   members of a list
 *   p       in how many parts its text is  k   K1 text of a collapsed key (guarantees K3)
 *   o, d, f owner, lease, fenced           gc  seconds of the epoch from which on DynamoDB may delete it: garbage only
 * Items of ours that are under no key lie at a `#`, with which no encoded component begins.
 */

export type Item = Record<string, AttributeValue>;

/** Where an item lies. */
export interface Place {
  readonly pk: string;
  readonly sk: string;
  /** Both, for maps. */
  readonly id: string;
  readonly key: StateKey;
}

/** The TTL attribute of the table. */
export const garbageAttribute = "gc";

export function placeOf(key: StateKey): Place {
  const { partition, sort } = toDynamoKeys(key);
  return { pk: partition, sk: sort, id: `${partition}\n${sort}`, key };
}

/** What identifies an item in a request. */
export function itemKey({ pk, sk }: { readonly pk: string; readonly sk: string }): Item {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** `pk` and `sk` of an item that was read, as `Place.id`. */
export function itemId(item: Item): string {
  return `${item["pk"]?.S}\n${item["sk"]?.S}`;
}

/** The key under which a value lies. */
export function keyOfItem(item: Item): StateKey {
  const fullText = item["k"]?.S;
  return fullText === undefined
    ? parseDynamoKeys({ partition: item["pk"]?.S ?? "", sort: item["sk"]?.S ?? "" })
    : parseStateKey(fullText);
}

/** The parts of a text that is too long for one item. Each write has its own, so that a reader never mixes two. */
export function partKey(pk: string, version: string, part: number): { readonly pk: string; readonly sk: string } {
  return { pk, sk: `#part#${version}#${part}` };
}

/** An index is spread over so many partitions, each of which takes 1,000 writes a second. */
export const dueShards = 4;

export function duePartition(index: DueIndex, shard: number): string {
  return `#due#${index}#${shard}`;
}

/** The due time of a key: what counts. */
export function duePlace(index: DueIndex, key: StateKey): Place {
  const pk = duePartition(index, (key.hash >>> 0) % dueShards);
  const sk = `k#${key.text}`;
  return { pk, sk, id: `${pk}\n${sk}`, key };
}

/** The same in the order of time: a hint, that holds if its version is the one of `duePlace`. */
export function dueEntryKey({ pk, key }: Place, dueAtMs: number): { readonly pk: string; readonly sk: string } {
  return { pk, sk: `${dueSortKey(dueAtMs)}#${key.text}` };
}

/** In the order of time, below 1970 too: whole ms, moved up by 2^53. */
export function dueSortKey(dueAtMs: number): string {
  return `t#${String(BigInt(dueAtMs) + 2n ** 53n).padStart(17, "0")}`;
}
