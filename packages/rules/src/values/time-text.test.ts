import { expect, test } from "vitest";
import { parseSignedDuration } from "./time-text.ts";
import { Duration } from "./value.ts";

test.each([
  ["1h30m", 5_400_000_000_000n],
  ["-1.5s", -1_500_000_000n],
  [".5ms", 500_000n],
  ["1.s", 1_000_000_000n],
  ["0", 0n],
] as const)("%s is a duration", (text, nanoseconds) => {
  expect(parseSignedDuration(text)).toEqual(new Duration(nanoseconds));
});

test.each(["", "5", "s", "1x", "1h 2m", "9".repeat(200_000), `${"9".repeat(200_000)}s`])("%# is none", (text) => {
  expect(parseSignedDuration(text)).toBeUndefined();
});
