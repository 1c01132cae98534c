import type { Clock, Namespace } from "@acteon/core";
import { StateUnavailableError, systemClock } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import type { GroupResult, StateStore } from "@acteon/state";
import { get, stateKey, stateScope } from "@acteon/state";
import { openMemoryState } from "@acteon/state-memory";
import { expect, test } from "vitest";
import { MeteredStateStore } from "./metered-state-store.ts";

const name = { role: "state", backend: "fake" } as const;
const key = stateKey(stateScope("ns" as Namespace, undefined), "state", "a");
/** What was told of failures and answers, in order. */
const told: unknown[] = [];
const portsWith = (clock: Clock) => ({
  clock,
  outage: {
    failed: (error: StateUnavailableError) => void told.push(error),
    answered: () => void told.push("answered"),
  },
});
const ports = portsWith(systemClock);
const signal = new AbortController().signal;

test("an answer at once is timed and stays a list, so that nobody waits a turn for it", () => {
  const clock = createFakeClock(0);
  const results: readonly GroupResult[] = [{ kind: "done", results: [{ kind: "absent" }] }];
  const store = fakeStore(() => {
    clock.advance(3);
    return results;
  });
  const metered = new MeteredStateStore(store, name, portsWith(clock));
  expect(metered.apply([[{ op: "get", key }], [{ op: "get", key }]], { signal })).toBe(results);
  expect(told.splice(0)).toEqual(["answered"]);
  expect(metered.metrics()).toMatchObject({ calls: 1, groups: 2, errors: {}, roundTrips: { sumMs: 3 } });
});

test("an answer that comes later is timed until it is there", async () => {
  const clock = createFakeClock(0);
  const { promise, resolve } = Promise.withResolvers<readonly GroupResult[]>();
  const metered = new MeteredStateStore(
    fakeStore(() => promise),
    name,
    portsWith(clock),
  );
  const answer = metered.apply([], { signal });
  expect(answer).toBe(promise);
  clock.advance(40);
  resolve([]);
  await answer;
  expect(told.splice(0)).toEqual(["answered"]);
  expect(metered.metrics().roundTrips.sumMs).toBe(40);
});

test("no answer is counted by its code, thrown or rejected or in mid-scan, and is no round trip", async () => {
  const away = new StateUnavailableError("away");
  const throwing = new MeteredStateStore(
    fakeStore(() => {
      throw away;
    }),
    name,
    ports,
  );
  expect(() => throwing.apply([], { signal })).toThrow(away);
  const rejecting = new MeteredStateStore(
    fakeStore(() => Promise.reject(away)),
    name,
    ports,
  );
  await expect(rejecting.apply([], { signal })).rejects.toBe(away);
  await expect(Array.fromAsync(rejecting.scan({ kind: "state" }, { signal }))).rejects.toThrow("a bug");
  expect(told.splice(0), "a bug is no outage").toEqual([away, away]);
  expect(throwing.metrics().errors).toEqual({ state_unavailable: 1 });
  expect(rejecting.metrics()).toMatchObject({
    errors: { state_unavailable: 1, internal: 1 },
    roundTrips: { sumMs: 0 },
  });
});

test("it offers what the store offers, and closes it", async () => {
  await using memory = openMemoryState({ clock: systemClock });
  const metered = new MeteredStateStore(memory, name, ports);
  expect(metered.watch === undefined).toBe(!memory.capabilities.watch);
  expect(metered.connections).toBeUndefined();
  expect(await get(metered, key, { signal })).toBeUndefined();
  const pooled = fakeStore(() => []);
  const counts = { open: 1, busy: 0, waiting: 0, max: 4 };
  const over = new MeteredStateStore({ ...pooled, connections: () => counts }, name, ports);
  expect(over.metrics().connections).toEqual(counts);
  await over[Symbol.asyncDispose]();
  expect(pooled.closed).toEqual([true]);
});

function fakeStore(apply: StateStore["apply"]): StateStore & { readonly closed: readonly boolean[] } {
  const closed: boolean[] = [];
  return {
    durability: "host",
    capabilities: { locks: true, watch: false },
    closed,
    apply,
    // oxlint-disable-next-line require-yield -- breaks off before its first entry
    async *scan() {
      throw new TypeError("a bug");
    },
    [Symbol.asyncDispose]: () => {
      closed.push(true);
      return Promise.resolve();
    },
  };
}
