import { expect, test } from "vitest";
import { textOf, toJson } from "./text.ts";
import { Double, Duration, Timestamp, Uint } from "./value.ts";
import type { Value } from "./value.ts";

const rows: readonly (readonly [Value, string])[] = [
  ["plain", "plain"],
  [3, "3"],
  [new Double(3), "3"],
  [0.5, "0.5"],
  [2n ** 60n, "1152921504606846976"],
  [new Uint(2n ** 60n), "1152921504606846976"],
  [true, "true"],
  [null, "null"],
  [[1, "a", null], '[1,"a",null]'],
  [{ b: 1, a: [2n ** 60n] }, '{"b":1,"a":[1152921504606846976]}'],
  [new Duration(90_000_000_000n), "1m30s"],
  [new Duration(-90_000_000_000n), "-1m30s"],
  [new Duration(10n ** 30n), "1000000000000000000000s"],
  [new Timestamp(10n ** 30n), "1000000000000000000000000000000"],
  [new Timestamp(0n), "1970-01-01T00:00:00.000Z"],
  [new Uint8Array([1, 2, 3]), "AQID"],
];

test.each(rows)("%o reads %s", (value, text) => {
  expect(textOf(value)).toBe(text);
});

test("a key such as __proto__ stays an own property", () => {
  const value = JSON.parse('{"__proto__": {"x": 1}}') as Value;
  const json = toJson(value);
  expect(Object.keys(json as object)).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(json)).toBe(Object.prototype);
});

test("numbers that JSON does not have are null", () => {
  expect(toJson([Number.NaN, Number.POSITIVE_INFINITY])).toEqual([null, null]);
});
