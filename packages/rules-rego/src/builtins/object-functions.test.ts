import { mapOf, setOf } from "@acteon/rules";
import { expect, test } from "vitest";
import { call, shown, testCalls } from "./testing.ts";

const numbered = mapOf([[1, mapOf([["b", 2]])!]])!;

testCalls([
  ["object.get", [{ a: "b" }, "a", "c"], '"b"'],
  ["object.get", [{ a: false }, "a", "c"], "false"],
  ["object.get", [{ a: "b" }, "c", "c"], '"c"'],
  ["object.get", [{ a: 1 }, "constructor", 2], "2"],
  ["object.get", [numbered, 1, 3], '{"b": 2}'],
  ["object.get", [numbered, [1, "b"], 3], "2"],
  ["object.get", [{ a: 1 }, [], 2], '{"a": 1}'],
  ["object.get", [{ a: { b: [{ c: 1 }] } }, ["a", "b", 0, "c"], 2], "1"],
  ["object.get", [{ a: { b: [1, 2, 3] } }, ["a", "b", "a"], 2], "2"],
  ["object.get", [{ a: setOf(["x"]) }, ["a", "x"], 2], '"x"'],
  ["object.get", ["text", ["a"], 2], "mismatch"],
  ["object.keys", [numbered], "{1}"],
  ["object.keys", [[1]], "mismatch"],
  ["object.filter", [{ a: 1, b: 2, c: 3 }, setOf(["a", "c", "z"])], '{"a": 1, "c": 3}'],
  ["object.filter", [{ a: 1, b: 2 }, ["b"]], '{"b": 2}'],
  ["object.filter", [{ a: 1, b: 2 }, { a: "" }], '{"a": 1}'],
  ["object.filter", [{ a: 1 }, "a"], "mismatch"],
  ["object.remove", [{ a: 1, b: 2, c: 3 }, setOf(["a", "z"])], '{"b": 2, "c": 3}'],
  [
    "object.remove",
    [
      mapOf([
        ["a", 1],
        [[[7]], 2],
      ])!,
      setOf([[[7]]]),
    ],
    '{"a": 1}',
  ],
  ["object.remove", [{ a: { b: 1 } }, { a: { c: 1 } }], "{}"],
  ["object.union", [{}, { a: 1 }], '{"a": 1}'],
  [
    "object.union",
    [
      { a: { b: { c: 1 } }, e: 1 },
      { a: { b: "foo", b1: "bar" }, d: 7 },
    ],
    '{"a": {"b": "foo", "b1": "bar"}, "d": 7, "e": 1}',
  ],
  ["object.union", [[1], {}], "mismatch"],
  ["object.union_n", [[]], "{}"],
  ["object.union_n", [[{ a: { x: 1 } }, { a: { y: 2 } }, { a: { x: 3 } }]], '{"a": {"x": 3, "y": 2}}'],
  ["object.union_n", [[{ a: { x: 1 } }, { a: 1 }, { a: { y: 2 } }]], '{"a": {"y": 2}}'],
  ["object.union_n", [[{}, 1]], "mismatch"],
  ["object.subset", [{ a: 1, b: { x: 1, y: 2 } }, { b: { y: 2 } }], "true"],
  ["object.subset", [{ a: 1 }, { a: 2 }], "false"],
  ["object.subset", [{ a: 1 }, { b: 1 }], "false"],
  [
    "object.subset",
    [
      { a: [6, 7, 8], b: setOf([1, 2]) },
      { a: [7, 8], b: setOf([2]) },
    ],
    "true",
  ],
  ["object.subset", [{ a: [6, 7, 8] }, { a: setOf([7]) }], "false"],
  ["object.subset", [setOf([1, 2, 3]), setOf([3, 2])], "true"],
  ["object.subset", [setOf([1]), setOf([1, 2])], "false"],
  [
    "object.subset",
    [
      [1, 1, 1, 2],
      [1, 1, 2],
    ],
    "true",
  ],
  [
    "object.subset",
    [
      [1, 2, 3],
      [1, 3],
    ],
    "false",
  ],
  ["object.subset", [[1, 2], []], "true"],
  ["object.subset", [[1], [1, 2]], "false"],
  ["object.subset", [[1, 2, 3, 4], setOf([4, 2])], "true"],
  ["object.subset", [setOf([1]), [1]], "mismatch"],
]);

test("a key that could reach a prototype is a key like any other", () => {
  const united = call("object.union", JSON.parse('{"__proto__": {"a": 1}}'), { b: 2 });
  expect(JSON.stringify(united)).toBe('{"__proto__":{"a":1},"b":2}');
  expect(Object.getPrototypeOf(united)).toBe(Object.prototype);
});

test("a sequence that begins often and in vain is looked for in one pass", () => {
  const ones = Array.from({ length: 40_000 }, () => 1);
  expect(shown("object.subset", ones, [...ones.slice(20_000), 2])).toBe("false");
});
