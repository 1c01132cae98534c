import { DataDamagedError } from "@acteon/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeContent, encodeContent } from "./node-content.ts";
import type { NodeContent } from "./node-content.ts";

const id = fc.stringMatching(/^[a-z0-9]{1,20}$/);
const text = fc.string({ unit: "binary" }).filter((value) => value.isWellFormed());
const fullText = fc.constantFrom("", "v1/state/orders/=-/a=20b");
const life = fc.option(fc.record({ endsAtMs: fc.nat(2 ** 45), ttlMs: fc.integer({ min: 1, max: 2 ** 40 }) }), {
  nil: undefined,
});
const content: fc.Arbitrary<NodeContent> = fc.oneof(
  fc.record({ kind: fc.constant("value" as const), id, life, fullText, value: text }),
  fc.record({ kind: fc.constant("list" as const), id, life, fullText, values: fc.array(text) }),
  fc.record({
    kind: fc.constant("lease" as const),
    id,
    owner: text,
    leaseMs: fc.integer({ min: 500, max: 600_000 }),
    token: fc.option(fc.bigInt({ min: 1n, max: 2n ** 62n }), { nil: undefined }),
    ephemeral: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("fence" as const), id }),
  fc.record({ kind: fc.constant("due" as const), id, dueAtMs: fc.maxSafeInteger(), fullText }),
);

test("what a node holds comes back as it went in", () => {
  fc.assert(
    fc.property(content, (each) => {
      expect(decodeContent(Buffer.from(encodeContent(each)))).toEqual(each);
    }),
  );
});

test("what others wrote is damage, not a value", () => {
  for (const data of ["", "x", "\n", "value", "list,a,,\n{}", "list,a,,\n[1]", "value,a,soon,\nx", "lock,a\n"])
    expect(() => decodeContent(Buffer.from(data)), data).toThrow();
  expect(() => decodeContent(Buffer.from("list,a,,\n[1]"))).toThrow(DataDamagedError);
});
