import fc from "fast-check";
import type { StateScope } from "../state-key.ts";
import type { Fence, StateGroup, StateOperation, Version } from "../state-store.ts";
import { listKey, lockName, longMs, valueKey } from "./fixtures.ts";
import type { ModelStore } from "./model-store.ts";

/** Few, so that operations meet. */
export const keyNames = ["a", "b", "c"] as const;

/** A group, once it is known what versions and tokens there have been. */
export type GroupDraft = (scope: StateScope, model: ModelStore) => StateGroup;

interface Draft {
  /** What it is about: a group has no two operations on one place. */
  readonly place: string;
  readonly fenced: boolean;
  readonly operation: (scope: StateScope, model: ModelStore) => StateOperation;
}

/** The lock that fences name. */
const fenceLock = "a";

const name = fc.constantFrom(...keyNames);
const value = fc.constantFrom("x", "y", "7", "");
/** Which of the versions or tokens that were given out. */
const which = fc.constantFrom("first", "last", "none", "none");

/** Groups of up to five operations on different places, or a look at what is due. With the TTLs and leases given, and long ones. */
export function anyGroup({
  ttlsMs,
  leasesMs,
}: {
  readonly ttlsMs: readonly number[];
  readonly leasesMs: readonly number[];
}): fc.Arbitrary<GroupDraft> {
  const ttlMs = fc.constantFrom(undefined, longMs, ...ttlsMs);
  const leaseMs = fc.constantFrom(longMs, ...leasesMs);
  const draft = fc.oneof(
    { weight: 6, arbitrary: valueDraft(ttlMs) },
    { weight: 1, arbitrary: listDraft(ttlMs) },
    { weight: 3, arbitrary: leaseDraft(leaseMs) },
    { weight: 1, arbitrary: dueDraft },
  );
  const operations = fc
    .uniqueArray(draft, { minLength: 1, maxLength: 5, selector: ({ place }) => place })
    .map((drafts): GroupDraft => {
      // Whether a fence sees what its own group does to its lock is nobody's promise.
      const fenced = drafts.some((each) => each.fenced);
      const kept = drafts
        .filter(({ place }) => !(fenced && place === `lock ${fenceLock}`))
        // A lock stands before what is written under it.
        .toSorted((a, b) => Number(b.place.startsWith("lock")) - Number(a.place.startsWith("lock")));
      return (scope, model) => kept.map(({ operation }) => operation(scope, model));
    });
  return fc.oneof({ weight: 9, arbitrary: operations }, { weight: 1, arbitrary: look });
}

const look = fc.record({ nowMs: fc.nat({ max: 40 }), holdMs: fc.constantFrom(0, 10) }).map((due): GroupDraft => () => [
  { op: "takeDue", index: "retry", limit: 10, ...due },
]);

const valueOperations = fc.constantFrom("get", "set", "delete", "checkAndSet", "increment", "compareAndSwap");

function valueDraft(ttlMs: fc.Arbitrary<number | undefined>): fc.Arbitrary<Draft> {
  return fc
    .record({
      name,
      op: valueOperations,
      ttlMs,
      value,
      version: which,
      token: which,
      delta: fc.integer({ min: -2, max: 4 }),
      atMost,
    })
    .map((drawn) => ({
      place: `value ${drawn.name}`,
      fenced: drawn.token !== "none",
      operation: (scope, model) => valueOperation(drawn, scope, model),
    }));
}

const atMost = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined });

function valueOperation(
  drawn: {
    readonly name: string;
    readonly op: "get" | "set" | "delete" | "checkAndSet" | "increment" | "compareAndSwap";
    readonly ttlMs: number | undefined;
    readonly value: string;
    readonly version: "first" | "last" | "none";
    readonly token: "first" | "last" | "none";
    readonly delta: number;
    readonly atMost: number | undefined;
  },
  scope: StateScope,
  model: ModelStore,
): StateOperation {
  const key = valueKey(drawn.name, scope);
  const fence = fenceOf(drawn.token, scope, model);
  const version: Version | undefined = chosen(drawn.version, model.versions.get(key.text));
  const { ttlMs, delta } = drawn;
  switch (drawn.op) {
    case "get":
      return { op: "get", key };
    case "set":
    case "checkAndSet":
      return { op: drawn.op, key, value: drawn.value, ttlMs, fence };
    case "delete":
      return { op: "delete", key, expected: version, fence };
    case "increment":
      return { op: "increment", key, delta, ttlMs, atMost: drawn.atMost, fence };
    case "compareAndSwap":
      return { op: "compareAndSwap", key, expected: version ?? "absent", value: drawn.value, ttlMs, fence };
  }
}

function listDraft(ttlMs: fc.Arbitrary<number | undefined>): fc.Arbitrary<Draft> {
  return fc
    .record({ name, ttlMs, value, token: which, atMost, op: fc.constantFrom("append", "members", "delete") })
    .map((drawn) => ({
      place: `list ${drawn.name}`,
      fenced: drawn.token !== "none",
      operation: (scope, model) => {
        const key = listKey(drawn.name, scope);
        if (drawn.op !== "append") return { op: drawn.op, key };
        const { value: member, ttlMs: life, atMost: limit } = drawn;
        const fence = fenceOf(drawn.token, scope, model);
        return { op: "append", key, value: member, ttlMs: life, atMost: limit, fence };
      },
    }));
}

function leaseDraft(leaseMs: fc.Arbitrary<number>): fc.Arbitrary<Draft> {
  const op = fc.constantFrom("acquire", "acquire", "release", "release", "extend");
  // Mostly one owner of one lock, or hardly any lock would be held twice in a run.
  const lease = {
    name: fc.constantFrom(fenceLock, fenceLock, ...keyNames),
    op,
    owner: fc.constantFrom("me", "me", "you"),
    leaseMs,
  };
  return fc.record(lease).map((drawn) => ({
    place: `lock ${drawn.name}`,
    fenced: false,
    operation: (scope) => {
      const lease = { lock: lockName(drawn.name, scope), owner: drawn.owner };
      if (drawn.op === "release") return { op: "release", ...lease };
      if (drawn.op === "extend") return { op: "extend", ...lease, leaseMs: drawn.leaseMs };
      return { op: "acquire", ...lease, leaseMs: drawn.leaseMs, fenced: true };
    },
  }));
}

const dueDraft: fc.Arbitrary<Draft> = fc
  .record({ name, dueAtMs: fc.nat({ max: 20 }), remove: fc.boolean() })
  .map((drawn) => ({
    place: `due ${drawn.name}`,
    fenced: false,
    operation: (scope) => {
      const key = valueKey(drawn.name, scope);
      if (drawn.remove) return { op: "unindexDue", index: "retry", key };
      return { op: "indexDue", index: "retry", key, dueAtMs: drawn.dueAtMs };
    },
  }));

function fenceOf(token: "first" | "last" | "none", scope: StateScope, model: ModelStore): Fence | undefined {
  const lock = lockName(fenceLock, scope);
  const found = chosen(token, model.tokens.get(lock.text));
  return found === undefined ? undefined : { lock, token: found };
}

function chosen<Given>(choice: "first" | "last" | "none", given: readonly Given[] = []): Given | undefined {
  if (choice === "none") return undefined;
  return choice === "first" ? given[0] : given.at(-1);
}
