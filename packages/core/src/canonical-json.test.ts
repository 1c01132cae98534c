import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import type { JsonValue } from "./json.ts";

test.each([
  [{ b: 1, a: [{ d: null, c: true }] }, '{"a":[{"c":true,"d":null}],"b":1}'],
  [{ "10": 1, "9": 2, a: 3 }, '{"10":1,"9":2,"a":3}'],
  [{ "\uff61": 1, "😀": 2 }, '{"\uff61":1,"😀":2}'],
  [{ 'a"b': "x\ny" }, '{"a\\"b":"x\\ny"}'],
  [[], "[]"],
  [{}, "{}"],
  ["text", '"text"'],
  [{ n: JSON.rawJSON("12345678901234567890") }, '{"n":12345678901234567890}'],
] as const)("%j is written %s", (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test("equal values have one text, in whatever order their keys were written", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const reversed = JSON.parse(JSON.stringify(value), (_key, part) =>
        typeof part === "object" && part !== null && !Array.isArray(part)
          ? Object.fromEntries(Object.entries(part).reverse())
          : part,
      );
      expect(canonicalJson(reversed)).toBe(canonicalJson(value as JsonValue));
      expect(JSON.parse(canonicalJson(value as JsonValue))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
