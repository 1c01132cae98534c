import { mapOf, setOf } from "@acteon/rules";
import { expect, test } from "vitest";
import { shown, testCalls } from "./testing.ts";

const abc = { a: { b: { c: 7, d: 8 } }, e: 9 };

testCalls([
  ["json.patch", [{ a: 1 }, []], '{"a": 1}'],
  ["json.patch", [{ a: 1 }, [{ op: "add", path: "/b", value: 2 }]], '{"a": 1, "b": 2}'],
  ["json.patch", [{ a: 1 }, [{ op: "add", path: "a", value: 2 }]], '{"a": 2}'],
  ["json.patch", [[1, 2], [{ op: "add", path: "/1", value: 9 }]], "[1, 9, 2]"],
  ["json.patch", [[1, 2], [{ op: "add", path: "/2", value: 9 }]], "[1, 2, 9]"],
  ["json.patch", [[1, 2], [{ op: "add", path: "/-", value: 9 }]], "[1, 2, 9]"],
  ["json.patch", [[1, 2], [{ op: "add", path: "/3", value: 9 }]], "fault"],
  ["json.patch", [[1, 2], [{ op: "add", path: "/01", value: 9 }]], "fault"],
  ["json.patch", [[1, 2], [{ op: "add", path: "/-1", value: 9 }]], "fault"],
  ["json.patch", [[1, 2], [{ op: "add", path: "/1e0", value: 9 }]], "fault"],
  ["json.patch", [{ a: 1 }, [{ op: "add", path: "/a/b", value: 9 }]], "fault"],
  ["json.patch", [{ a: 1 }, [{ op: "add", path: "/x/b", value: 9 }]], "fault"],
  ["json.patch", [{ a: 1 }, [{ op: "add", path: "", value: [9] }]], "[9]"],
  ["json.patch", [{}, [{ op: "add", path: "/", value: 1 }]], '{"": 1}'],
  [
    "json.patch",
    [
      { "a/b": 1, "c~d": 2 },
      [
        { op: "remove", path: "/a~1b" },
        { op: "replace", path: "/c~0d", value: 3 },
      ],
    ],
    '{"c~d": 3}',
  ],
  ["json.patch", [{ a: 1, b: 2 }, [{ op: "remove", path: "/a" }]], '{"b": 2}'],
  ["json.patch", [{ a: 1 }, [{ op: "remove", path: "/x" }]], "fault"],
  ["json.patch", [[1, 2, 3], [{ op: "remove", path: "/1" }]], "[1, 3]"],
  ["json.patch", [[1], [{ op: "remove", path: "/-" }]], "fault"],
  ["json.patch", [{ a: 1 }, [{ op: "remove", path: "" }]], "fault"],
  [
    "json.patch",
    [{ a: [1, { b: 2 }] }, [{ op: "replace", path: ["a", 1, "b"], value: null }]],
    '{"a": [1, {"b": null}]}',
  ],
  ["json.patch", [{ a: 1 }, [{ op: "replace", path: "/b", value: 2 }]], "fault"],
  ["json.patch", [{ a: { b: 1 }, c: {} }, [{ op: "move", from: "/a/b", path: "/c/d" }]], '{"a": {}, "c": {"d": 1}}'],
  ["json.patch", [{ a: 1 }, [{ op: "move", from: "/a", path: "/a" }]], '{"a": 1}'],
  ["json.patch", [{ a: { b: 1 } }, [{ op: "move", from: "/a", path: "/a/b" }]], "fault"],
  ["json.patch", [{ a: 1 }, [{ op: "move", from: "", path: "/a" }]], "fault"],
  ["json.patch", [{ a: 1 }, [{ op: "move", from: "", path: "" }]], '{"a": 1}'],
  [
    "json.patch",
    [
      { a: [1] },
      [
        { op: "copy", from: "/a", path: "/b" },
        { op: "add", path: "/b/0", value: 0 },
      ],
    ],
    '{"a": [1], "b": [0, 1]}',
  ],
  ["json.patch", [{ a: 1 }, [{ op: "copy", path: "/b" }]], "fault"],
  ["json.patch", [{ a: [1] }, [{ op: "test", path: "/a", value: [1] }]], '{"a": [1]}'],
  ["json.patch", [{ a: 1 }, [{ op: "test", path: "/a", value: 2 }]], "fault"],
  ["json.patch", [{ a: 1 }, [{ op: "test", path: "/x", value: null }]], "fault"],
  ["json.patch", [{ a: 1 }, [{ op: "spam", path: "/a", value: 2 }]], "fault"],
  ["json.patch", [{ a: 1 }, [{ op: "add", path: "/a" }]], "fault"],
  ["json.patch", [{ a: 1 }, [{ op: "add", value: 1 }]], "fault"],
  ["json.patch", [{ a: 1 }, [1]], "mismatch"],
  ["json.patch", [{ foo: setOf(["a", "b"]) }, [{ op: "remove", path: "foo/b" }]], '{"foo": {"a"}}'],
  ["json.patch", [{ foo: setOf(["a"]) }, [{ op: "add", path: "foo/d", value: "d" }]], '{"foo": {"a", "d"}}'],
  ["json.patch", [{ foo: setOf(["a"]) }, [{ op: "add", path: "foo/d", value: "e" }]], "fault"],
  ["json.patch", [setOf([[1]]), [{ op: "add", path: [[1], 1], value: 2 }]], "{[1, 2]}"],
  ["json.patch", [mapOf([[1, 2]])!, [{ op: "replace", path: [1], value: 3 }]], "{1: 3}"],

  ["json.filter", [abc, setOf(["a/b/c"])], '{"a": {"b": {"c": 7}}}'],
  ["json.filter", [abc, ["a/b/c", "e"]], '{"a": {"b": {"c": 7}}, "e": 9}'],
  ["json.filter", [abc, ["a", "a/b/c"]], '{"a": {"b": {"c": 7, "d": 8}}}'],
  ["json.filter", [abc, ["a/b/c", "a"]], '{"a": {"b": {"c": 7, "d": 8}}}'],
  ["json.filter", [abc, []], "{}"],
  ["json.filter", [{ a: [{ "1": ["b", "c"] }, { x: "y" }] }, ["a/0/1/1"]], '{"a": [{"1": ["c"]}]}'],
  ["json.filter", [{ a: setOf([1, 2]) }, [["a", 1]]], '{"a": {1}}'],
  ["json.filter", [{ a: 7 }, ["a/b"]], '{"a": 7}'],
  ["json.filter", [abc, "a"], "mismatch"],
  ["json.filter", [abc, [1]], "mismatch"],
  ["json.filter", [[1], ["a"]], "mismatch"],

  ["json.remove", [abc, setOf(["a/b/c"])], '{"a": {"b": {"d": 8}}, "e": 9}'],
  ["json.remove", [abc, setOf([["a", "b", "c"], "e"])], '{"a": {"b": {"d": 8}}}'],
  ["json.remove", [abc, ["a/b", "a"]], '{"e": 9}'],
  ["json.remove", [{ a: { b: 7 } }, ["a/b"]], '{"a": {}}'],
  ["json.remove", [{ a: [{ "1": ["b", "c", "d"] }, 2] }, ["a/0/1/2"]], '{"a": [{"1": ["b", "c"]}, 2]}'],
  ["json.remove", [{ a: [1, 2, 3] }, ["a/0", "a/2"]], '{"a": [2]}'],
  ["json.remove", [abc, ["x/y", "e/z"]], '{"a": {"b": {"c": 7, "d": 8}}, "e": 9}'],
  ["json.remove", ["foo", ["a"]], "mismatch"],
  ["json.remove", [abc, [{ x: 1 }]], "mismatch"],
]);

test("patches that would copy a large document over and over are refused", () => {
  const patches = Array.from({ length: 1_000 }, () => ({ op: "add", path: "/-", value: 1 }));
  expect(
    shown(
      "json.patch",
      Array.from({ length: 40_000 }, () => 0),
      patches,
    ),
  ).toBe("fault");
});
