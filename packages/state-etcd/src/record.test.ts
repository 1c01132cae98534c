import { DataDamagedError } from "@acteon/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeRecord, encodeRecord } from "./record.ts";
import type { EtcdRecord } from "./record.ts";

const fullText = fc.option(fc.stringMatching(/^v1\/[a-z]{1,8}\/[A-Za-z0-9_=-]{1,40}$/), { nil: undefined });
const expiresAtMs = fc.oneof(fc.constant(Infinity), fc.maxSafeNat());
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.nat({ max: 60_000 }))
    .map(([unit, n]) => unit.repeat(n % 8_000)),
);
const record = fc.oneof<fc.Arbitrary<EtcdRecord>[]>(
  fc.record({ kind: fc.constant("value"), value: text, expiresAtMs, ordinal: fc.nat({ max: 200 }), fullText }),
  fc.record({ kind: fc.constant("list"), members: fc.array(text, { maxLength: 5 }), expiresAtMs, fullText }),
  fc.record({ kind: fc.constant("lock"), owner: text, leaseMs: fc.nat(), fullText }),
  fc.record({ kind: fc.constant("due"), dueAtMs: fc.maxSafeInteger(), fullText: fc.constant("v1/state/a/b/c") }),
  fc.constant({ kind: "token" as const }),
);

test("a record comes back as it was stored, long and short", () => {
  fc.assert(
    fc.property(record, (each) => {
      expect(decodeRecord(Buffer.from(encodeRecord(each) as string))).toEqual(each);
    }),
  );
});

test("what is long is stored shorter than it is", () => {
  const value = JSON.stringify(Array.from({ length: 5_000 }, (_, i) => ({ order: i, state: "paid" })));
  const stored = encodeRecord({ kind: "value", value, expiresAtMs: Infinity, ordinal: 0, fullText: undefined });
  expect(stored.length).toBeLessThan(value.length / 4);
});

test("what is no record of ours is damage, and is not guessed at", () => {
  for (const bytes of ["", "v", "v;;", "x;;;", ";;;"])
    expect(() => decodeRecord(Buffer.from(bytes))).toThrow(DataDamagedError);
});
