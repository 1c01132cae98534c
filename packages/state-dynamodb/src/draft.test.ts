import type { Namespace } from "@acteon/core";
import { stateKey, stateScope } from "@acteon/state";
import type { StateGroup, StateOperation, Version } from "@acteon/state";
import { describe, expect, test } from "vitest";
import { draft } from "./draft.ts";
import type { Facts, Touched } from "./draft.ts";
import { LeaseWatch } from "./lease-watch.ts";
import { RecentCounts } from "./recent-counts.ts";
import { forGoodMs } from "./row.ts";
import type { Row } from "./row.ts";
import { placeOf } from "./table-layout.ts";

const scope = stateScope("orders" as Namespace, undefined);
const key = stateKey(scope, "state", "a");
const other = stateKey(scope, "state", "b");
const lock = stateKey(scope, "named_lock", "l");
const nowMs = 1_000_000;

function drafted(groups: readonly StateGroup[], facts: Facts = new Map(), leases = new LeaseWatch()) {
  let versions = 0;
  return draft(groups, facts, {
    leases,
    counts: new RecentCounts(),
    nextVersion: () => `new${versions++}`,
    nowMs,
    monotonicMs: 5_000,
  });
}

function known(...rows: readonly (readonly [typeof key, Row | undefined])[]): Facts {
  return new Map(rows.map(([at, row]) => [placeOf(at).id, { row }]));
}

function value(text: string, expiresAtMs = forGoodMs): Row {
  return { kind: "value", version: "old", parts: 0, expiresAtMs, value: text };
}

const held: Row = { kind: "lock", version: "old", token: 7n, owner: "me", leaseMs: 500, fenced: true };

/** What a draft of one group asks and writes. */
function plan(groups: readonly StateGroup[], facts?: Facts) {
  const outcome = drafted(groups, facts);
  if (outcome.kind === "unread") return outcome.kind;
  return outcome.touched.map(({ condition, changed, after }: Touched) => [
    condition.kind,
    changed ? after : "as it is",
  ]);
}

describe("where nothing is known, an operation assumes what it usually finds", () => {
  const version = "v1" as Version;
  test.each<[StateOperation, string, object | undefined]>([
    [{ op: "set", key, value: "x" }, "any", { value: "x" }],
    [{ op: "checkAndSet", key, value: "x" }, "vacant", { value: "x" }],
    [{ op: "compareAndSwap", key, expected: "absent", value: "x" }, "vacant", { value: "x" }],
    [{ op: "compareAndSwap", key, expected: version, value: "x" }, "liveVersion", { value: "x" }],
    [{ op: "delete", key }, "live", undefined],
    [{ op: "delete", key, expected: version }, "liveVersion", undefined],
    [{ op: "increment", key, delta: 3 }, "missing", { value: "3" }],
    [{ op: "append", key, value: "m" }, "missing", { values: ["m"] }],
    [{ op: "acquire", lock, owner: "me", leaseMs: 500 }, "missing", { owner: "me", token: 1_000_000_000n }],
    [{ op: "indexDue", index: "retry", key, dueAtMs: 5 }, "any", { dueAtMs: 5 }],
    [{ op: "unindexDue", index: "retry", key }, "there", undefined],
  ])("%o: %s", (operation, condition, after) => {
    expect(plan([[operation]])).toEqual([[condition, after && expect.objectContaining(after)]]);
  });

  test.each<StateOperation>([
    { op: "get", key },
    { op: "members", key },
    { op: "extend", lock, owner: "me", leaseMs: 500 },
    { op: "release", lock, owner: "me" },
  ])("but for $op, whose item has to be read", (operation) => {
    expect(plan([[operation]])).toBe("unread");
  });
});

