import { describe, expect, test } from "vitest";
import { compute, negated } from "./arithmetic.ts";
import type { ArithmeticOp, Computed } from "./arithmetic.ts";
import { Double, Duration, Timestamp, Uint } from "./value.ts";
import type { Value } from "./value.ts";

const maxInt64 = 2n ** 63n - 1n;

describe("arithmetic", () => {
  const rows: readonly (readonly [Value, ArithmeticOp, Value, Computed])[] = [
    [2, "add", 3, { value: 5 }],
    [2 ** 53 - 1, "add", 2, { value: 2n ** 53n + 1n }],
    [maxInt64, "add", 1, "overflow"],
    [maxInt64, "multiply", 2, "overflow"],
    [7, "divide", 2, { value: 3 }],
    [-7, "divide", 2, { value: -3 }],
    [-7, "modulo", 2, { value: -1 }],
    [1, "divide", 0, "divisionByZero"],
    [1, "modulo", 0, "divisionByZero"],
    [1.5, "add", 1.5, { value: new Double(3) }],
    [1, "divide", 0.5, { value: new Double(2) }],
    [1.5, "modulo", 1, "mismatch"],
    [new Uint(1n), "subtract", new Uint(2n), "overflow"],
    [new Uint(3n), "add", new Uint(2n), { value: new Uint(5n) }],
    ["a", "add", "b", { value: "ab" }],
    ["a", "add", 1, "mismatch"],
    [null, "add", 1, "mismatch"],
    [new Timestamp(10n), "subtract", new Timestamp(4n), { value: new Duration(6n) }],
    [new Timestamp(10n), "add", new Duration(4n), { value: new Timestamp(14n) }],
    [new Duration(10n), "subtract", new Duration(4n), { value: new Duration(6n) }],
    [new Uint8Array([1]), "add", new Uint8Array([2]), { value: new Uint8Array([1, 2]) }],
  ];
  test.each(rows)("%o %s %o", (a, op, b, expected) => {
    expect(compute(op, a, b, "cel")).toEqual(expected);
  });

  test("rego's whole numbers end at 8,192 bits, however they are made", () => {
    const square = compute("multiply", 1n << 4_000n, 1n << 4_000n, "rego");
    expect(square).toEqual({ value: 1n << 8_000n });
    expect(compute("multiply", 1n << 8_000n, 1n << 8_000n, "rego")).toBe("tooLarge");
    expect(compute("subtract", -(1n << 8_192n), 1, "rego")).toBe("tooLarge");
  });

  test("in rego a double that is whole has a remainder", () => {
    expect(compute("modulo", new Double(5), 2, "rego")).toEqual({ value: 1 });
    expect(compute("modulo", 5, new Double(0), "rego")).toBe("divisionByZero");
    expect(compute("modulo", 5.5, 2, "rego")).toBe("mismatch");
  });

  test("rego has no width of whole numbers, and divides exactly", () => {
    expect(compute("add", maxInt64, 1, "rego")).toEqual({ value: 2n ** 63n });
    expect(compute("divide", 7, 2, "rego")).toEqual({ value: 3.5 });
    expect(compute("divide", 8, 2, "rego")).toEqual({ value: 4 });
  });

  test("only cel joins lists", () => {
    expect(compute("add", [1], [2], "cel")).toEqual({ value: [1, 2] });
    expect(compute("add", [1], [2], "plain")).toBe("mismatch");
  });

  test("negation keeps the type", () => {
    expect(negated(5, "cel")).toEqual({ value: -5 });
    expect(negated(new Double(5), "cel")).toEqual({ value: new Double(-5) });
    expect(negated(-(2n ** 63n), "cel")).toBe("overflow");
    expect(negated(new Duration(5n), "cel")).toEqual({ value: new Duration(-5n) });
    expect(negated(new Uint(5n), "cel")).toBe("mismatch");
    expect(negated("x", "cel")).toBe("mismatch");
  });
});
