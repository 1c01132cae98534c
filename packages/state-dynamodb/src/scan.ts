import { encodeComponent } from "@acteon/core";
import { inScanRange } from "@acteon/state";
import type { ScanRange, StateEntry, Version } from "@acteon/state";
import type { DynamoCalls, Page, Turn } from "./dynamo-calls.ts";
import { readWhole } from "./parts.ts";
import { forGoodMs } from "./row.ts";
import { itemId, itemKey, keyOfItem, placeOf } from "./table-layout.ts";
import type { Item } from "./table-layout.ts";

export interface ScanPorts {
  readonly calls: DynamoCalls;
  /** The server's clock. */
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
}

/**
 * A range of one tenant is a range of its partition. A kind of all tenants is none: the whole table is gone through, and paid
 * for, page by page.
 */
export async function* scanTable(range: ScanRange, ports: ScanPorts): AsyncGenerator<StateEntry, void, void> {
  for (const readPage of pageReaders(range, ports.calls)) {
    let from: Item | undefined;
    do {
      ports.signal.throwIfAborted();
      const after = from;
      const { items, next } = await ports.calls.inTurn(async (turn) => {
        const page = await readPage(after, turn);
        return { items: await entriesOf(page, range, ports, turn), next: page.LastEvaluatedKey };
      });
      for (const entry of items) {
        ports.signal.throwIfAborted();
        yield entry;
      }
      from = next;
    } while (from !== undefined);
  }
}

type ReadPage = (from: Item | undefined, turn: Turn) => Promise<Page>;

function pageReaders({ kind, scope, idPrefix = "" }: ScanRange, calls: DynamoCalls): readonly ReadPage[] {
  if (scope === undefined)
    return [
      (from, turn) =>
        calls.scan(
          {
            FilterExpression: "begins_with(sk, :kind) AND t = :value",
            ExpressionAttributeValues: { ":kind": { S: `${kind}#` }, ":value": { S: "v" } },
            ExclusiveStartKey: from,
          },
          turn,
        ),
    ];
  const partition = scope.text.replace("/", "#");
  // Escapes are whole bytes, and a prefix of a text is one of its encoded bytes; collapsed keys do not show how they begin (K3).
  const prefixes =
    idPrefix === "" ? [`${kind}#`] : [`${kind}#${encodeComponent(idPrefix)}`, `${kind}#${collapsedMark}`];
  return prefixes.map(
    (prefix): ReadPage =>
      (from, turn) =>
        calls.query(
          {
            KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
            FilterExpression: "t = :value",
            ExpressionAttributeValues: { ":pk": { S: partition }, ":prefix": { S: prefix }, ":value": { S: "v" } },
            ExclusiveStartKey: from,
          },
          turn,
        ),
  );
}

/** Of `StateKey.text`, in place of an id that is too long (guarantees K3). */
const collapsedMark = "=h";

async function entriesOf(
  page: Page,
  range: ScanRange,
  { calls, nowMs }: ScanPorts,
  turn: Turn,
): Promise<readonly StateEntry[]> {
  const entries: StateEntry[] = [];
  for (const item of page.Items ?? []) {
    const key = keyOfItem(item);
    if (!inScanRange(range, key)) continue;
    let row = await readWhole(item, calls, turn);
    while (row === "gone") {
      // Written over since the page was read: as it is now, if it is.
      const place = placeOf(key);
      const now = (await calls.read([itemKey(place)], turn)).get(itemId(item));
      if (now === undefined) break;
      row = await readWhole(now, calls, turn);
    }
    const atMs = nowMs();
    if (row === "gone" || row.kind !== "value" || row.expiresAtMs <= atMs) continue;
    const remainingMs = row.expiresAtMs === forGoodMs ? undefined : row.expiresAtMs - atMs;
    entries.push({ key, value: row.value, version: row.version as Version, remainingMs });
  }
  return entries;
}
