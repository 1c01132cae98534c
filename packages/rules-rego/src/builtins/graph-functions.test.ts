import { setOf } from "@acteon/rules";
import { expect, test } from "vitest";
import { shown, testCalls } from "./testing.ts";

testCalls([
  ["graph.reachable", [{}, setOf(["a"])], "set()"],
  ["graph.reachable", [{ a: ["b"], b: setOf(["c"]), c: ["a"], d: [] }, ["a"]], '{"a", "b", "c"}'],
  ["graph.reachable", [{ a: ["b"], b: ["gone"] }, ["a"]], '{"a", "b"}'],
  ["graph.reachable", [{ a: null }, ["a"]], '{"a"}'],
  ["graph.reachable", [1, [1]], "mismatch"],
  ["graph.reachable", [{ a: [] }, "a"], "mismatch"],
  ["graph.reachable_paths", [{}, setOf(["a"])], "set()"],
  ["graph.reachable_paths", [{ a: ["b"], b: ["c"], c: ["a"] }, ["a"]], '{["a", "b", "c"]}'],
  ["graph.reachable_paths", [{ a: ["b", "c"], b: ["c"], c: [] }, ["a"]], '{["a", "b", "c"], ["a", "c"]}'],
  [
    "graph.reachable_paths",
    [{ a: ["b", "c"], b: ["d"], c: ["d"], d: [] }, ["a"]],
    '{["a", "b", "d"], ["a", "c", "d"]}',
  ],
  ["graph.reachable_paths", [{ a: ["b"], b: ["gone"] }, ["a", "b"]], '{["a", "b"], ["b"]}'],
  ["graph.reachable_paths", [{ a: null }, ["a"]], '{["a"]}'],
  ["graph.reachable_paths", [{ a: [] }, "a"], "mismatch"],
  ["walk", [1], "[[[], 1]]"],
  [
    "walk",
    [{ b: [1, setOf(["x"])], a: null }],
    '[[[], {"a": null, "b": [1, {"x"}]}], [["a"], null], [["b"], [1, {"x"}]], [["b", 0], 1], [["b", 1], {"x"}], [["b", 1, "x"], "x"]]',
  ],
]);

test("a graph in which there are more ways than could ever be told is refused", () => {
  const nodes = Array.from({ length: 30 }, (_, i) => `n${i}`);
  expect(shown("graph.reachable_paths", Object.fromEntries(nodes.map((node) => [node, nodes])), ["n0"])).toBe("fault");
});
