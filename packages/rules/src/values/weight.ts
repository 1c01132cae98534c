import { isList, isMap, KeyedMap, Optional, ValueSet } from "./value.ts";
import type { Value } from "./value.ts";

/** Longest text that an expression makes, in UTF-16 units (guarantees §8 row 63). */
export const maxTextLength = 1_048_576;
/**
 * Most values that a list or map may hold that an expression makes, all levels together, each as often as it is reached:
 * a few names bound to lists of each other stand for more than could ever be compared or printed. Of a text each 64
 * characters are one more.
 */
export const maxWeight = 100_000;

/** Is it too large to be made? */
export function isTooLarge(value: Value): boolean {
  return weigh(value, maxWeight) < 0;
}

/** What going through a value takes from the step budget of an evaluation; a short text and a number take nothing. */
export function stepsThrough(value: Value): number {
  if (typeof value === "string") return value.length >> 6;
  if (typeof value !== "object" || value === null) return 0;
  return (maxWeight - weigh(value, maxWeight)) >> 1;
}

/** What it takes to tell a value from others by its identity (`identityOf`), of which a text is made. */
export function stepsToIdentify(value: Value): number {
  return typeof value === "object" && value !== null ? 3 + 2 * stepsThrough(value) : 2 + stepsThrough(value);
}

/** What is left of the allowance; negative as soon as there is nothing left. */
function weigh(value: Value, allowance: number): number {
  let left = allowance - 1 - (typeof value === "string" ? stepsThrough(value) : 0);
  if (typeof value !== "object" || value === null || left < 0) return left;
  const items = isList(value) ? value : itemsOf(value);
  for (let i = 0; i < items.length && left >= 0; i++) left = weigh(items[i]!, left);
  return left;
}

function itemsOf(value: Exclude<Value, null | boolean | number | bigint | string>): readonly Value[] {
  if (value instanceof KeyedMap) return [...value.entries.values()].map(([, item]) => item);
  if (value instanceof ValueSet) return [...value.items.values()];
  if (value instanceof Optional) return value.value === undefined ? [] : [value.value];
  return isMap(value) ? Object.values(value) : [];
}
