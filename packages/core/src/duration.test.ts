import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";

describe("a duration", () => {
  test.each([
    ["250ms", 250],
    ["5s", 5_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["2d", 172_800_000],
    ["1d2h3m4s5ms", 93_784_005],
    ["90m", 5_400_000],
    ["0s", 0],
    ["30d", 2_592_000_000],
  ])("%s is %d ms", (text, ms) => {
    expect(parseDuration(text)).toEqual({ kind: "parsed", ms });
  });

  test.each(["", "5", "m", "-5m", "1.5h", "5 m", " 5m", "5M", "30m1h", "5m5m", "1ms1s", "5min", "1e3s", "٣m"])(
    "%j is none, and the message shows what one looks like",
    (text) => {
      expect(parseDuration(text)).toEqual({ kind: "rejected", message: expect.stringContaining("1h30m") as string });
    },
  );

  test("is refused when a number of ms cannot hold it", () => {
    expect(parseDuration("104249991d")).toMatchObject({ kind: "parsed" });
    expect(parseDuration("104249992d")).toEqual({ kind: "rejected", message: "is too long" });
    expect(parseDuration(`${"9".repeat(400)}d`)).toEqual({ kind: "rejected", message: "is too long" });
  });

  test("is read back from what is written", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (ms) => {
        expect(parseDuration(formatDuration(ms))).toEqual({ kind: "parsed", ms });
      }),
    );
  });

  test.each([
    [0, "0s"],
    [999, "999ms"],
    [60_000, "1m"],
    [5_400_000, "1h30m"],
    [86_400_001, "1d1ms"],
  ])("%d ms is written %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("%d ms is a bug of the caller", (ms) => {
    expect(() => formatDuration(ms)).toThrow(RangeError);
  });
});
