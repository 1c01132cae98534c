import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equal } from "./equality.ts";
import { countOf, entryAt, identityOf, mapOf, setOf } from "./keyed.ts";
import { inOrder } from "./order.ts";
import { toJson } from "./text.ts";
import { Double, KeyedMap, Optional, TypeValue, Uint } from "./value.ts";
import type { Value } from "./value.ts";

test("values that are equal have one identity, and no others", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [left, right] = [a as Value, b as Value];
      expect(identityOf(left) === identityOf(right)).toBe(equal(left, right));
    }),
  );
  expect(identityOf(1)).toBe(identityOf(new Double(1)));
  expect(identityOf(1)).toBe(identityOf(new Uint(1n)));
  expect(identityOf(-0)).toBe(identityOf(0));
  expect(identityOf(1)).not.toBe(identityOf("1"));
});

describe("maps", () => {
  test("with texts alone as keys are plain, with others they are not", () => {
    expect(mapOf([["a", 1]])).toEqual({ a: 1 });
    expect(
      mapOf([
        [1, "one"],
        ["a", 1],
      ]),
    ).toBeInstanceOf(KeyedMap);
    expect(
      mapOf([
        [1, "one"],
        [new Uint(1n), "again"],
      ]),
    ).toBe(undefined);
  });

  test("are looked up by what a number is worth", () => {
    const map = mapOf([
      [1, "one"],
      [true, "yes"],
    ])!;
    expect(entryAt(map, new Double(1))).toBe("one");
    expect(entryAt(map, true)).toBe("yes");
    expect(entryAt(map, "1")).toBe(undefined);
    expect(countOf(map)).toBe(2);
    expect(toJson(map)).toEqual({ "1": "one", true: "yes" });
  });

  test("are equal in any order", () => {
    const one = mapOf([
      [1, "a"],
      [2, "b"],
    ])!;
    const other = mapOf([
      [2, "b"],
      [new Uint(1n), "a"],
    ])!;
    expect(equal(one, other)).toBe(true);
    expect(equal(one, mapOf([[1, "a"]])!)).toBe(false);
    expect(equal(one, {})).toBe(false);
  });

  test("have own entries only", () => {
    expect(entryAt({}, "constructor")).toBe(undefined);
    expect(entryAt(mapOf([["__proto__", 1]])!, "__proto__")).toBe(1);
  });
});

test("sets hold a value once, are equal in any order, and are printed in Rego's", () => {
  const set = setOf([3, "a", new Double(3), null, [1]]);
  expect(countOf(set)).toBe(4);
  expect(equal(set, setOf([[1], "a", null, 3]))).toBe(true);
  expect(inOrder(set)).toEqual([null, 3, "a", [1]]);
  expect(toJson(set)).toEqual([null, 3, "a", [1]]);
});

test("optionals and types are equal by what they hold and name", () => {
  expect(equal(new Optional(1), new Optional(new Double(1)))).toBe(true);
  expect(equal(new Optional(undefined), new Optional(null))).toBe(false);
  expect(equal(new TypeValue("int"), new TypeValue("int"))).toBe(true);
  expect(equal(new TypeValue("int"), "int")).toBe(false);
});
