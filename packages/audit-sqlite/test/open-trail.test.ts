import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { encodeAuditBatch } from "@acteon/audit";
import { exampleRecords } from "@acteon/audit/conformance";
import { openSqliteAudit } from "@acteon/audit-sqlite";
import { AuditUnavailableError, DataDamagedError, DataTooNewError } from "@acteon/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "acteon-audit-"));
  path = join(directory, "audit.db");
});
afterEach(() => rm(directory, { recursive: true }));

describe("opening", () => {
  test("makes the file and its directories", async () => {
    await using store = await openSqliteAudit({ path: join(directory, "a", "b", "audit.db"), sync: true });
    await store.append(encodeAuditBatch(exampleRecords(3)));
    expect((await store.query({}, { limit: 5, ascending: true })).records).toEqual(exampleRecords(3));
  });

  test("many at once on a new file all succeed", async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => openSqliteAudit({ path })));
    await Promise.all(stores.map((store, i) => store.append(encodeAuditBatch(exampleRecords(5, () => ({}), i * 5)))));
    for (const store of stores) {
      expect((await store.query({}, { limit: 1 })).total).toBe(20);
      await store[Symbol.asyncDispose]();
    }
  });

  test("refuses a trail of a newer version as data_too_new, and changes nothing (row 67)", async () => {
    await (await openSqliteAudit({ path }))[Symbol.asyncDispose]();
    change(path, "PRAGMA user_version = 2");
    const before = await readFile(path);
    await expect(openSqliteAudit({ path })).rejects.toThrow(DataTooNewError);
    await expect(openSqliteAudit({ path })).rejects.toMatchObject({ foundFormat: 2, knownFormat: 1 });
    expect(await readFile(path)).toEqual(before);
  });

  test("refuses what is no SQLite file, and one that is no trail, as data_damaged, and changes nothing (row 67)", async () => {
    await writeFile(path, "x".repeat(10_000));
    await expect(openSqliteAudit({ path })).rejects.toThrow(
      new DataDamagedError(`the audit trail ${path} is damaged: nothing was deleted`),
    );
    expect(await readFile(path, "utf8")).toBe("x".repeat(10_000));
    const foreign = join(directory, "foreign.db");
    change(foreign, "CREATE TABLE theirs (a); PRAGMA user_version = 1");
    await expect(openSqliteAudit({ path: foreign })).rejects.toThrow(DataDamagedError);
    change(foreign, "PRAGMA user_version = 0");
    await expect(openSqliteAudit({ path: foreign })).rejects.toThrow(DataDamagedError);
  });

  test("refuses a file that was cut off as data_damaged (row 67)", async () => {
    {
      await using store = await openSqliteAudit({ path });
      await store.append(encodeAuditBatch(exampleRecords(2_000)));
    }
    await truncate(path, 3 * 4_096);
    await expect(openSqliteAudit({ path })).rejects.toThrow(DataDamagedError);
  });

  test("says audit_unavailable where the file cannot be made (row 68)", async () => {
    await writeFile(path, "");
    const below = join(path, "audit.db");
    await expect(openSqliteAudit({ path: below })).rejects.toThrow(
      new AuditUnavailableError(`the folder of the audit trail ${below} cannot be made: EEXIST`),
    );
    await expect(openSqliteAudit({ path: directory })).rejects.toThrow(
      new AuditUnavailableError(`the audit trail ${directory} cannot be read or written: unable to open database file`),
    );
  });
});

test("a log that was torn by a power loss gives the batches before the tear, whole", async () => {
  const torn = join(directory, "torn.db");
  {
    await using store = await openSqliteAudit({ path });
    for (let n = 0; n < 10; n++) await store.append(encodeAuditBatch(exampleRecords(20, () => ({}), n * 20)));
    await copyFile(path, torn);
    await copyFile(`${path}-wal`, `${torn}-wal`);
  }
  const { size } = await stat(`${torn}-wal`);
  await truncate(`${torn}-wal`, Math.floor(size * 0.6));
  await using store = await openSqliteAudit({ path: torn });
  const { records, total = 0 } = await store.query({}, { limit: 1_000, ascending: true });
  expect(total % 20).toBe(0);
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThan(200);
  expect(records).toEqual(exampleRecords(total));
});

test("a full disk refuses the append as audit_unavailable, and loses nothing that was durable (row 68)", async () => {
  const script = fileURLToPath(new URL("./append-until-refused.ts", import.meta.url));
  // A limit on the size of files is the one full disk that every machine has.
  const command = `ulimit -S -f 400 && exec "$0" "$@"`;
  const { stdout } = await promisify(execFile)("/bin/sh", ["-c", command, process.execPath, script, path]);
  const { durable, code } = JSON.parse(stdout) as { durable: number; code: string };
  expect(code).toBe("audit_unavailable");
  expect(durable).toBeGreaterThan(0);
  await using store = await openSqliteAudit({ path });
  expect((await store.query({}, { limit: 1_000, ascending: true })).records).toEqual(
    exampleRecords(durable).slice(0, 1_000),
  );
  await store.append(encodeAuditBatch(exampleRecords(50, () => ({}), durable)));
  expect((await store.query({}, { limit: 1 })).total).toBe(durable + 50);
});

test("a closed trail answers audit_unavailable; what was asked before is answered", async () => {
  const store = await openSqliteAudit({ path });
  const appended = store.append(encodeAuditBatch(exampleRecords(3)));
  const asked = store.query({}, { limit: 1 });
  const closed = store[Symbol.asyncDispose]();
  await expect(store.append(encodeAuditBatch(exampleRecords(1)))).rejects.toThrow(AuditUnavailableError);
  await appended;
  expect((await asked).total).toBe(3);
  await closed;
  await store[Symbol.asyncDispose]();
});

test("when the worker ends, what it was asked is audit_unavailable, and the next call starts another", async () => {
  const started = Promise.withResolvers<Worker>();
  process.once("worker", started.resolve);
  await using store = await openSqliteAudit({ path });
  await store.append(encodeAuditBatch(exampleRecords(3)));
  // More than it answers while this thread waits for its turn on a busy machine.
  const asked = Array.from({ length: 500 }, () => store.query({ tenant: "acme" }, { limit: 3 }));
  const answers = Promise.allSettled(asked);
  await (await started.promise).terminate();
  const refused = (await answers).filter(({ status }) => status === "rejected");
  expect(refused.length).toBeGreaterThan(0);
  expect(refused).toEqual(
    refused.map(() => ({ status: "rejected", reason: expect.any(AuditUnavailableError) as unknown })),
  );
  expect((await store.query({}, { limit: 1 })).total).toBe(3);
});

function change(file: string, sql: string): void {
  using database = new DatabaseSync(file);
  database.exec(sql);
}
