import { isRawJson } from "@acteon/core";
import { expect, test } from "vitest";

import { coreScalar } from "./core-schema.ts";

test.each([
  ["", null],
  ["~", null],
  ["null", null],
  ["NULL", null],
  ["nULL", "nULL"],
  ["true", true],
  ["TRUE", true],
  ["False", false],
  ["yes", "yes"],
  ["on", "on"],
  ["0", 0],
  ["-0", 0],
  ["+12", 12],
  ["007", 7],
  ["0o17", 15],
  ["0x1F", 31],
  ["0b1", "0b1"],
  ["1_000", "1_000"],
  ["12:30", "12:30"],
  ["1.5", 1.5],
  [".5", 0.5],
  ["1.", 1],
  ["-1e3", -1000],
  ["1e", "1e"],
  ["-", "-"],
  ["2026-03-01", "2026-03-01"],
  ["9007199254740991", 9_007_199_254_740_991],
  [".inf", undefined],
  ["-.Inf", undefined],
  [".NaN", undefined],
  ["1e400", undefined],
])("%j is read as %j by the core schema", (text, value) => {
  expect(coreScalar(text)).toBe(value);
});

test.each([
  ["9007199254740993", "9007199254740993"],
  ["+00123456789012345678901", "123456789012345678901"],
  ["-9007199254740993", "-9007199254740993"],
  ["0xFFFFFFFFFFFFFFFF", "18446744073709551615"],
])("the integer %s keeps its digits", (text, digits) => {
  const value = coreScalar(text);
  expect(typeof value === "object" && value !== null && isRawJson(value) && value.rawJSON).toBe(digits);
});
