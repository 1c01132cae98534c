import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatInstant, isInstant, parseInstant } from "./instant.ts";

describe("an instant by RFC 3339 (guarantees §8 row 28)", () => {
  test.each([
    ["2026-03-01T09:30:00Z", "2026-03-01T09:30:00.000Z"],
    ["2026-03-01t09:30:00z", "2026-03-01T09:30:00.000Z"],
    ["2026-03-01 09:30:00Z", "2026-03-01T09:30:00.000Z"],
    ["2026-03-01T09:30:00.5Z", "2026-03-01T09:30:00.500Z"],
    ["2026-03-01T09:30:00.123456789Z", "2026-03-01T09:30:00.123Z"],
    ["2026-03-01T09:30:00.9999Z", "2026-03-01T09:30:00.999Z"],
    ["2026-03-01T09:30:00+02:00", "2026-03-01T07:30:00.000Z"],
    ["2026-03-01T09:30:00.250-05:30", "2026-03-01T15:00:00.250Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"],
    ["0042-06-07T00:00:00Z", "0042-06-07T00:00:00.000Z"],
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"],
  ])("%s is %s", (text, utc) => {
    expect(isInstant(text)).toBe(true);
    expect(new Date(parseInstant(text) ?? Number.NaN).toISOString()).toBe(utc);
  });

  test.each([
    "",
    "1",
    "now",
    "2026-03-01",
    "2026-03-01T09:30:00",
    "2026-03-01T09:30Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-32T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:61Z",
    "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00+0200",
    "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00+00:00Z",
    "2026-01-01T00:00:00Z\n",
    " 2026-01-01T00:00:00Z",
    "26-01-01T00:00:00Z",
    "+002026-01-01T00:00:00Z",
  ])("%j is none", (text) => {
    expect(isInstant(text)).toBe(false);
    expect(parseInstant(text)).toBeUndefined();
  });

  test("every instant of a Date is read back to the ms", () => {
    const date = fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    fc.assert(fc.property(date, (instant) => parseInstant(formatInstant(instant.getTime())) === instant.getTime()));
  });

  test("a day is one exactly when the calendar has it", () => {
    const part = (max: number): fc.Arbitrary<string> => fc.nat(max).map((n) => String(n).padStart(2, "0"));
    fc.assert(
      fc.property(fc.integer({ min: 1_800, max: 2_200 }), part(13), part(32), (year, month, day) => {
        const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
        const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
        expect(isInstant(`${year}-${month}-${day}T12:00:00Z`)).toBe(exists);
      }),
      { numRuns: 1_000 },
    );
  });
});

test("an instant is written in UTC, to the ms, also when another came between", () => {
  expect([0, 1, 0].map(formatInstant)).toEqual([
    "1970-01-01T00:00:00.000Z",
    "1970-01-01T00:00:00.001Z",
    "1970-01-01T00:00:00.000Z",
  ]);
});
