import { StateUnavailableError, systemClock } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import { applyOne, stateKey } from "@acteon/state";
import type { StateGroup, StateStore } from "@acteon/state";
import { serverOrSkip, startPgbouncer, startPostgres } from "@acteon/test-servers";
import { describe, expect, test } from "vitest";
import { Reclaimer } from "../src/reclaimer.ts";
import { acquire, key, lock, scope, signal, write } from "./fixtures.ts";
import { HeldRow, TestSpace, runSql } from "./test-space.ts";
import { TestUser } from "./test-user.ts";

const server = serverOrSkip("PostgreSQL", () => startPostgres());

describe("a server that fails at run", () => {
  test("read-only from now on: no answer with the cure, and answers again once it is over", async () => {
    await using space = await TestSpace.on(server());
    await using user = await TestUser.on(server(), "moody", "SUPERUSER");
    await using store = await space.connect({ url: user.url });
    await setReadOnly("on");
    await expect(write(store, "a")).rejects.toThrow(/takes no writes: .* point state\.url to the primary/);
    await setReadOnly("off");
    expect(await write(store, "a")).toMatchObject({ kind: "stored" });

    async function setReadOnly(value: string): Promise<void> {
      await runSql(server().url, `ALTER ROLE moody SET default_transaction_read_only = ${value}`);
      await runSql(server().url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'moody'");
      await expect.poll(() => store.connections().open).toBe(0);
    }
  });

  test.each([
    ["53100", /is out of disk space: free some/],
    ["53200", /is out of memory/],
    ["42501", /denies a permission/],
    ["22P02", /refused a statement of ours \(SQLSTATE 22P02\)/],
  ])("SQLSTATE %s: nothing of the call is there, and the message tells what to do", async (code, message) => {
    await using space = await TestSpace.on(server());
    await using store = await space.connect();
    const entries = `"${space.prefix}".entries`;
    await runSql(
      server().url,
      `CREATE FUNCTION "${space.prefix}".fail() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN IF NEW.content = ''full'' THEN RAISE SQLSTATE ''${code}''; END IF; RETURN NEW; END';
      CREATE TRIGGER fails BEFORE INSERT ON ${entries} FOR EACH ROW EXECUTE FUNCTION "${space.prefix}".fail()`,
    );
    const groups: StateGroup[] = ["1", "full"].map((value) => [{ op: "set", key: key(value), value }]);
    await expect(store.apply(groups, { signal })).rejects.toThrow(message);
    expect(await applyOne(store, { op: "get", key: key("1") }, { signal })).toEqual({ kind: "absent" });
  });

  test("all connections busy: waits until its deadline, and names the setting", async () => {
    await using space = await TestSpace.on(server());
    await using other = await space.connect();
    await write(other, "a");
    const clock = createFakeClock();
    const pool = { minConnections: 0, maxConnections: 1 };
    await using store = await space.connect({ pool, callTimeoutMs: 20_000, clock });
    await using holder = await HeldRow.of(server(), space, key("a"));
    const calls = Promise.allSettled([write(store, "a"), write(store, "b")]);
    await expect.poll(() => sessionsWaiting()).toBe(1);
    clock.advance(20_000);
    expect((await calls).map((call) => call.status === "rejected" && String(call.reason))).toEqual([
      expect.stringMatching(/no answer within 20000 ms: see that it runs/),
      expect.stringMatching(/ms, all 1 connections being busy: raise state\.pool\.max_connections/),
    ]);
    await holder.release();
    expect(await write(store, "a")).toMatchObject({ kind: "stored" });
    await expect.poll(() => store.connections()).toEqual({ open: 1, busy: 0, waiting: 0, max: 1 });
  });

  test("a call that gave up leaves nothing waiting on the server", async () => {
    await using space = await TestSpace.on(server());
    await using other = await space.connect();
    await write(other, "a");
    await using store = await space.connect({ callTimeoutMs: 300 });
    await using _holder = await HeldRow.of(server(), space, key("a"));
    const call = write(store, "a");
    await expect(call).rejects.toThrow(StateUnavailableError);
    await expect(call).rejects.toThrow(/did not get the rows in time|no answer within 300 ms/);
    await expect.poll(() => sessionsWaiting()).toBe(0);
  });

  test("disposing closes every connection", async () => {
    await using space = await TestSpace.on(server());
    const store = await space.connect();
    await Promise.all(["a", "b", "c"].map((name) => write(store, name)));
    await store[Symbol.asyncDispose]();
    await expect(write(store, "a")).rejects.toThrow(/is closed/);
    const sessions = "SELECT count(*)::integer AS open FROM pg_stat_activity WHERE application_name = 'acteon'";
    await expect.poll(() => runSql(server().url, sessions)).toEqual([{ open: 0 }]);
  });

  async function sessionsWaiting(): Promise<unknown> {
    const waiting =
      "SELECT count(*)::integer AS waiting FROM pg_stat_activity WHERE application_name = 'acteon' AND wait_event_type = 'Lock'";
    return (await runSql(server().url, waiting))[0]?.["waiting"];
  }
});

describe("calls that meet", () => {
  test("calls over the same keys in any order do not wait for each other in a ring", async () => {
    await using space = await TestSpace.on(server());
    const stores = await Promise.all([space.connect(), space.connect(), space.connect()]);
    const names = Array.from({ length: 12 }, (_, i) => `k${i}`);
    const deadlocks = async () =>
      (await runSql(server().url, "SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'"))[0];
    const before = await deadlocks();
    await Promise.all(
      stores.flatMap((store, i) =>
        Array.from({ length: 20 }, (_, round) => {
          const turned = names.slice((i * 5 + round) % 12).concat(names.slice(0, (i * 5 + round) % 12));
          const groups = turned.map((name): StateGroup =>
            round % 3 === 0
              ? [{ op: "delete", key: key(name) }]
              : [
                  { op: "increment", key: key(name), delta: 1 },
                  { op: "get", key: key(`${name}-other`) },
                ],
          );
          return store.apply(i % 2 === 0 ? groups : groups.toReversed(), { signal });
        }),
      ),
    );
    for (const store of stores) await store[Symbol.asyncDispose]();
    expect(await deadlocks()).toEqual(before);
  });

  test("of two groups that each see the other's key absent and write their own, one comes after the other", async () => {
    await using space = await TestSpace.on(server());
    await using one = await space.connect();
    await using two = await space.connect();
    for (let round = 0; round < 40; round++) {
      const [a, b] = [key(`a${round}`), key(`b${round}`)];
      const results = await Promise.all([
        one.apply(
          [
            [
              { op: "get", key: a },
              { op: "set", key: b, value: "x" },
            ],
          ],
          { signal },
        ),
        two.apply(
          [
            [
              { op: "get", key: b },
              { op: "set", key: a, value: "x" },
            ],
          ],
          { signal },
        ),
      ]);
      const seen = results.map(([result]) => result?.kind === "done" && result.results[0]?.kind);
      expect(seen, `round ${round}`).not.toEqual(["absent", "absent"]);
    }
  });

  test("a group that only reads beside a writing one of its call sees what fits to that", async () => {
    await using space = await TestSpace.on(server());
    await using one = await space.connect();
    await using two = await space.connect();
    for (let round = 0; round < 40; round++) {
      const [a, b] = [key(`a${round}`), key(`b${round}`)];
      const [, found] = await Promise.all([
        two.apply(
          [
            [
              { op: "get", key: a },
              { op: "set", key: b, value: "x" },
            ],
          ],
          { signal },
        ),
        one.apply(
          [
            [{ op: "set", key: a, value: "y" }],
            [
              { op: "get", key: a },
              { op: "get", key: b },
            ],
          ],
          { signal },
        ),
      ]);
      const other = await applyOne(two, { op: "get", key: b }, { signal });
      // Whoever comes first: if the other's group saw `a` absent it came first, and then `b` is there.
      expect(other).toMatchObject({ kind: "found" });
      expect(found[1]).toMatchObject({ kind: "done", results: [{ value: "y" }, {}] });
    }
  });
});

describe("what has expired", () => {
  test("is taken away in the background, values and lists with their members", async () => {
    await using space = await TestSpace.on(server());
    await using store = await space.connect();
    const brief = { ttlMs: 1 } as const;
    await store.apply(
      [
        [{ op: "set", key: key("brief"), value: "x", ...brief }],
        [{ op: "set", key: key("stays"), value: "x" }],
        [{ op: "append", key: stateKey(scope, "parked", "list"), value: "m", ...brief }],
      ],
      { signal },
    );
    await expect.poll(() => keysIn(space)).toEqual([key("stays").text]);
    expect(await runSql(server().url, `SELECT * FROM "${space.prefix}".members`)).toEqual([]);
  });

  test("leaves no abandoned lock, but the tokens of fenced ones for a day (L2)", async () => {
    await using space = await TestSpace.on(server());
    await using store = await space.connect();
    const names = ["held", "abandoned", "fenced", "fenced long ago"];
    await store.apply(
      names.map((name) => [acquire(name, name.startsWith("fenced"))]),
      { signal },
    );
    const hourUs = 3_600_000_000;
    for (const [name, agoUs] of [
      ["abandoned", hourUs],
      ["fenced", hourUs],
      ["fenced long ago", 25 * hourUs],
    ] as const)
      await runSql(
        server().url,
        `UPDATE "${space.prefix}".entries SET ends_at_us = ends_at_us - ${agoUs} WHERE key = '${lock(name).text}'`,
      );
    await using connections = await space.connections();
    await using reclaimer = new Reclaimer(connections, `"${space.prefix}"`, systemClock);
    await reclaimer.reclaimLocks();
    expect(await keysIn(space)).toEqual([lock("fenced").text, lock("held").text]);
  });

  async function keysIn({ prefix }: TestSpace): Promise<readonly unknown[]> {
    const rows = await runSql(server().url, `SELECT key FROM "${prefix}".entries ORDER BY key`);
    return rows.map((row) => row["key"]);
  }
});

test("works behind a pooler that gives each transaction another connection", async ({ skip }) => {
  const pooler = await startPgbouncer(server());
  if (pooler === undefined) return skip("PgBouncer cannot be had here");
  await using _pooler = pooler;
  await using space = await TestSpace.on(pooler);
  const stores = await Promise.all([space.connect(), space.connect(), space.connect()]);
  const results = await Promise.all(
    stores.flatMap((store, i) =>
      Array.from({ length: 40 }, (_, round) =>
        store.apply(
          [
            [acquire(`l${i}-${round}`, round % 2 === 0)],
            [{ op: "increment", key: key("n"), delta: 1, atMost: 100 }],
            [{ op: "indexDue", index: "retry", key: key(`due-${i}-${round}`), dueAtMs: round }],
          ],
          { signal },
        ),
      ),
    ),
  );
  expect(results.filter(([, counted]) => counted?.kind === "done")).toHaveLength(100);
  const store: StateStore = stores[0];
  const due = await applyOne(
    store,
    { op: "takeDue", index: "retry", nowMs: 100, limit: 200, holdMs: 1_000 },
    { signal },
  );
  expect(due.kind === "due" && due.entries).toHaveLength(120);
  expect(await Array.fromAsync(store.scan({ kind: "state", scope }, { signal }))).toMatchObject([{ value: "100" }]);
  for (const each of stores) await each[Symbol.asyncDispose]();
});
