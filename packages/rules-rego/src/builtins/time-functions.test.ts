import { describe, expect, test } from "vitest";
import { call, shown, testCalls } from "./testing.ts";

const noonNs = 1_517_832_000_000_000_000n;

testCalls([
  ["time.date", [1_517_814_000_000_000_000n], "[2018, 2, 5]"],
  ["time.date", [[1_517_814_000_000_000_000n, "Asia/Tokyo"]], "[2018, 2, 5]"],
  ["time.date", [[1_517_814_000_000_000_000n, "America/Los_Angeles"]], "[2018, 2, 4]"],
  ["time.date", [1_582_977_600_000_000_000n], "[2020, 2, 29]"],
  ["time.date", [-1], "[1969, 12, 31]"],
  ["time.date", [1_582_977_600_000_000_000_000n], "fault"],
  ["time.date", [1.5], "mismatch"],
  ["time.date", [[noonNs]], "[2018, 2, 5]"],
  ["time.date", ["now"], "mismatch"],
  ["time.clock", [noonNs], "[12, 0, 0]"],
  ["time.clock", [[noonNs, "America/New_York"]], "[7, 0, 0]"],
  ["time.clock", [[noonNs, ""]], "[12, 0, 0]"],
  ["time.clock", [[noonNs, "Local"]], "[12, 0, 0]"],
  ["time.clock", [[noonNs, "Nowhere/Town"]], "fault"],
  ["time.clock", [[noonNs, "+01:00"]], "fault"],
  ["time.clock", [-1], "[23, 59, 59]"],
  ["time.weekday", [1_518_004_800_000_000_000n], '"Wednesday"'],
  ["time.weekday", [[noonNs, "UTC"]], '"Monday"'],
  ["time.add_date", [1_585_852_421_593_912_000n, 3, 9, 12], "1705257221593912000"],
  ["time.add_date", [0, 0, 1, 30], "5270400000000000"],
  ["time.add_date", [0, -1, 0, 0], "-31536000000000000"],
  ["time.add_date", [0, 2_262, 1, 1], "fault"],
  ["time.add_date", [0, 1e15, 1, 1], "fault"],
  ["time.add_date", [0, 0.5, 1, 1], "mismatch"],
  ["time.diff", [61_000_000_000, 0], "[0, 0, 0, 0, 1, 1]"],
  ["time.diff", [0, 61_000_000_000], "[0, 0, 0, 0, 1, 1]"],
  [
    "time.diff",
    [
      [60_000_000_000, "UTC"],
      [0, "Asia/Shanghai"],
    ],
    "[0, 0, 0, 0, 1, 0]",
  ],
  ["time.parse_duration_ns", ["100ms"], "100000000"],
  ["time.parse_duration_ns", ["-1h1.5m3us2µs1ns"], "-3690000005001"],
  ["time.parse_duration_ns", ["0"], "0"],
  ["time.parse_duration_ns", ["1"], "fault"],
  ["time.parse_duration_ns", ["1d"], "fault"],
  ["time.parse_duration_ns", ["9999999999h"], "fault"],
]);

test.each([
  ["2020-02-02", "2020-03-01", [0, 0, 28, 0, 0, 0]],
  ["2021-02-02", "2021-03-01", [0, 0, 27, 0, 0, 0]],
  ["2004-02-29", "2005-03-01", [1, 0, 1, 0, 0, 0]],
  ["2020-12-31", "2021-01-01", [0, 0, 1, 0, 0, 0]],
])("from %s to %s", (from, to, difference) => {
  const [start, end] = [from, to].map((date) => call("time.parse_ns", "2006-01-02", date) as number);
  expect(call("time.diff", start!, end!)).toEqual(difference);
  expect(call("time.diff", end!, start!)).toEqual(difference);
});

describe("parsing by a layout", () => {
  testCalls([
    ["time.parse_rfc3339_ns", ["2017-06-02T19:00:00-07:00"], "1496455200000000000"],
    ["time.parse_rfc3339_ns", ["1677-09-21T00:12:43.145224192-00:00"], "-9223372036854775808"],
    ["time.parse_rfc3339_ns", ["2262-04-11T23:47:16.854775807-00:00"], "9223372036854775807"],
    ["time.parse_rfc3339_ns", ["2262-04-11T23:47:16.854775808-00:00"], "fault"],
    ["time.parse_rfc3339_ns", ["2021-02-29T00:00:00Z"], "fault"],
    ["time.parse_rfc3339_ns", ["2021-02-01 00:00:00Z"], "fault"],
    ["time.parse_ns", ["01/02 03:04:05PM '06 -0700", "06/02 07:00:00PM '17 -0700"], "1496455200000000000"],
    ["time.parse_ns", ["RFC822Z", "02 Jun 17 19:00 -0700"], "1496455200000000000"],
    ["time.parse_ns", ["RFC1123", "Fri, 02 Jun 2017 19:00:00 GMT+3"], "1496419200000000000"],
    ["time.parse_ns", ["ANSIC", "fri jun  2 19:00:00 2017"], "1496430000000000000"],
    ["time.parse_ns", ["2006-01-02 15:04:05", "2017-06-02 19:00:00.25"], "1496430000250000000"],
    ["time.parse_ns", ["2006-01-02 15:04:05.000", "2017-06-02 19:00:00.25"], "fault"],
    ["time.parse_ns", ["2006-002", "2017-153"], "1496361600000000000"],
    ["time.parse_ns", ["2006-01-02 3pm", "2017-06-02 12am"], "1496361600000000000"],
    ["time.parse_ns", ["2006-01-02", "2017-13-02"], "fault"],
    ["time.parse_ns", ["2006-01-02", "2017-06-02 "], "fault"],
    ["time.parse_ns", ["15:04", "19:00"], "fault"],
  ]);
});

describe("formatting by a layout", () => {
  testCalls([
    ["time.format", [noonNs], '"2018-02-05T12:00:00Z"'],
    ["time.format", [[1_517_832_000_120_000_000n, "America/New_York"]], '"2018-02-05T07:00:00.12-05:00"'],
    ["time.format", [[noonNs, "America/New_York", "RFC1123"]], '"Mon, 05 Feb 2018 07:00:00 EST"'],
    ["time.format", [[noonNs, "Europe/Berlin", "RFC822"]], '"05 Feb 18 13:00 CET"'],
    [
      "time.format",
      [[noonNs, "UTC", "Monday 2 January 2006, 3:04pm, day 002"]],
      '"Monday 5 February 2018, 12:00pm, day 036"',
    ],
    ["time.format", [[1, "UTC", "05.000000000|.999|Z07:00|-07|_2|__2|06"]], '"00.000000001||Z|+00| 1|  1|70"'],
    ["time.format", [[noonNs, "UTC", "Januaryx Janx Mondays"]], '"Februaryx Janx Mondays"'],
    ["time.format", [[noonNs, "UTC", "2006", "x"]], "mismatch"],
  ]);
});

test("a zone whose name nobody knows is told by its offset", () => {
  expect(shown("time.format", [noonNs, "Asia/Tokyo", "MST"])).toBe('"+09"');
});