describe("what is known", () => {
  test("is a condition of whatever rests on it, written or not", () => {
    const facts = known([key, value("1")], [other, undefined]);
    const group: StateGroup = [
      { op: "get", key },
      { op: "checkAndSet", key: other, value: "x" },
    ];
    expect(plan([group], facts)).toEqual([
      ["unchanged", "as it is"],
      ["missing", expect.objectContaining({ value: "x" })],
    ]);
  });

  test("and is over is absent, and still the item that is written over", () => {
    expect(plan([[{ op: "checkAndSet", key, value: "x" }]], known([key, value("1", nowMs)]))).toEqual([
      ["unchanged", expect.objectContaining({ value: "x" })],
    ]);
  });

  test("refuses, and then nothing of its group is written", () => {
    const group: StateGroup = [
      { op: "set", key: other, value: "x" },
      { op: "checkAndSet", key, value: "y" },
    ];
    const outcome = drafted([group], known([key, value("there")]));
    expect(outcome).toMatchObject({
      results: [{ kind: "refused", at: 1, found: { kind: "found", value: "there", version: "old" } }],
      touched: [{ changed: false }, { changed: false }],
    });
  });

  test("of a lock frees it once its lease was watched for as long as it is (L6), for a larger token (L2)", () => {
    const leases = new LeaseWatch();
    const acquire: StateGroup = [{ op: "acquire", lock, owner: "you", leaseMs: 500 }];
    const facts = known([lock, held]);
    leases.saw(placeOf(lock).id, { ...held } as Extract<Row, { kind: "lock" }>, 4_501);
    expect(drafted([acquire], facts, leases)).toMatchObject({ results: [{ found: { kind: "held", remainingMs: 1 } }] });
    const watched = new LeaseWatch();
    watched.saw(placeOf(lock).id, { ...held } as Extract<Row, { kind: "lock" }>, 4_500);
    expect(drafted([acquire], facts, watched)).toMatchObject({
      results: [{ kind: "done", results: [{ kind: "acquired", token: 8n }] }],
      touched: [{ condition: { kind: "unchanged" }, after: { owner: "you", token: 8n, fenced: true } }],
    });
  });

  test("of a fenced lock keeps its token over a release, and nothing of another", () => {
    const release: StateGroup = [{ op: "release", lock, owner: "me" }];
    expect(plan([release], known([lock, held]))).toEqual([
      ["unchanged", expect.objectContaining({ owner: undefined, token: 7n })],
    ]);
    expect(plan([release], known([lock, { ...held, fenced: false }]))).toEqual([["unchanged", undefined]]);
  });
});

describe("groups that share an item", () => {
  test("count one after another, in one write", () => {
    const hit: StateGroup = [{ op: "increment", key, delta: 1, atMost: 2 }];
    const outcome = drafted([hit, hit, hit]);
    expect(outcome).toMatchObject({
      results: [
        { kind: "done", results: [{ count: 1 }] },
        { kind: "done", results: [{ count: 2 }] },
        { kind: "refused", found: { kind: "counted", count: 2 } },
      ],
      touched: [{ condition: { kind: "missing" }, after: { value: "2" } }],
    });
  });

  test("see what the one before wrote, and not what was refused", () => {
    const refused: StateGroup = [
      { op: "set", key: other, value: "taken back" },
      { op: "checkAndSet", key, value: "second" },
    ];
    const outcome = drafted(
      [[{ op: "checkAndSet", key, value: "first" }], refused, [{ op: "get", key: other }]],
      known([other, value("before")]),
    );
    expect(outcome).toMatchObject({
      results: [
        { kind: "done" },
        { kind: "refused", at: 1, found: { value: "first" } },
        { kind: "done", results: [{ value: "before" }] },
      ],
    });
  });

  test("that assume different things of one item have it read", () => {
    const groups: StateGroup[] = [[{ op: "delete", key }], [{ op: "set", key, value: "x" }]];
    expect(plan(groups)).toEqual([["live", expect.objectContaining({ value: "x" })]]);
    const fenced = { lock, token: 5n };
    expect(
      plan([[{ op: "set", key, value: "x", fence: fenced }], [{ op: "acquire", lock, owner: "me", leaseMs: 500 }]]),
    ).toBe("unread");
  });
});

describe("a fence (L3)", () => {
  const fence = { lock, token: 6n };
  const write: StateGroup = [{ op: "checkAndSet", key, value: "x", fence }];

  test("is asked of the lock's item in the same transaction", () => {
    expect(plan([write])).toEqual([
      ["tokenAtMost", "as it is"],
      ["vacant", expect.objectContaining({ value: "x" })],
    ]);
  });

  test("refuses before anything else of its operation", () => {
    expect(drafted([write], known([lock, held], [key, value("there")]))).toMatchObject({
      results: [{ kind: "refused", at: 0, found: { kind: "staleToken", token: 7n } }],
    });
  });
});
