import fc from "fast-check";
import { expect, test } from "vitest";
import { hasNoHiddenMember, nodeCount, shortestLength } from "./json-census.ts";
import type { JsonValue } from "./json.ts";

function parse(text: string): JsonValue {
  return JSON.parse(text) as JsonValue;
}

test.each([
  "{}",
  "[]",
  '{"a":1}',
  '[1,2,"x",null,true,false]',
  '{"a":{"b":[1]},"c":"d"}',
  "-12",
  "1234567",
  "0.5",
  "99.25",
  '""',
])("a text without anything to spare, such as %s, is as long as the shortest", (text) => {
  expect(shortestLength(parse(text), 9)).toBe(text.length);
});

test("no spelling of a number is shorter than the shortest", () => {
  const digits = fc.integer({ min: 0, max: 99_999 }).map(String);
  const spelling = fc
    .tuple(fc.constantFrom("", "-"), digits, fc.option(digits), fc.option(fc.integer({ min: -12, max: 12 })))
    .map(
      ([sign, whole, fraction, exponent]) =>
        `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${exponent === null ? "" : `e${exponent}`}`,
    );
  fc.assert(
    fc.property(spelling, (text) => {
      const length = shortestLength(parse(text), 9);
      if (!Number.isNaN(length)) expect(length).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 5_000 },
  );
});

test.each(['{"__proto__":1}', '[{"constructor":1}]', "9007199254740992", "-1e400", "[[[1]]]"])(
  "of %s only the text can tell",
  (text) => {
    expect(shortestLength(parse(text), 2)).toBeNaN();
  },
);

test.each([
  ['{"a":1,"b":{"c":2}}', true],
  ['{"a" : 1}', true],
  ['{"a":"12:30","b":"x :y"}', true],
  ['{"a":1,"a":2}', false],
  ['{"a":":"}', false], // in error: a string that looks like the end of a key
])("no member of %s is hidden: %s", (text, shown) => {
  expect(hasNoHiddenMember(text, parse(text))).toBe(shown);
});

test("arrays, objects and what is in them are counted", () => {
  expect(nodeCount(parse('{"a":[1,{}],"b":null}'))).toBe(5);
});
