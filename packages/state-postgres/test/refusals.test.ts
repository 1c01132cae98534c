import { ConfigurationError, DataTooNewError, StateUnavailableError, systemClock } from "@acteon/core";
import { applyOne } from "@acteon/state";
import type { BackendFinding, RemoteStateSettings } from "@acteon/state";
import { remoteSettings } from "@acteon/state/testing";
import { serverOrSkip, startPostgres } from "@acteon/test-servers";
import { describe, expect, test } from "vitest";
import { migratePostgresState, openPostgresState, postgresBackend } from "../src/index.ts";
import { acquire, key, signal } from "./fixtures.ts";
import { TestSpace, runSql } from "./test-space.ts";
import { TestUser, withUser } from "./test-user.ts";

const server = serverOrSkip("PostgreSQL", () => startPostgres());

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
    expect(error.message).toMatch(/127\.0\.0\.1:1\/postgres does not answer \(ECONNREFUSED\): see that it runs/);
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
    await expect(migratePostgresState({ url: server().url, prefix: space.prefix })).rejects.toThrow(/has format 99/);
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
    expect(error.message).toMatch(/read-only: turn default_transaction_read_only off/);
  });

  test("opening is given up when its signal aborts", async () => {
    const reason = new Error("gone");
    await expect(openPostgresState({ url: server().url, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
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
        help: "correct the user or the password in state.url",
      },
    ]);
    expect((await inspected({ url: server().url, prefix: "not_there" })).at(-1)).toMatchObject({
      level: "failure",
      subject: "schema",
      found: expect.stringContaining("has no schema"),
      help: "run `acteon migrate`",
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
  const pool = { minConnections: 0, maxConnections: 2 };
  const all = remoteSettings({ pool, callTimeoutMs: 3_000, ...settings });
  return Array.fromAsync(postgresBackend.inspect(all, { clock: systemClock, signal, warn: () => {} }));
}
