import type { DueIndex, OperationResult, StateKey, StateOperation } from "@acteon/state";
import { parseStateKey } from "@acteon/state";
import type { DynamoCalls, Turn } from "./dynamo-calls.ts";
import { itemsOf } from "./row.ts";
import { duePartition, duePlace, dueShards, dueSortKey, itemKey } from "./table-layout.ts";
import type { Item, Place } from "./table-layout.ts";

type TakeDue = Extract<StateOperation, { op: "takeDue" }>;

/**
 * What is due, earliest first. The entries in the order of time are hints: one counts if it has the version of its key's due
 * time. Those that were left behind by a change, which does not look for them, are cleared away here, at their time.
 */
export class DueQueue {
  readonly #calls: DynamoCalls;
  readonly #turn: Turn;
  readonly #nextVersion: () => string;

  constructor(calls: DynamoCalls, turn: Turn, nextVersion: () => string) {
    this.#calls = calls;
    this.#turn = turn;
    this.#nextVersion = nextVersion;
  }

  async take(operation: TakeDue): Promise<OperationResult> {
    const { limit, holdMs } = operation;
    const taken: Entry[] = [];
    for (let tries = 0; ; tries++) {
      const { entries, stale, isAll } = await this.#look(operation, limit - taken.length);
      await Promise.all(stale.map((each) => this.#clear(each)));
      if (holdMs === 0) {
        // Nothing moved: the look that sees enough is the answer.
        if (isAll || entries.length >= limit) return due(entries.slice(0, limit));
        continue; // what stood in front is cleared away
      }
      const wanted = entries.slice(0, limit - taken.length);
      const won = await Promise.all(wanted.map((each) => this.#hold(each, operation)));
      taken.push(...wanted.filter((_, i) => won[i]));
      if (taken.length === limit || (isAll && won.every(Boolean))) return due(taken.toSorted(byTime));
      // Others take from the same end.
      if (won.includes(false)) await this.#calls.pause(tries, this.#turn);
    }
  }

  /** The first entries of all shards. `isAll`: there is nothing more that is due. */
  async #look({ index, nowMs }: TakeDue, limit: number) {
    const shards = await Promise.all(
      Array.from({ length: dueShards }, (_, shard) =>
        this.#firstOf(duePartition(index, shard), nowMs, limit + spareEntries),
      ),
    );
    const found = shards.flatMap(({ items }) => items).map((item) => entryOf(item, index));
    const places = new Map(found.map(({ place }) => [place.id, place]));
    const truth = await this.#calls.read([...places.values()].map(itemKey), this.#turn);
    const holds = (each: Entry) => truth.get(each.place.id)?.["v"]?.S === each.version;
    // What lies behind the end of a shard that was cut short is not known: nothing later is the next of all.
    const horizonMs = Math.min(
      ...shards.map(({ items, isAll }) => (isAll ? Infinity : Number(items.at(-1)?.["n"]?.N))),
    );
    return {
      entries: found.filter((each) => holds(each) && each.dueAtMs <= horizonMs).toSorted(byTime),
      stale: found.filter((each) => !holds(each)),
      isAll: shards.every(({ isAll }) => isAll),
    };
  }

  /** So many entries of a shard, or all that are due. */
  async #firstOf(shard: string, nowMs: number, count: number) {
    const items: Item[] = [];
    let from: Item | undefined;
    do {
      const page = await this.#calls.query(
        {
          KeyConditionExpression: "pk = :pk AND sk BETWEEN :first AND :last",
          ExpressionAttributeValues: {
            ":pk": { S: shard },
            ":first": { S: "t#" },
            ":last": { S: `${dueSortKey(nowMs)}~` },
          },
          Limit: count - items.length,
          ExclusiveStartKey: from,
        },
        this.#turn,
      );
      items.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined && items.length < count);
    return { items, isAll: from === undefined };
  }

  /**
   * Only this very entry, and only if it counts no more: a change of both items may have been seen in half, and the key may be
   * indexed for the same time again meanwhile.
   */
  async #clear({ place, item, version }: Entry): Promise<void> {
    const TableName = this.#calls.table;
    const values = { ExpressionAttributeValues: { ":was": { S: version } } };
    await this.#calls.writeTogether(
      [
        { Delete: { TableName, Key: keyOf(item), ConditionExpression: "v = :was", ...values } },
        {
          ConditionCheck: {
            TableName,
            Key: itemKey(place),
            ConditionExpression: "attribute_not_exists(pk) OR v <> :was",
            ...values,
          },
        },
      ],
      this.#turn,
    );
  }

  /** Moves its due time, unless another has. */
  async #hold({ place, version, item }: Entry, { nowMs, holdMs }: TakeDue): Promise<boolean> {
    const TableName = this.#calls.table;
    const held = { kind: "due", version: this.#nextVersion(), dueAtMs: nowMs + holdMs } as const;
    const [pointer, ...entries] = itemsOf(place, held, nowMs);
    const condition = { ConditionExpression: "v = :was", ExpressionAttributeValues: { ":was": { S: version } } };
    const { kind } = await this.#calls.writeTogether(
      [
        { Put: { TableName, Item: pointer, ...condition } },
        { Delete: { TableName, Key: keyOf(item) } },
        ...entries.map((Item) => ({ Put: { TableName, Item } })),
      ],
      this.#turn,
    );
    return kind === "written";
  }
}

interface Entry {
  readonly key: StateKey;
  readonly dueAtMs: number;
  readonly version: string;
  /** Of the due time that counts. */
  readonly place: Place;
  /** Of the entry. */
  readonly item: Item;
}

/** Read beyond what is wanted: some may be stale. */
const spareEntries = 16;

function keyOf(item: Item): Item {
  return itemKey({ pk: item["pk"]?.S ?? "", sk: item["sk"]?.S ?? "" });
}

function entryOf(item: Item, index: DueIndex): Entry {
  const key = parseStateKey(item["k"]?.S ?? "");
  return {
    key,
    dueAtMs: Number(item["n"]?.N),
    version: item["v"]?.S ?? "",
    place: duePlace(index, key),
    item,
  };
}

function byTime(a: Entry, b: Entry): number {
  return a.dueAtMs - b.dueAtMs;
}

function due(entries: readonly Entry[]): OperationResult {
  return { kind: "due", entries: entries.map(({ key, dueAtMs }) => ({ key, dueAtMs })) };
}
