import type { JsonObject, JsonValue } from "./json.ts";
import { isJsonArray } from "./raw-json.ts";

/**
 * The length of the shortest JSON text that `JSON.parse` can have made `value` from, in UTF-16 units; NaN where only the text
 * itself tells whether it is to be refused: nested deeper than `maxDepth`, a key that may reach a prototype, a number
 * beyond ±(2^53 − 1). What a longer text has besides is space, escapes, long-winded numbers, or members whose key came
 * again. Looks at no character of a string, so it costs a small part of the parsing.
 */
export function shortestLength(value: JsonValue, maxDepth: number): number {
  switch (typeof value) {
    case "string":
      return value.length + 2;
    case "number":
      return shortestNumber(value);
    case "boolean":
      return value ? 4 : 5;
    default:
      if (value === null) return 4;
      if (maxDepth === 0) return Number.NaN;
      return isJsonArray(value) ? shortestArray(value, maxDepth) : shortestObject(value as JsonObject, maxDepth);
  }
}

function shortestArray(array: readonly JsonValue[], maxDepth: number): number {
  if (array.length === 0) return 2;
  let length = array.length + 1; // brackets, and a comma between each two
  for (let i = 0; i < array.length; i++) length += shortestLength(array[i] as JsonValue, maxDepth - 1);
  return length;
}

function shortestObject(object: JsonObject, maxDepth: number): number {
  let length = 1;
  for (const key in object) {
    if (key === "__proto__" || key === "constructor") return Number.NaN;
    length += key.length + 4 + shortestLength(object[key] as JsonValue, maxDepth - 1); // quotes, colon, comma
  }
  return length === 1 ? 2 : length;
}

function shortestNumber(number: number): number {
  if (number < 0) return 1 + shortestNumber(-number);
  if (number > Number.MAX_SAFE_INTEGER) return Number.NaN;
  // From 1 on a fraction is never shorter than JavaScript writes it; below, `0.001` may have been `1e-3`.
  if (!Number.isInteger(number)) return number < 1 ? 3 : String(number).length;
  let digits = 1;
  for (let limit = 10; number >= limit; limit *= 10) digits++;
  // Of three zeros and more at the end two characters can be left: `1e6`.
  let zeros = 0;
  if (digits > 3) for (let rest = number; rest % 10 === 0; rest /= 10) zeros++;
  return digits - Math.max(0, zeros - 2);
}

/**
 * Did every member of `text`, which is JSON, come through to `value`? Then no key came twice in one object. A string that
 * looks like the end of a key before a colon makes it answer no in error, never yes.
 */
export function hasNoHiddenMember(text: string, value: JsonValue): boolean {
  return mostMembers(text) === keyCount(value);
}

/** Colons behind a quote, space between them or not: each member has one. */
function mostMembers(text: string): number {
  let count = 0;
  for (let at = text.indexOf(":"); at !== -1; at = text.indexOf(":", at + 1)) {
    let before = at - 1;
    while (isSpace(text.charCodeAt(before))) before--;
    if (text.charCodeAt(before) === 0x22) count++;
  }
  return count;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function keyCount(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (isJsonArray(value)) {
    for (const element of value) count += keyCount(element);
  } else {
    // The built-in parser alone made it: there are no integers kept as text yet.
    const object = value as JsonObject;
    for (const key in object) count += 1 + keyCount(object[key] as JsonValue);
  }
  return count;
}

/** How many values there are, `value` itself among them. */
export function nodeCount(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 1;
  let count = 1;
  if (isJsonArray(value)) {
    for (const element of value) count += nodeCount(element);
  } else {
    const object = value as JsonObject;
    for (const key in object) count += nodeCount(object[key] as JsonValue);
  }
  return count;
}
