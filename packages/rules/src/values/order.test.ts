import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Semantics } from "../ir/expr.ts";
import { compareText, orderOf } from "./order.ts";
import { Double, Duration, Timestamp } from "./value.ts";
import type { Value } from "./value.ts";

/** Any text without lone surrogates. */
const wellFormed = fc.string({
  unit: fc
    .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
    .map((point) => String.fromCodePoint(point)),
});

describe("order by semantics", () => {
  const none = undefined;
  const unordered = Number.NaN;
  const rows: readonly (readonly [a: Value, b: Value, Partial<Record<Semantics, number | undefined>>])[] = [
    [1, 2, { legacy: -1, plain: -1, cel: -1, rego: -1, drl: -1 }],
    [2n ** 60n, 1.5, { legacy: 1, plain: 1, cel: 1, rego: 1 }],
    [new Double(3), 3, { plain: 0, cel: 0 }],
    [1, "2", { legacy: none, plain: none, cel: none, rego: -1, drl: -1 }],
    [null, 2, { legacy: none, plain: unordered, cel: none, rego: -1, drl: unordered }],
    [true, false, { legacy: none, plain: none, cel: 1, rego: 1, drl: none }],
    [new Duration(1n), new Duration(2n), { plain: -1, cel: -1, drl: -1 }],
    [new Timestamp(2n), new Timestamp(1n), { plain: 1, cel: 1 }],
    [new Timestamp(2n), new Duration(1n), { plain: none, cel: none }],
    [[1], [1, 2], { plain: none, cel: none, rego: -1 }],
    [{ a: 2 }, { b: 1 }, { plain: none, rego: -1 }],
    [new Uint8Array([1]), new Uint8Array([2]), { plain: none, cel: -1 }],
    [Number.NaN, 1, { plain: unordered, cel: unordered }],
  ];
  test.each(rows)("%o before %o", (a, b, expected) => {
    for (const [semantics, order] of Object.entries(expected)) {
      const found = orderOf(semantics as Semantics)(a, b);
      expect(found === undefined ? found : Math.sign(found), semantics).toBe(order);
    }
  });

  test("text is ordered as the bytes of its UTF-8", () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  test("rego orders everything, in one way", () => {
    const order = orderOf("rego");
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), (values) => {
        const sorted = (values as Value[]).toSorted((a, b) => order(a, b) ?? 0);
        for (const [i, value] of sorted.entries()) {
          for (const later of sorted.slice(i)) expect(order(value, later)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});
