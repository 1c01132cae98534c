import { expect, test } from "vitest";
import { LeaseWatch } from "./lease-watch.ts";
import type { LockRow } from "./row.ts";

function record(version: string): LockRow {
  return { kind: "lock", version, token: 1n, owner: "me", leaseMs: 500, fenced: true };
}

test("L6: a lease is over once its record was seen unchanged for as long as it is", () => {
  const watch = new LeaseWatch();
  const row = record("a");
  expect(watch.remainingMs("l", row, 1_000)).toBe(500);
  watch.saw("l", row, 1_000);
  watch.saw("l", row, 1_300);
  expect(watch.remainingMs("l", row, 1_499.5)).toBe(1);
  expect(watch.remainingMs("l", row, 1_500)).toBe(0);
});

test("L6: a record that changed is watched from its start again", () => {
  const watch = new LeaseWatch();
  watch.saw("l", record("a"), 1_000);
  watch.saw("l", record("b"), 1_499);
  expect(watch.remainingMs("l", record("b"), 1_500)).toBe(499);
  // What was seen of an earlier record says nothing of this one.
  expect(watch.remainingMs("l", record("c"), 9_000)).toBe(500);
});

test("a lock that is free is not watched", () => {
  const watch = new LeaseWatch();
  watch.saw("l", record("a"), 1_000);
  watch.saw("l", { ...record("b"), owner: undefined }, 1_100);
  expect(watch.last("l")).toBeUndefined();
});

test("O1: of more locks than are watched the longest watched is forgotten, and its lease begins anew", () => {
  const watch = new LeaseWatch();
  for (let i = 0; i <= 20_000; i++) watch.saw(`l${i}`, record("a"), i);
  expect(watch.last("l0")).toBeUndefined();
  expect(watch.remainingMs("l0", record("a"), 50_000)).toBe(500);
  expect(watch.remainingMs("l20000", record("a"), 50_000)).toBe(0);
});
