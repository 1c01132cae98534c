import { StateUnavailableError } from "@acteon/core";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import { openMemoryState } from "@acteon/state-memory";
import { describe, expect, test } from "vitest";
import { countKey, lockName, valueKey } from "../conformance/fixtures.ts";
import type { GroupResult, StateGroup } from "../state-store.ts";
import { createFaultyStore } from "./faulty-store.ts";
import type { FaultPlan, FaultyClient } from "./faulty-store.ts";

const { signal } = new AbortController();
const fair: FaultPlan = {
  lostRequest: 0,
  lostReply: 0,
  lateRequest: 0,
  delayMs: { least: 1, most: 5 },
  timeoutMs: 100,
};
const group: StateGroup = [{ op: "increment", key: countKey("n"), delta: 1 }];

function openBench(plan: Partial<FaultPlan> = {}, seed = 1) {
  const clock = createFakeClock();
  const store = openMemoryState({ clock });
  const faulty = createFaultyStore(store, { clock, random: createSeededRandom(seed), plan: { ...fair, ...plan } });
  const count = (): unknown => store.apply([[{ op: "get", key: countKey("n") }]], { signal })[0];
  return { clock, store, faulty, count };
}

/** What became of a call by now. */
function watched(call: Promise<readonly GroupResult[]>): { outcome: string } {
  const seen = { outcome: "waiting" };
  call.then(
    () => (seen.outcome = "answered"),
    (error: unknown) => (seen.outcome = error instanceof StateUnavailableError ? "unavailable" : String(error)),
  );
  return seen;
}

const counted = { kind: "done", results: [{ kind: "found", value: "1" }] };
const absent = { kind: "done", results: [{ kind: "absent" }] };

