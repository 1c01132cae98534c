import fc from "fast-check";
import { expect, test } from "vitest";
import { DataDamagedError } from "@acteon/core";
import {
  type DataReader,
  type Feature,
  type LockReader,
  acquireText,
  appendText,
  bootText,
  dropText,
  extendText,
  putDueText,
  putText,
  readData,
  readTurn,
  releaseText,
  removeDueText,
  removeListText,
  removeText,
  snapshotOf,
  snapshotText,
  turnText,
  useText,
} from "./record.ts";

const head = { process: "12.34.56", sinceBootMs: 1_000.25, nowMs: 1_700_000_000_000, firstVersion: 7, firstToken: 90 };

/** Notes what it is told. */
function noting(): LockReader & DataReader & { readonly told: unknown[] } {
  const told: unknown[] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void told.push([name, ...args]);
  return {
    told,
    put: note("put"),
    remove: note("remove"),
    appendMember: note("appendMember"),
    removeList: note("removeList"),
    putDue: note("putDue"),
    removeDue: note("removeDue"),
    acquire: note("acquire"),
    extend: note("extend"),
    release: note("release"),
    boot: note("boot"),
    drop: note("drop"),
    use: note("use"),
    count: note("count"),
  };
}

test("a turn is read as it was written, with the versions and tokens that it gave out", () => {
  const locks = [
    acquireText("v1/lock/a", "own\ner", 500, false),
    acquireText("v1/lock/b", "", 600, true),
    extendText("v1/lock/a", 700),
    releaseText("v1/lock/b"),
    bootText("boot"),
    dropText(3),
    useText("lists"),
    useText("fences named_lock"),
  ];
  const data = [
    putText("k", "v\n1", Infinity, undefined),
    putText("=h", "é😀", 250, "v1/full"),
    removeText("k", false),
    removeText("l", true),
    appendText("list", 9, 0, 100, "first"),
    appendText("list", 9, 1, Infinity, ""),
    removeListText("list"),
    putDueText("retry", "due", -5),
    removeDueText("group", "due"),
    putText("last", "", 1, undefined),
  ];
  const record = turnText(head, locks.join(""), data.join(""));
  const { process, nowMs } = head;
  const whole = noting();
  readTurn(record, whole, whole);
  const dataTold = [
    ["put", "k", "v\n1", 7, Infinity, undefined],
    ["put", "=h", "é😀", 8, nowMs + 250, "v1/full"],
    ["remove", "k", false],
    ["remove", "l", true],
    ["appendMember", "list", 9, 0, nowMs + 100, "first"], // the list took version 9 as its id
    ["appendMember", "list", 9, 1, Infinity, ""],
    ["removeList", "list"],
    ["putDue", "retry", "due", -5],
    ["removeDue", "group", "due"],
    ["put", "last", "", 10, nowMs + 1, undefined],
  ];
  expect(whole.told).toEqual([
    [
      "acquire",
      "v1/lock/a",
      { process, owner: "own\ner", token: 90, leaseMs: 500, endsAtMs: 1_500.25, isFenced: false },
    ],
    ["acquire", "v1/lock/b", { process, owner: "", token: 91, leaseMs: 600, endsAtMs: 1_600.25, isFenced: true }],
    ["extend", "v1/lock/a", 1_700.25, 700],
    ["release", "v1/lock/b"],
    ["boot", "boot", 1_000.25],
    ["drop", 3],
    ["use", "lists"],
    ["use", "fences named_lock"],
    ...dataTold,
    ["count", 10, 91],
  ]);
  const onlyData = noting();
  readData(record, onlyData);
  expect(onlyData.told).toEqual(dataTold);
});

const leases = fc.array(
  fc.tuple(
    fc.stringMatching(/^[a-z/=-]{1,20}$/),
    fc.record({
      owner: fc.string({ unit: "binary" }),
      process: fc.stringMatching(/^\d+\.\d+\.\d*$/),
      token: fc.nat(),
      endsAtMs: fc.double({ min: 0, max: 1e12, noNaN: true }),
      leaseMs: fc.nat(),
      isFenced: fc.boolean(),
    }),
  ),
);

const anySnapshot = fc.record({
  previousBytes: fc.nat(),
  lastVersion: fc.nat(),
  lastToken: fc.nat(),
  features: fc.uniqueArray(fc.constantFrom<Feature>("lists", "fences lock", "fences named_lock")),
  bootId: fc.uuid(),
  leases,
});

test("a snapshot is read as it was written", () => {
  fc.assert(
    fc.property(anySnapshot, (snapshot) => {
      expect(snapshotOf(snapshotText(snapshot))).toEqual(snapshot);
    }),
  );
});

test.each(["", "x", "t", "tp\n1\n", `${turnText(head, "", "")}?`, `${turnText(head, "", "")}pk\n\n9\nshort`])(
  "%j is no turn",
  (record) => expect(() => readTurn(record, noting(), noting())).toThrow(DataDamagedError),
);
