import type { Namespace } from "@acteon/core";
import { stateKey, stateScope } from "@acteon/state";
import type { StateGroup } from "@acteon/state";
import { describe, expect, test } from "vitest";
import { chainsOf, claimOf } from "./bundles.ts";
import { placeOf } from "./table-layout.ts";

const scope = stateScope("orders" as Namespace, undefined);
const key = (name: string) => stateKey(scope, "state", name);
const lock = stateKey(scope, "named_lock", "l");
const set = (name: string, value = "x") => ({ op: "set", key: key(name), value }) as const;
const hit = (name: string) => ({ op: "increment", key: key(name), delta: 1 }) as const;

/** The places of the groups in their call, by chain and bundle. */
function shape(groups: readonly StateGroup[]) {
  return chainsOf(groups).map((chain) => chain.map(({ at }) => at));
}

describe("groups of a call", () => {
  test("that share nothing go at the same time", () => {
    expect(shape([[set("a")], [set("b")], [], [set("c"), set("d")]])).toEqual([[[0]], [[1]], [[2]], [[3]]]);
  });

  test("that share an item go together, also by way of a third, in their order", () => {
    expect(shape([[set("a")], [set("x")], [set("b")], [set("b"), set("a")]])).toEqual([[[0, 2, 3]], [[1]]]);
  });

  test("that name one lock, as theirs or in a fence, go together", () => {
    const fence = { lock, token: 1n };
    expect(shape([[{ ...set("a"), fence }], [{ ...set("b"), fence }], [{ op: "release", lock, owner: "me" }]])).toEqual(
      [[[0, 1, 2]]],
    );
  });

  test("a record and the due time of its key are two items", () => {
    expect(shape([[set("a")], [{ op: "indexDue", index: "retry", key: key("a"), dueAtMs: 1 }]])).toEqual([
      [[0]],
      [[1]],
    ]);
  });

  test("who takes what is due goes alone, between those who index before and after", () => {
    const index = (name: string): StateGroup => [{ op: "indexDue", index: "retry", key: key(name), dueAtMs: 1 }];
    const take: StateGroup = [{ op: "takeDue", index: "retry", nowMs: 1, limit: 1, holdMs: 0 }];
    expect(shape([index("a"), index("b"), take, index("c")])).toEqual([[[0, 1], [2], [3]]]);
    expect(shape([index("a"), index("b")])).toEqual([[[0]], [[1]]]);
  });

  test("that are more than a transaction takes are cut, whole, and stay in order", () => {
    const groups = Array.from({ length: 60 }, (_, i): StateGroup => [hit("n"), set(`a${i}`), set(`b${i}`)]);
    const [chain = []] = chainsOf(groups);
    expect(chain.flatMap(({ at }) => at)).toEqual(groups.map((_, i) => i));
    for (const bundle of chain) expect(bundle.groups.flat().length).toBeLessThanOrEqual(100);
    const large = "x".repeat(1_000_000);
    expect(shape([[set("a", large)], [set("a", large)], [set("a")]])).toEqual([[[0], [1, 2]]]);
  });
});

test("a claim tells readers from writers, and lets the server count for many at a time", () => {
  const claim = (...groups: StateGroup[]) => {
    const [chain = []] = chainsOf(groups);
    const { reads, writes } = claimOf(chain);
    return [reads, writes].map((ids) => [...ids].map((id) => id.split("\n")[1]));
  };
  const sk = (name: string) => placeOf(key(name)).sk;
  expect(claim([{ op: "get", key: key("a") }, set("b")])).toEqual([[sk("a")], [sk("b")]]);
  expect(claim([hit("n")])).toEqual([[sk("n")], []]);
  expect(claim([hit("n"), set("b")])).toEqual([[], [sk("n"), sk("b")]]);
  expect(claim([{ ...set("b"), fence: { lock, token: 1n } }])).toEqual([[placeOf(lock).sk], [sk("b")]]);
});