describe("the faulty store (T4)", () => {
  test("answers within twice the delay when nothing goes wrong", async () => {
    const { clock, faulty, count } = openBench();
    const seen = watched(faulty.connect().apply([group], { signal }));
    await clock.advanceAsync(0.5);
    expect(count()).toEqual(absent);
    await clock.advanceAsync(9.5);
    expect(seen.outcome).toBe("answered");
    expect(count()).toMatchObject(counted);
    expect(clock.nextDueMs()).toBeUndefined();
  });

  test.each([
    ["a request", { lostRequest: 1 }, absent],
    ["a reply", { lostReply: 1 }, counted],
  ])("loses %s: the caller gives up at its time-out either way", async (_, plan, found) => {
    const { clock, faulty, count } = openBench(plan);
    const seen = watched(faulty.connect().apply([group], { signal }));
    await clock.advanceAsync(99);
    expect(seen.outcome).toBe("waiting");
    await clock.advanceAsync(1);
    expect(seen.outcome).toBe("unavailable");
    await clock.advanceAsync(1_000);
    expect(count()).toMatchObject(found);
  });

  test("carries a late request out after its caller has given up", async () => {
    const { clock, faulty, count } = openBench({ lateRequest: 1 });
    const seen = watched(faulty.connect().apply([group], { signal }));
    await clock.advanceAsync(100.5);
    expect(seen.outcome).toBe("unavailable");
    expect(count()).toEqual(absent);
    await clock.advanceAsync(5);
    expect(count()).toMatchObject(counted);
  });

  test("does not see what a caller does to its groups after it has sent them", async () => {
    const { clock, faulty, store } = openBench();
    const operation = { op: "set", key: valueKey("a"), value: "sent" } as const;
    const groups: StateGroup[] = [[operation]];
    const call = faulty.connect().apply(groups, { signal });
    Object.assign(operation, { value: "changed" });
    groups.length = 0;
    await clock.advanceAsync(10);
    await call;
    expect(store.apply([[{ op: "get", key: valueKey("a") }]], { signal })).toMatchObject([
      { results: [{ value: "sent" }] },
    ]);
  });

  test("keeps a partitioned client alone, and the others not", async () => {
    const { clock, faulty, count } = openBench();
    const [alone, other] = [faulty.connect(), faulty.connect()];
    alone.partitioned = true;
    const seen = watched(alone.apply([group], { signal }));
    const seenByOther = watched(other.apply([[{ op: "get", key: countKey("n") }]], { signal }));
    await clock.advanceAsync(100);
    expect([seen.outcome, seenByOther.outcome]).toEqual(["unavailable", "answered"]);
    expect(count()).toEqual(absent);
    alone.partitioned = false;
    const again = watched(alone.apply([group], { signal }));
    await clock.advanceAsync(10);
    expect(again.outcome).toBe("answered");
  });

  test("loses the reply to a client that is cut off after its request arrived", async () => {
    const { clock, faulty, count } = openBench({ delayMs: { least: 5, most: 5 } });
    const client = faulty.connect();
    const seen = watched(client.apply([group], { signal }));
    await clock.advanceAsync(6);
    client.partitioned = true;
    await clock.advanceAsync(100);
    expect(seen.outcome).toBe("unavailable");
    expect(count()).toMatchObject(counted);
  });

  test("never answers a client that has crashed, and carries out what it had sent", async () => {
    const { clock, faulty, count } = openBench();
    const client = faulty.connect();
    const before = watched(client.apply([group], { signal }));
    client.crash();
    const after = watched(client.apply([group], { signal }));
    await clock.advanceAsync(10_000);
    expect([before.outcome, after.outcome]).toEqual(["waiting", "waiting"]);
    expect(count()).toMatchObject(counted);
  });

  test("gives a scan as one answer, or none", async () => {
    const { clock, faulty, store } = openBench();
    store.apply([[{ op: "set", key: valueKey("a"), value: "x" }]], { signal });
    const client = faulty.connect();
    const scanned = Array.fromAsync(client.scan({ kind: "state" }, { signal }));
    await clock.advanceAsync(10);
    expect(await scanned).toHaveLength(1);
    client.partitioned = true;
    const none = Array.fromAsync(client.scan({ kind: "state" }, { signal }));
    none.catch(() => {});
    await clock.advanceAsync(100);
    await expect(none).rejects.toThrow(StateUnavailableError);
  });

  test("loses hints, and tells some twice", async () => {
    const { faulty, store } = openBench({ lostReply: 0.3, lateRequest: 0.3 });
    const leaving = new AbortController();
    const told: string[] = [];
    const listening = (async () => {
      for await (const { key } of faulty.connect().watch?.({ kind: "state" }, { signal: leaving.signal }) ?? [])
        told.push(key.text);
    })();
    for (let i = 0; i < 200; i++) store.apply([[{ op: "set", key: valueKey(`k${i}`), value: "x" }]], { signal });
    await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    await listening;
    const once = new Set(told).size;
    expect(once).toBeGreaterThan(100);
    expect(once).toBeLessThan(180);
    expect(told.length).toBeGreaterThan(once);
  });

  test("a seed reproduces a run to the last event", async () => {
    const runs = await Promise.all([run(5), run(5), run(6)]);
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]).not.toEqual(runs[2]);
  });

  test("a group that breaks the contract is the caller's bug, and is not sent", () => {
    const client = openBench().faulty.connect();
    const a = valueKey("a");
    const bugs: Record<string, StateGroup> = {
      "one key twice": [
        { op: "get", key: a },
        { op: "delete", key: a },
      ],
      "two tenants": [
        { op: "delete", key: a },
        { op: "delete", key: { ...a, text: "v1/state/x/y/a", scope: { ...a.scope, text: "x/y" } } },
      ],
      "a TTL of 0": [{ op: "set", key: a, value: "x", ttlMs: 0 }],
      "a fractional TTL": [{ op: "checkAndSet", key: a, value: "x", ttlMs: 1.5 }],
      "a fractional increment": [{ op: "increment", key: a, delta: 0.5 }],
      "a limit that is no number": [{ op: "append", key: a, value: "x", atMost: Number.NaN }],
      "a lease of 10 ms": [{ op: "acquire", lock: lockName("a"), owner: "me", leaseMs: 10 }],
      "a look at all tenants among others": [
        { op: "takeDue", index: "retry", nowMs: 0, limit: 1, holdMs: 0 },
        { op: "get", key: a },
      ],
      "a look for nothing": [{ op: "takeDue", index: "retry", nowMs: 0, limit: 0, holdMs: 0 }],
      "due at half a ms": [{ op: "indexDue", index: "retry", key: a, dueAtMs: 0.5 }],
    };
    for (const [bug, broken] of Object.entries(bugs))
      expect(() => client.apply([broken], { signal }), bug).toThrow(TypeError);
  });
});

/** Everything that two clients hear in a stormy second. */
async function run(seed: number): Promise<readonly string[]> {
  const { clock, faulty } = openBench({ lostRequest: 0.2, lostReply: 0.2, lateRequest: 0.2 }, seed);
  const heard: string[] = [];
  const work = async (client: FaultyClient, name: string): Promise<void> => {
    for (let i = 0; i < 10; i++) {
      const outcome = await client.apply([group], { signal }).then(
        (results) => JSON.stringify(results),
        () => "unavailable",
      );
      heard.push(`${clock.monotonicMs()} ${name} ${outcome}`);
    }
  };
  const working = Promise.all([work(faulty.connect(), "a"), work(faulty.connect(), "b")]);
  await clock.advanceAsync(2_000);
  await working;
  return heard;
}
