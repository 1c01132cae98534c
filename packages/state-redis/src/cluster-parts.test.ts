import type { Namespace, TenantId } from "@acteon/core";
import { stateKey, stateScope } from "@acteon/state";
import type { GroupResult, StateGroup, StateOperation } from "@acteon/state";
import { expect, test } from "vitest";
import { cutByScope, joinResults } from "./cluster-parts.ts";

const get = (tenant: string, id: string): StateOperation => ({ op: "get", key: keyOf(tenant, id) });
const set = (tenant: string, id: string): StateOperation => ({ op: "set", key: keyOf(tenant, id), value: id });

function keyOf(tenant: string, id: string) {
  return stateKey(stateScope("n" as Namespace, tenant as TenantId), "state", id);
}

test("a call is cut by tenant, each part in the order of the call, and joined again", () => {
  const groups: readonly StateGroup[] = [
    [set("a", "1")],
    [set("b", "2"), get("b", "3")],
    [],
    [get("b", "4"), set("a", "5"), get("b", "6")],
    [set("a", "7")],
  ];
  const parts = cutByScope(groups);
  expect(parts.map((part) => part.groups)).toEqual([
    [[set("a", "1")], [set("a", "5")], [set("a", "7")]],
    [
      [set("b", "2"), get("b", "3")],
      [get("b", "4"), get("b", "6")],
    ],
  ]);
  const results = parts.map((part) => part.groups.map((group) => doneWith(group)));
  expect(joinResults(groups, parts, results)).toEqual(groups.map((group) => doneWith(group)));
});

test("the part of a group that is refused refuses the group, at its place in it", () => {
  const groups: readonly StateGroup[] = [[get("b", "1"), set("a", "2"), get("b", "3")]];
  const parts = cutByScope(groups);
  const refused = { kind: "refused", at: 0, found: { kind: "absent" } } as const;
  const read = doneWith([get("b", "1"), get("b", "3")]);
  const resultsOf = (part: (typeof parts)[number]) => [part.scope.tenant === "a" ? refused : read];
  for (const ordered of [parts, parts.toReversed()])
    expect(joinResults(groups, ordered, ordered.map(resultsOf))).toEqual([{ ...refused, at: 1 }]);
});

/** A result by which its operation can be told. */
function doneWith(group: StateGroup): GroupResult {
  return {
    kind: "done",
    results: group.map((operation) => ({ kind: "list", values: ["key" in operation ? operation.key.text : ""] })),
  };
}
