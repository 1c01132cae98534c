import { systemClock } from "@acteon/core";
import { stateKey } from "@acteon/state";
import type { GroupResult, StateGroup, StateKey, StateOperation } from "@acteon/state";
import { openMemoryState } from "@acteon/state-memory";
import { serverOrSkip, startEtcd } from "@acteon/test-servers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { acme, etcdSpace } from "./etcd-space.ts";

const cluster = serverOrSkip("etcd", startEtcd);
const { signal } = new AbortController();

test("calls of many groups on few keys are answered as by a store that does one thing after the other", async () => {
  const property = fc.asyncProperty(fc.array(anyCall, { minLength: 1, maxLength: 8 }), async (calls) => {
    const space = etcdSpace(cluster());
    await using first = await space.connect();
    await using second = await space.connect();
    await using memory = openMemoryState({ clock: systemClock });
    for (const [i, groups] of calls.entries()) {
      const given = await (i % 2 === 0 ? first : second).apply(groups, { signal });
      expect(given.map(comparable)).toEqual(memory.apply(groups, { signal }).map(comparable));
    }
  });
  await fc.assert(property, { numRuns: 25, seed: 20_260_102 });
});

test("calls that are under way at the same time on the same keys are each whole, and together add up", async () => {
  await using store = await etcdSpace(cluster()).connect();
  const keys = ["a", "b", "c"].map((name) => stateKey(acme, "counter", name, undefined));
  const pairs = keys.flatMap((from) => keys.filter((to) => to !== from).map((to) => [from, to] as const));
  const calls = Array.from({ length: 20 }, () =>
    store.apply(
      pairs.map(([from, to]): StateGroup => [
        { op: "increment", key: from, delta: -1 },
        { op: "increment", key: to, delta: 1 },
      ]),
      { signal },
    ),
  );
  for (const results of await Promise.all(calls)) expect(results.every(({ kind }) => kind === "done")).toBe(true);
  const [look] = await store.apply([keys.map((key) => ({ op: "get", key }) as const)], { signal });
  expect(look).toMatchObject({ results: [{ value: "0" }, { value: "0" }, { value: "0" }] });
});

const name = fc.constantFrom("a", "b", "c");
const text = fc.constantFrom("x", "7");
const anyOperation: fc.Arbitrary<{ readonly place: string; readonly operation: StateOperation }> = fc.oneof(
  fc.tuple(name, text, fc.constantFrom("get", "set", "checkAndSet", "delete", "increment")).map(([id, value, op]) => {
    const key = stateKey(acme, "state", id);
    return { place: `value ${id}`, operation: valueOperation(op, key, value) };
  }),
  fc.tuple(name, fc.constantFrom("append", "members", "delete")).map(([id, op]) => {
    const key = stateKey(acme, "parked", id);
    const operation = op === "append" ? ({ op, key, value: "m", atMost: 3 } as const) : ({ op, key } as const);
    return { place: `list ${id}`, operation };
  }),
  fc
    .tuple(name, fc.constantFrom("me", "you"), fc.constantFrom("acquire", "extend", "release"))
    .map(([id, owner, op]) => {
      const lease = { lock: stateKey(acme, "named_lock", id), owner };
      const operation = op === "release" ? ({ op, ...lease } as const) : ({ op, ...lease, leaseMs: 600_000 } as const);
      return { place: `lock ${id}`, operation };
    }),
  fc.tuple(name, fc.nat({ max: 3 }), fc.boolean()).map(([id, dueAtMs, remove]) => {
    const due = { index: "retry", key: stateKey(acme, "state", id) } as const;
    const operation = remove ? ({ op: "unindexDue", ...due } as const) : ({ op: "indexDue", ...due, dueAtMs } as const);
    return { place: `due ${id}`, operation };
  }),
);
const anyGroup: fc.Arbitrary<StateGroup> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .uniqueArray(anyOperation, { minLength: 1, maxLength: 4, selector: ({ place }) => place })
      .map((drawn) => drawn.map(({ operation }) => operation)),
  },
  {
    weight: 1,
    arbitrary: fc.constant<StateGroup>([{ op: "takeDue", index: "retry", nowMs: 2, limit: 1, holdMs: 0 }]),
  },
);
const anyCall = fc.array(anyGroup, { minLength: 1, maxLength: 12 });

function valueOperation(
  op: "get" | "set" | "checkAndSet" | "delete" | "increment",
  key: StateKey,
  value: string,
): StateOperation {
  if (op === "increment") return { op, key, delta: 1, atMost: 9 };
  return op === "get" || op === "delete" ? { op, key } : { op, key, value };
}

/** A result without versions, tokens, lives, and which of several entries that are due at one time comes first. */
function comparable(result: GroupResult): unknown {
  const plain = ({ ...answer }: object): object => {
    const { version: _, token: __, remainingMs: ___, ...rest } = answer as Record<string, unknown>;
    if (Array.isArray(rest["entries"]))
      return { ...rest, entries: (rest["entries"] as { dueAtMs: number }[]).map(({ dueAtMs }) => dueAtMs) };
    return rest;
  };
  return result.kind === "done"
    ? { kind: "done", results: result.results.map(plain) }
    : { ...result, found: plain(result.found) };
}
