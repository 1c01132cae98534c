import { Double, setOf } from "@acteon/rules";
import { describe, expect, test } from "vitest";
import { call, shown, testCalls } from "./testing.ts";

testCalls([
  ["plus", [1, 2], "3"],
  ["plus", [9_007_199_254_740_991, 1], "9007199254740992"],
  ["plus", [1.5, 0.5], "2"],
  ["plus", [new Double(1), 2], "3"],
  ["plus", ["1", 2], "mismatch"],
  ["minus", [1, 2], "-1"],
  ["minus", [setOf([1, 2, 3]), setOf([2, 4])], "{1, 3}"],
  ["minus", [setOf([1]), 1], "mismatch"],
  ["minus", [1, setOf([1])], "mismatch"],
  ["mul", [99_999_999_999_999_999_999n, 10], "999999999999999999990"],
  ["mul", [10n ** 2_000n, 10n ** 2_000n], "fault"],
  ["mul", [1e200, 1.5e200], "fault"],
  ["div", [6, 3], "2"],
  ["div", [1, 4], "0.25"],
  ["div", [1, 0], "fault"],
  ["rem", [7, 3], "1"],
  ["rem", [-7, 3], "-1"],
  ["rem", [7, 0], "fault"],
  ["rem", [1.1, 1], "fault"],
  ["abs", [-10], "10"],
  ["abs", [-28_857_836_529_306_024_611_913n], "28857836529306024611913"],
  ["ceil", [1.01], "2"],
  ["ceil", [-1.99999], "-1"],
  ["floor", [99.99999], "99"],
  ["floor", [-1.001], "-2"],
  ["round", [0.5], "1"],
  ["round", [-0.5], "-1"],
  ["round", [2.4], "2"],
  ["round", ["1"], "mismatch"],
]);

describe("ranges", () => {
  testCalls([
    ["numbers.range", [0, 0], "[0]"],
    ["numbers.range", [2, -1], "[2, 1, 0, -1]"],
    ["numbers.range", [49_649_733_057, 49_649_733_059], "[49649733057, 49649733058, 49649733059]"],
    [
      "numbers.range",
      [18_446_744_073_709_551_615n, 18_446_744_073_709_551_616n],
      "[18446744073709551615, 18446744073709551616]",
    ],
    ["numbers.range", [3.14, 4], "mismatch"],
    ["numbers.range", [1, 1_000_000], "fault"],
    ["numbers.range_step", [0, 5, 2], "[0, 2, 4]"],
    ["numbers.range_step", [10, 3, 2], "[10, 8, 6, 4]"],
    ["numbers.range_step", [0, 10, 99_999_999_999_999_999_999n], "[0]"],
    ["numbers.range_step", [0, 10, -2], "fault"],
    ["numbers.range_step", [0, 10, 0], "fault"],
  ]);
});

describe("bits", () => {
  testCalls([
    ["bits.and", [7, 9], "1"],
    ["bits.or", [7, 9], "15"],
    ["bits.xor", [42, 3], "41"],
    ["bits.negate", [42], "-43"],
    ["bits.lsh", [9_223_372_036_854_775_807n, 1], "18446744073709551614"],
    ["bits.lsh", [7, -1], "mismatch"],
    ["bits.lsh", [1, 1_000_000_000], "fault"],
    ["bits.rsh", [-8, 1], "-4"],
    ["bits.rsh", [8, 1_000_000_000], "0"],
    ["bits.rsh", [7, -1], "mismatch"],
    ["bits.and", [new Double(6), 3], "2"],
    ["bits.or", [7.2, 42], "mismatch"],
  ]);
});

test("rand.intn is the same for the same seed and bound, and below the bound", () => {
  const drawn = Array.from({ length: 200 }, (_, i) => call("rand.intn", `seed ${i}`, 10) as number);
  expect(drawn).toEqual(Array.from({ length: 200 }, (_, i) => call("rand.intn", `seed ${i}`, 10)));
  expect(new Set(drawn)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  expect(shown("rand.intn", "seed", 0)).toBe("0");
  expect(shown("rand.intn", "seed", 1.5)).toBe("mismatch");
});
