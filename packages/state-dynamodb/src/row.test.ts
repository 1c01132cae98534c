import type { Namespace, TenantId } from "@acteon/core";
import { stateKey, stateScope } from "@acteon/state";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { companionKeys, forGoodMs, garbageAt, isCount, itemsOf, partsOf, rowOf } from "./row.ts";
import type { Row } from "./row.ts";
import { duePlace, dueSortKey, itemId, keyOfItem, placeOf } from "./table-layout.ts";

const scope = stateScope("orders" as Namespace, "acme" as TenantId);
const place = placeOf(stateKey(scope, "state", "a"));
const nowMs = 1_700_000_000_000;

function reread(row: Row, at = place): Row {
  const [item, ...parts] = itemsOf(at, row, nowMs);
  return rowOf(item, "parts" in row && row.parts > 0 ? parts.map((part) => part["b"]?.S ?? "") : undefined);
}

describe("a row comes back from its items as it went in", () => {
  const mortal = { version: "v1", parts: 0 };

  test("values, counts among them", () => {
    const value = fc.oneof(fc.string({ unit: "grapheme" }), fc.maxSafeInteger().map(String), fc.constant("-0"));
    const expiresAtMs = fc.constantFrom(nowMs, forGoodMs);
    fc.assert(
      fc.property(value, expiresAtMs, (text, expiry) => {
        const row = { kind: "value", ...mortal, expiresAtMs: expiry, value: text } as const;
        expect(reread(row)).toEqual(row);
      }),
    );
  });

  test.each([
    { kind: "list", ...mortal, expiresAtMs: 5, values: ["b", "", "a", "b"] },
    { kind: "lock", version: "v", token: 2n ** 60n, owner: "me", leaseMs: 500, fenced: true },
    { kind: "lock", version: "v", token: 1n, owner: undefined, leaseMs: 500, fenced: false },
  ] satisfies readonly Row[])("$kind", (row) => {
    expect(reread(row)).toEqual(row);
  });

  test("a due time, with an entry of the same version in the order of time", () => {
    const due = { kind: "due", version: "v", dueAtMs: -5 } as const;
    const at = duePlace("timeout", place.key);
    const [item, entry] = itemsOf(at, due, nowMs);
    expect(rowOf(item)).toEqual(due);
    expect(entry).toMatchObject({ pk: { S: at.pk }, sk: { S: `${dueSortKey(-5)}#${place.key.text}` }, v: { S: "v" } });
  });

  test("a text that is too long for one item, cut between characters", () => {
    for (const value of ["x".repeat(120_001), `${"x".repeat(119_999)}${"😀".repeat(60_001)}`]) {
      const row = { kind: "value", version: "v", parts: partsOf(value), expiresAtMs: 5, value } as const;
      const items = itemsOf(place, row, nowMs);
      expect(items).toHaveLength(1 + row.parts);
      for (const item of items.slice(1)) expect(item["b"]?.S?.isWellFormed()).toBe(true);
      expect(reread(row)).toEqual(row);
      expect(items.slice(1).map(itemId)).toEqual(companionKeys(place, row).map(itemId));
    }
  });

  test("a list that is too long for one item", () => {
    const values = Array.from({ length: 3 }, (_, i) => `${i}`.repeat(100_000));
    const parts = partsOf(JSON.stringify(values));
    expect(reread({ kind: "list", version: "v", parts, expiresAtMs: 5, values })).toMatchObject({ values });
  });
});

test("the key of an item is the key it was written under, a collapsed one by what its item keeps (K3)", () => {
  for (const id of ["a", "é/#:", "x".repeat(500)]) {
    const key = stateKey(scope, "state", id);
    const row = { kind: "value", version: "v", parts: 0, expiresAtMs: 5, value: "x" } as const;
    expect(keyOfItem(itemsOf(placeOf(key), row, nowMs)[0])).toEqual(key);
  }
});

test.each([
  ["0", true],
  ["-7", true],
  ["9007199254740991", true],
  ["9007199254740992", false],
  ["-0", false],
  ["01", false],
  ["1e3", false],
  [" 1", false],
  ["", false],
  ["{}", false],
])("%j is a count: %s", (text, expected) => {
  expect(isCount(text)).toBe(expected);
});

test("due times are in the order of their sort keys, those before 1970 and beyond 2^31 too", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
      expect(Math.sign(a - b)).toBe(dueSortKey(a) === dueSortKey(b) ? 0 : dueSortKey(a) < dueSortKey(b) ? -1 : 1);
    }),
  );
});

test("DynamoDB may delete an hour after the end, and never what is for good", () => {
  expect(garbageAt(1_000_000)).toBe("4600");
  expect(new Date(Number(garbageAt(forGoodMs)) * 1_000).getUTCFullYear()).toBe(275_760);
});
