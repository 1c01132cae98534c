import type { DynamoCalls, Turn } from "./dynamo-calls.ts";
import { partCount, rowOf } from "./row.ts";
import type { Row } from "./row.ts";
import { itemId, itemKey, partKey } from "./table-layout.ts";
import type { Item } from "./table-layout.ts";

/** The row of an item, with the parts of its text; `gone` if they are no longer there, because the item was written over. */
export async function readWhole(item: Item, calls: DynamoCalls, turn: Turn): Promise<Row | "gone"> {
  const count = partCount(item);
  if (count === 0) return rowOf(item);
  const pk = item["pk"]?.S ?? "";
  const version = item["v"]?.S ?? "";
  const keys = Array.from({ length: count }, (_, i) => itemKey(partKey(pk, version, i)));
  const parts = await calls.read(keys, turn);
  if (parts.size < count) return "gone";
  return rowOf(
    item,
    keys.map((key) => parts.get(itemId(key))?.["b"]?.S ?? ""),
  );
}
