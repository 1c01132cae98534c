import { describe, expect, test } from "vitest";
import { Query } from "./query.ts";

describe("a query", () => {
  test("row 76: values are data, whatever they hold", () => {
    const query = new Query("tenant=%27%20OR%201%3D1--&rule=$where&a=%00%1b[31m&b=100%25&c=x+y");
    expect(["tenant", "rule", "a", "b", "c"].map((name) => query.text(name))).toEqual([
      "' OR 1=1--",
      "$where",
      "\u0000\u001b[31m",
      "100%",
      "x y",
    ]);
  });

  test("an empty parameter is one that is not there", () => {
    expect(new Query("tenant=&x").text("tenant")).toBeUndefined();
    expect(new Query("").text("tenant")).toBeUndefined();
  });

  test.each(["a=%zz", "%ff=1", "a=1&a=2", "a=1&%61=2"])("%s is refused", (raw) => {
    expect(() => new Query(raw)).toThrow(expect.objectContaining({ code: "bad_query" }) as Error);
  });

  test.each([
    [undefined, 50],
    ["0", 1],
    ["-5", 1],
    ["7", 7],
    ["1000000000", 1_000],
  ])("row 73: limit %s is clamped to %i", (value, expected) => {
    const query = new Query(value === undefined ? undefined : `limit=${value}`);
    expect(query.clamped("limit", { min: 1, max: 1_000, fallback: 50 })).toBe(expected);
  });

  test.each(["1.5", "ten", "1e3", "0x10"])("limit %s is no whole number", (value) => {
    const clamped = () => new Query(`limit=${value}`).clamped("limit", { min: 1, max: 9, fallback: 1 });
    expect(clamped).toThrow(expect.objectContaining({ code: "bad_query" }) as Error);
  });
});
