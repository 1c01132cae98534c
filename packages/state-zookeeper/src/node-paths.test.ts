import type { Namespace, TenantId } from "@acteon/core";
import { stateKey, stateScope, toZooKeeperPath } from "@acteon/state";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  comesAndGoes,
  dueEntryPath,
  duePath,
  dueTimeOf,
  entryOfLife,
  fencePath,
  keyOfEntry,
  keyOfPath,
  keyPath,
  lifePath,
} from "./node-paths.ts";

const part = fc.string({ unit: "binary", maxLength: 200 }).filter((value) => value.isWellFormed());
const absentOr = fc.option(part, { nil: undefined });
const key = fc
  .tuple(part, absentOr, absentOr, absentOr, fc.boolean())
  .map(([namespace, tenant, first, second, isLock]) => {
    const scope = stateScope(namespace as Namespace, tenant as TenantId | undefined);
    return isLock ? stateKey(scope, "lock", first, second) : stateKey(scope, "state", first);
  });

const id = "0123456789abcdef2s";

test("K1, K5: the path of a key is the layout's, below whatever root, and gives the key back", () => {
  fc.assert(
    fc.property(key, (each) => {
      const path = keyPath("/chroot/acteon", each);
      expect(path).toBe(`/chroot${toZooKeeperPath(each, "acteon")}`);
      const isCollapsed = each.text !== each.fullText;
      expect(keyOfPath("/chroot/acteon", path)).toEqual(isCollapsed ? undefined : each);
      expect(keyOfEntry("/chroot/acteon", path, isCollapsed ? each.fullText : "")).toEqual(each);
      expect(keyOfPath("/chroot/acteon", lifePath(path, "a1"))).toBeUndefined();
      expect(entryOfLife(lifePath(path, id))).toBe(path);
    }),
  );
});

test("a life is told from the entry, and from the lives and nodes of what lies beside it", () => {
  const path = "/acteon/orders/acme/lock/l";
  const others = [path, fencePath(path), duePath(path, "timeout"), dueEntryPath("/acteon", "timeout", path, 1)];
  expect([...others, lifePath(fencePath(path), id)].filter(entryOfLife)).toEqual([]);
});

test("the names of an index are in the order of their times, which they give back", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
      const [nameA = "", nameB = ""] = [a, b].map((at) =>
        dueEntryPath("/acteon", "retry", "/acteon/k", at).split("/").at(-1),
      );
      expect(dueTimeOf(nameA)).toBe(a);
      expect(Math.sign(nameA.localeCompare(nameB))).toBe(Math.sign(a - b));
    }),
  );
});

test("folders of keys and of waiters come and go; those that every client needs stay", () => {
  for (const folder of ["/c/acteon/orders", "/c/acteon/orders/=-/lock", "/c/acteon/#queue/ABC"])
    expect(comesAndGoes("/c/acteon", folder), folder).toBe(true);
  for (const folder of [
    "/c",
    "/c/acteon",
    "/c/acteon/#due",
    "/c/acteon/#due/retry",
    "/c/acteon/#queue",
    "/c/acteon/#clients",
  ])
    expect(comesAndGoes("/c/acteon", folder), folder).toBe(false);
});
