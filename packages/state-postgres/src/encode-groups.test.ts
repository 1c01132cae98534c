import type { Namespace, TenantId } from "@acteon/core";
import { type StateGroup, type StateKey, stateKey, stateScope } from "@acteon/state";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { int8Array, textArray } from "./binary-array.ts";
import { encodeGroups } from "./encode-groups.ts";

const scope = stateScope("orders" as Namespace, "acme" as TenantId);
const [a, b, c] = ["a", "b", "c"].map((name) => stateKey(scope, "state", name)) as [StateKey, StateKey, StateKey];

describe("the keys of a call", () => {
  test("stand once each, those to be locked first and in their order", () => {
    const groups: StateGroup[] = [
      [{ op: "get", key: a }],
      [{ op: "set", key: c, value: "x" }],
      [{ op: "delete", key: b }],
      [{ op: "set", key: c, value: "y" }],
    ];
    expect(keysOf(groups)).toEqual({ locked: [b.text, c.text], read: [a.text] });
  });

  test("that are only read are not locked", () => {
    const reads: StateGroup[] = [
      [
        { op: "get", key: b },
        { op: "get", key: a },
      ],
      [{ op: "get", key: c }],
    ];
    expect(keysOf(reads)).toEqual({ locked: [], read: [b.text, a.text, c.text] });
  });

  test("that are read together with one that the call writes are locked as well", () => {
    const groups: StateGroup[] = [
      [
        { op: "get", key: a },
        { op: "get", key: b },
      ],
      [{ op: "get", key: c }],
      [{ op: "delete", key: b }],
    ];
    expect(keysOf(groups)).toEqual({ locked: [a.text, b.text], read: [c.text] });
  });

  test("of a fence are locked, and a due entry has a key of its own", () => {
    const lock = stateKey(scope, "named_lock", "l");
    const groups: StateGroup[] = [
      [
        { op: "set", key: a, value: "x", fence: { lock, token: 1n } },
        { op: "indexDue", index: "retry", key: a, dueAtMs: 1 },
      ],
    ];
    expect(keysOf(groups).locked).toEqual([`due/retry/${a.text}`, lock.text, a.text]);
  });
});

describe("PostgreSQL's binary arrays", () => {
  test("hold every safe integer", () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (numbers) => {
        const array = int8Array(numbers);
        expect(numbers.map((_, i) => Number(array.readBigInt64BE(20 + 12 * i + 4)))).toEqual(numbers);
      }),
    );
  });

  test("hold every text, and none", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string({ unit: "grapheme" }), { nil: undefined })), (texts) => {
        expect(textsOf(textArray(texts))).toEqual(texts);
      }),
    );
  });
});

function keysOf(groups: readonly StateGroup[]) {
  const [keys, , locked] = encodeGroups(groups);
  const texts = textsOf(keys as Buffer);
  return { locked: texts.slice(0, locked as number), read: texts.slice(locked as number) };
}

function textsOf(array: Buffer): readonly (string | undefined)[] {
  let at = 20;
  return Array.from({ length: array.readInt32BE(12) }, () => {
    const length = array.readInt32BE(at);
    at += 4 + Math.max(0, length);
    return length < 0 ? undefined : array.toString("utf8", at - length, at);
  });
}
