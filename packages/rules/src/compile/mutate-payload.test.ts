import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonValue } from "@acteon/core";
import { mergePatch, removePath, renamePath, setPath } from "./mutate-payload.ts";

// RFC 7396, appendix A.
test.each<readonly [JsonValue, JsonValue, JsonValue]>([
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])("%j merged with %j", (target, patch, merged) => {
  expect(mergePatch(target, patch)).toEqual(merged);
});

test("set makes the maps on its way, and goes through nothing else (row 56)", () => {
  expect(setPath({ a: { b: 1 } }, ["a", "c", "d"], 2)).toEqual({ a: { b: 1, c: { d: 2 } } });
  expect(setPath({ a: [1] }, ["a", "0"], 2)).toBeUndefined();
  expect(setPath("text", ["a"], 2)).toBeUndefined();
  expect(setPath({ a: null }, ["a", "b"], 2)).toBeUndefined();
});

test("remove and rename leave alone what is not there", () => {
  const payload = { a: { b: 1 }, c: 2 };
  expect(removePath(payload, ["a", "b"])).toEqual({ a: {}, c: 2 });
  expect(removePath(payload, ["x", "y"])).toEqual(payload);
  expect(removePath([1], ["0"])).toEqual([1]);
  expect(renamePath(payload, ["a", "b"], ["d", "e"])).toEqual({ a: {}, c: 2, d: { e: 1 } });
  expect(renamePath(payload, ["x"], ["y"])).toEqual(payload);
  expect(renamePath(payload, ["a"], ["c", "d"])).toBeUndefined();
});

test("no change touches what it was given, nor any prototype (S8)", () => {
  const hostile = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}');
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const target = value as JsonValue;
      const before = JSON.stringify(target);
      mergePatch(target, hostile);
      setPath(target, ["__proto__", "polluted"], true);
      removePath(target, ["a"]);
      renamePath(target, ["a"], ["__proto__"]);
      expect(JSON.stringify(target)).toBe(before);
      expect(Object.prototype).not.toHaveProperty("polluted");
    }),
  );
});
