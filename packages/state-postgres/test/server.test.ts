import { ConfigurationError, StateUnavailableError, systemClock } from "@acteon/core";
import type { BackendFinding, RemoteStateSettings, StateGroup, StateKey, StateStore } from "@acteon/state";
import { applyOne, stateKey, stateScope } from "@acteon/state";
import type { Namespace, TenantId } from "@acteon/core";
import {
  type PostgresServer,
  postgresPassword,
  serverOrSkip,
  startPgbouncer,
  startPostgres,
} from "@acteon/test-servers";
import { describe, expect, test } from "vitest";
import { DataTooNewError, migratePostgresState, openPostgresState, postgresBackend } from "../src/index.ts";
import { HeldRow, TestSpace, runSql } from "./test-space.ts";

const server = serverOrSkip("PostgreSQL", () => startPostgres());
const { signal } = new AbortController();
const scope = stateScope("orders" as Namespace, "acme" as TenantId);
const key = (name: string): StateKey => stateKey(scope, "state", name);
const lock = (name: string): StateKey => stateKey(scope, "named_lock", name);

describe("a server that cannot be used is refused with the cure", () => {
  test("wrong password: says which setting to correct, and not the password", async () => {
    const error = await refusal(withUser(server(), "postgres", "wrong-secret"));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/refused the password: correct .* state\.url/);
    expect(error.message).not.toContain("wrong-secret");
  });

  test("no password where one is asked for", async () => {
    const url = new URL(server().url);
    url.password = "";
    expect((await refusal(url.href)).message).toMatch(/asks for a password: put one into state\.url/);
  });

  test("wrong database", async () => {
    const error = await refusal(server().url.replace(/postgres$/, "nowhere"));
    expect(error.message).toMatch(/127\.0\.0\.1:\d+\/nowhere has no such database: create it/);
  });

  test("nobody listens there", async () => {
    const error = await refusal("postgres://me@127.0.0.1:1/postgres");
    expect(error).toBeInstanceOf(StateUnavailableError);
    expect(error.message).toMatch(/127\.0\.0\.1:1\/postgres does not answer: ECONNREFUSED/);
  });

  test("no schema: run acteon migrate", async () => {
    const error = await refusal(server().url, { prefix: "not_there" });
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain('has no schema "not_there": run `acteon migrate`');
  });

  test("a schema of a newer version, which is left as it is", async () => {
    await using space = await TestSpace.on(server());
    await runSql(server().url, `INSERT INTO "${space.prefix}".schema_version VALUES (99)`);
    await expect(space.connect()).rejects.toThrow(DataTooNewError);
    await expect(migratePostgresState({ url: server().url, prefix: space.prefix })).rejects.toThrow(/has version 99/);
  });

  test("a user without permissions", async () => {
    await using space = await TestSpace.on(server());
    await using outsider = await TestUser.on(server(), "outsider");
    const error = await refusal(outsider.url, { prefix: space.prefix });
    expect(error.message).toMatch(/denies a permission: run `acteon migrate` as the user/);
  });

  test("a user whose transactions are read-only", async () => {
    await using space = await TestSpace.on(server());
    await using reader = await TestUser.on(server(), "reader", "SUPERUSER");
    await runSql(server().url, "ALTER ROLE reader SET default_transaction_read_only = on");
    const error = await refusal(reader.url, { prefix: space.prefix });
    expect(error.message).toMatch(/read-only; turn default_transaction_read_only off/);
  });

  test("opening is given up when its signal aborts", async () => {
    const reason = new Error("gone");
    await expect(openPostgresState({ url: server().url, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

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
    await using store = await space.connect({ pool: { minConnections: 0, maxConnections: 1 }, callTimeoutMs: 500 });
    await using holder = await HeldRow.of(server(), space, key("a"));
    const calls = await Promise.allSettled([write(store, "a"), write(store, "b")]);
    expect(calls.map((call) => call.status === "rejected" && String(call.reason))).toEqual([
      expect.stringMatching(/did not get the rows in time|no answer within 500 ms/),
      expect.stringMatching(/all 1 connections were busy; raise state\.pool\.max_connections/),
    ]);
    await holder.release();
    expect(await write(store, "a")).toMatchObject({ kind: "stored" });
    expect(store.connections()).toEqual({ open: 1, busy: 0, waiting: 0, max: 1 });
  });

  test("a call that gave up leaves nothing waiting on the server", async () => {
    await using space = await TestSpace.on(server());
    await using other = await space.connect();
    await write(other, "a");
    await using store = await space.connect({ callTimeoutMs: 300 });
    await using _holder = await HeldRow.of(server(), space, key("a"));
    await expect(write(store, "a")).rejects.toThrow(StateUnavailableError);
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

describe("the schema", () => {
  test("many nodes that migrate at once make it once", async () => {
    const options = { url: server().url, prefix: "together" };
    const steps = await Promise.all(Array.from({ length: 6 }, () => migratePostgresState(options)));
    expect(steps.filter((each) => each.length > 0)).toEqual([
      ['made the schema "together"', 'brought "together" to version 1'],
    ]);
    expect(await migratePostgresState(options)).toEqual([]);
    await runSql(server().url, "DROP SCHEMA together CASCADE");
  });

  test("versions and tokens do not return when it is dropped and made again", async () => {
    const options = { url: server().url, prefix: "again" };
    const numbers: (number | bigint)[] = [];
    for (let i = 0; i < 2; i++) {
      await migratePostgresState(options);
      await using store = await openPostgresState(options);
      const stored = await applyOne(store, { op: "set", key: key("a"), value: "x" }, { signal });
      const taken = await applyOne(store, acquire("a", true), { signal });
      numbers.push(stored.kind === "stored" ? Number(stored.version) : 0, taken.kind === "acquired" ? taken.token : 0n);
      await runSql(server().url, "DROP SCHEMA again CASCADE");
    }
    expect(numbers.map(Number)).toEqual(numbers.map(Number).toSorted((a, b) => a - b));
    expect(new Set(numbers.map(Number)).size).toBe(4);
  });

  test("unlogged only where it is asked for, with a warning, and logged again by migrate", async () => {
    await using space = await TestSpace.on(server());
    const options = { url: server().url, prefix: space.prefix };
    expect(await migratePostgresState({ ...options, unlogged: true })).toEqual(["made the tables unlogged"]);
    await expect(space.connect()).rejects.toThrow(/are unlogged, .* run `acteon migrate`/);
    const warnings: BackendFinding[] = [];
    const store = await openPostgresState({ ...options, unlogged: true, warn: (finding) => warnings.push(finding) });
    await store[Symbol.asyncDispose]();
    expect(store.durability).toBe("lossy");
    expect(warnings).toMatchObject([{ subject: "durability", found: expect.stringContaining("unlogged") }]);
    expect(await migratePostgresState(options)).toEqual(["made the tables logged"]);
    await using logged = await space.connect();
    expect(logged.durability).toBe("strong");
  });

  test("synchronous_commit off makes it lossy, with a warning", async () => {
    await using space = await TestSpace.on(server());
    await using user = await TestUser.on(server(), "hasty", "SUPERUSER");
    await runSql(server().url, "ALTER ROLE hasty SET synchronous_commit = off");
    const warnings: BackendFinding[] = [];
    await using store = await space.connect({ url: user.url, warn: (finding) => warnings.push(finding) });
    expect(store.durability).toBe("lossy");
    expect(warnings).toMatchObject([{ level: "warning", found: expect.stringContaining("synchronous_commit is off") }]);
  });
});

test("what has expired is taken away in the background; tokens of fenced locks stay (L2)", async () => {
  await using space = await TestSpace.on(server());
  await using store = await space.connect();
  const brief = { ttlMs: 1 } as const;
  await store.apply(
    [
      [{ op: "set", key: key("brief"), value: "x", ...brief }],
      [{ op: "set", key: key("stays"), value: "x" }],
      [{ op: "append", key: stateKey(scope, "parked", "list"), value: "m", ...brief }],
      [acquire("abandoned", false)],
      [acquire("fenced", true)],
    ],
    { signal },
  );
  await runSql(server().url, `UPDATE "${space.prefix}".entries SET ends_at_us = 1 WHERE kind = 3`);
  await runSql(
    server().url,
    `UPDATE "${space.prefix}".entries SET ends_at_us = ends_at_us - 3600000000 WHERE kind = 4`,
  );
  const kept = () => runSql(server().url, `SELECT key FROM "${space.prefix}".entries ORDER BY key`);
  await expect.poll(kept, { timeout: 5_000 }).toEqual([{ key: lock("fenced").text }, { key: key("stays").text }]);
  expect(await runSql(server().url, `SELECT * FROM "${space.prefix}".members`)).toEqual([]);
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
}, 30_000);

describe("inspect", () => {
  test("tells what a good server promises", async () => {
    await using space = await TestSpace.on(server());
    const findings = await inspected({ url: server().url, prefix: space.prefix });
    expect(findings.map(({ level, subject }) => [level, subject])).toEqual(
      ["connection", "server version", "connections", "durability", "round trip", "clock", "schema", "permissions"].map(
        (subject) => ["ok", subject],
      ),
    );
    expect(findings[3]?.found).toMatch(/^strong: synchronous_commit is on, fsync on, without a synchronous standby/);
  });

  test("tells with what to do why it cannot go on", async () => {
    expect(await inspected({ url: withUser(server(), "postgres", "wrong") })).toMatchObject([
      {
        level: "failure",
        subject: "connection",
        found: expect.stringContaining("refused the password"),
        help: expect.any(String),
      },
    ]);
    expect((await inspected({ url: server().url, prefix: "not_there" })).at(-1)).toMatchObject({
      level: "failure",
      subject: "schema",
      found: expect.stringContaining("run `acteon migrate`"),
    });
  });

  test("names the permissions that a user has not", async () => {
    await using space = await TestSpace.on(server());
    await using user = await TestUser.on(server(), "half");
    await runSql(
      server().url,
      `GRANT USAGE ON SCHEMA "${space.prefix}" TO half; GRANT SELECT ON ALL TABLES IN SCHEMA "${space.prefix}" TO half`,
    );
    expect((await inspected({ url: user.url, prefix: space.prefix })).at(-1)).toMatchObject({
      level: "failure",
      subject: "permissions",
      found: expect.stringMatching(/^half has not SELECT, INSERT, UPDATE, DELETE on entries, .*numbers$/),
    });
    await runSql(server().url, "DROP OWNED BY half");
  });
});

function acquire(name: string, fenced: boolean) {
  return { op: "acquire", lock: lock(name), owner: "me", leaseMs: 60_000, fenced } as const;
}

function write(store: StateStore, name: string) {
  return applyOne(store, { op: "set", key: key(name), value: "x" }, { signal });
}

async function refusal(url: string, options: { readonly prefix?: string } = {}): Promise<Error> {
  const error: unknown = await openPostgresState({ url, callTimeoutMs: 3_000, ...options }).catch(
    (each: unknown) => each,
  );
  if (!(error instanceof Error)) throw new Error("it was not refused");
  return error;
}

async function inspected(
  settings: Pick<RemoteStateSettings, "url"> & { readonly prefix?: string },
): Promise<BackendFinding[]> {
  const tls = {
    enabled: undefined,
    mode: undefined,
    caPath: undefined,
    certPath: undefined,
    keyPath: undefined,
    insecure: false,
  };
  const pool = { minConnections: 0, maxConnections: 2 };
  const all = {
    prefix: "acteon",
    region: undefined,
    tableName: undefined,
    tls,
    pool,
    callTimeoutMs: 3_000,
    unlogged: false,
    ...settings,
  };
  return Array.fromAsync(postgresBackend.inspect(all, { clock: systemClock, signal, warn: () => {} }));
}

function withUser({ url }: PostgresServer, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}

/** A user of the server for one test. */
class TestUser implements AsyncDisposable {
  readonly url: string;
  readonly #server: PostgresServer;
  readonly #name: string;

  private constructor(on: PostgresServer, name: string) {
    this.#server = on;
    this.#name = name;
    this.url = withUser(on, name, encodeURIComponent(postgresPassword));
  }

  static async on(on: PostgresServer, name: string, attributes = ""): Promise<TestUser> {
    await runSql(on.url, `CREATE ROLE ${name} LOGIN PASSWORD '${postgresPassword}' ${attributes}`);
    return new TestUser(on, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await runSql(this.#server.url, `DROP ROLE ${this.#name}`);
  }
}
