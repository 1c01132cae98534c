import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { conditionRequest } from "./condition.ts";
import type { Touched } from "./draft.ts";
import { companionKeys, itemsOf } from "./row.ts";
import { itemId, itemKey } from "./table-layout.ts";
import type { Item } from "./table-layout.ts";

/** One item to write or to look at; `touched` where there is a condition that can fail. */
export interface WriteRequest {
  readonly touched: Touched | undefined;
  readonly write: TransactWriteItem;
}

/** What a draft writes, and what it rests on. */
export function writeRequests(touched: readonly Touched[], table: string, nowMs: number): readonly WriteRequest[] {
  const requests: WriteRequest[] = [];
  for (const each of touched) {
    const condition = {
      TableName: table,
      ...conditionRequest(each.condition, nowMs),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    } as const;
    const key = itemKey(each.place);
    if (!each.changed) {
      requests.push({ touched: each, write: { ConditionCheck: { Key: key, ...condition } } });
      continue;
    }
    const [item, ...companions] = each.after === undefined ? [undefined] : itemsOf(each.place, each.after, nowMs);
    requests.push({
      touched: each,
      write: item === undefined ? { Delete: { Key: key, ...condition } } : { Put: { Item: item, ...condition } },
    });
    for (const companion of companions) requests.push(unconditional({ Put: { TableName: table, Item: companion } }));
    for (const gone of companionsOnlyOf(each, companions))
      requests.push(unconditional({ Delete: { TableName: table, Key: gone } }));
  }
  return requests;
}

function unconditional(write: TransactWriteItem): WriteRequest {
  return { touched: undefined, write };
}

/** Keys of what went with the row before and does not go with the one after. */
function companionsOnlyOf({ place, before }: Touched, companions: readonly Item[]): readonly Item[] {
  if (before === undefined) return [];
  const kept = new Set(companions.map(itemId));
  return companionKeys(place, before).filter((key) => !kept.has(itemId(key)));
}
