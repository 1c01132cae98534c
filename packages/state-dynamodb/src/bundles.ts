import type { StateGroup, StateOperation } from "@acteon/state";
import { partsOf } from "./row.ts";
import { duePlace, placeOf } from "./table-layout.ts";
import { maxItemsTogether } from "./dynamo-calls.ts";
import type { ItemClaim } from "./item-queue.ts";

/** Groups that are carried out together, with their places in the call. */
export interface Bundle {
  readonly groups: readonly StateGroup[];
  readonly at: readonly number[];
}

/**
 * Parts the groups of a call into chains: of different chains no two share an item, and these go at the same time. Groups that
 * do share one, such as all that count on one counter, are decided one after another over what is there, and written in one
 * transaction, so that many of them need no more round trips than one; a chain that is too long for that is cut, and its
 * bundles go one after another.
 */
export function chainsOf(groups: readonly StateGroup[]): readonly (readonly Bundle[])[] {
  if (groups.length === 1) return [[{ groups, at: [0] }]];
  const parents = groups.map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    for (let parent = parents[at] ?? at; parent !== at; parent = parents[at] ?? at) {
      parents[at] = parents[parent] ?? parent;
      at = parent;
    }
    return at;
  };
  const takes = groups.some(([operation]) => operation?.op === "takeDue");
  const firstAt = new Map<string, number>();
  for (const [i, group] of groups.entries())
    for (const operation of group)
      for (const id of placesOf(operation, takes)) {
        const first = firstAt.get(id);
        if (first === undefined) firstAt.set(id, i);
        else parents[root(i)] = root(first);
      }
  const chains = new Map<number, number[]>();
  for (const i of groups.keys()) {
    const chain = chains.get(root(i));
    if (chain === undefined) chains.set(root(i), [i]);
    else chain.push(i);
  }
  return [...chains.values()].map((at) => cut(groups, at));
}

/** @param takes Somebody looks at what is due: that meets every change of that index. */
function* placesOf(operation: StateOperation, takes: boolean): Generator<string, void, void> {
  if ("index" in operation) {
    if (takes) yield operation.index;
    if (operation.op !== "takeDue") yield duePlace(operation.index, operation.key).id;
    return;
  }
  yield placeOf("lock" in operation ? operation.lock : operation.key).id;
  if ("fence" in operation && operation.fence !== undefined) yield placeOf(operation.fence.lock).id;
}

/** What the bundles of a chain need of items. */
export function claimOf(chain: readonly Bundle[]): ItemClaim {
  const reads = new Set<string>();
  const writes = new Set<string>();
  const operations = chain.flatMap(({ groups }) => groups.flat());
  for (const operation of operations) {
    // Alone, the server carries these out itself, and does so for many at the same time.
    const yields = operations.length === 1 && (operation.op === "increment" || operation.op === "append");
    const isRead = yields || operation.op === "get" || operation.op === "members" || operation.op === "takeDue";
    const [own, ...fences] = placesOf(operation, false);
    if (own !== undefined) (isRead ? reads : writes).add(own);
    for (const id of fences) reads.add(id);
  }
  return { reads, writes };
}

/** So that no bundle has more items, or much more text, than a transaction takes. */
function cut(groups: readonly StateGroup[], chain: readonly number[]): readonly Bundle[] {
  const bundles: { groups: StateGroup[]; at: number[] }[] = [];
  let items = Infinity;
  let units = 0;
  for (const i of chain) {
    const group = groups[i] ?? [];
    const size = sizeOf(group);
    const alone = group[0]?.op === "takeDue" || bundles.at(-1)?.groups[0]?.[0]?.op === "takeDue";
    if (alone || items + size.items > maxItemsTogether || units + size.units > maxUnitsTogether) {
      bundles.push({ groups: [], at: [] });
      items = 0;
      units = 0;
    }
    items += size.items;
    units += size.units;
    bundles.at(-1)?.groups.push(group);
    bundles.at(-1)?.at.push(i);
  }
  return bundles;
}

/** Of 4 MB, at up to three bytes a unit. */
const maxUnitsTogether = 1_200_000;

/** At most. */
function sizeOf(group: StateGroup): { readonly items: number; readonly units: number } {
  let items = 0;
  let units = 0;
  for (const operation of group) {
    const text = "value" in operation ? operation.value : "";
    // A due time has an entry in the order of time, and the one that it moves; a fence has its lock.
    items +=
      1 + ("index" in operation ? 2 : partsOf(text)) + ("fence" in operation && operation.fence !== undefined ? 1 : 0);
    units += text.length;
  }
  return { items, units };
}
