import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Semantics } from "../ir/expr.ts";
import { equal, equalityOf } from "./equality.ts";
import { Double, Duration, Timestamp, Uint } from "./value.ts";
import type { Value } from "./value.ts";

describe("equality by semantics", () => {
  const rows: readonly (readonly [a: Value, b: Value, Partial<Record<Semantics, boolean>>])[] = [
    [1, 1, { legacy: true, plain: true, cel: true, rego: true, drl: true }],
    [1, new Double(1), { legacy: true, plain: true, cel: true, rego: true, drl: true }],
    [1, new Uint(1n), { plain: true, cel: true }],
    [2n ** 60n, new Uint(2n ** 60n), { cel: true }],
    [2n ** 53n + 1n, 2 ** 53, { plain: false, cel: false }],
    ["1", 1, { legacy: false, plain: false, cel: false, rego: false, drl: true }],
    ["one", 1, { drl: false }],
    ["", 0, { drl: false }],
    [null, false, { legacy: false, plain: false, drl: false }],
    [null, null, { legacy: true, plain: true, drl: true }],
    [[1, [2]], [1, [new Double(2)]], { legacy: true, plain: true, cel: true }],
    [[1], [1, 2], { legacy: false, plain: false }],
    [{ a: 1 }, { a: 1 }, { legacy: false, plain: true, cel: true, rego: true, drl: true }],
    [[{ a: 1 }], [{ a: 1 }], { legacy: false, plain: true }],
    [{ a: 1 }, { b: 1 }, { plain: false }],
    [new Duration(5n), new Duration(5n), { plain: true, cel: true }],
    [new Duration(5n), new Timestamp(5n), { plain: false }],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2]), { cel: true }],
    [Number.NaN, Number.NaN, { plain: false, cel: false }],
  ];
  test.each(rows)("%o and %o", (a, b, expected) => {
    for (const [semantics, same] of Object.entries(expected)) {
      expect(equalityOf(semantics as Semantics)(a, b), semantics).toBe(same);
      expect(equalityOf(semantics as Semantics)(b, a), `${semantics}, turned round`).toBe(same);
    }
  });

  test("an integer that no double can hold equals itself, digit for digit", () => {
    const payload = { list: [JSON.rawJSON("9007199254740993")] };
    expect(equal(payload as unknown as Value, { list: [9007199254740993n] })).toBe(true);
    expect(equal(payload as unknown as Value, { list: [9007199254740992n] })).toBe(false);
  });

  test("every JSON value equals a copy of itself, and nothing else that prints differently", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const copy = JSON.parse(JSON.stringify(a)) as Value;
        expect(equal(a as Value, copy)).toBe(true);
        if (equal(a as Value, b as Value)) expect(typeof a).toBe(typeof b);
      }),
    );
  });
});
