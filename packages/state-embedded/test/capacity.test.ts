import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createFakeClock } from "@acteon/core/testing";
import { DataDamagedError, StateUnavailableError, DataTooNewError } from "@acteon/core";
import { expect, test } from "vitest";
import { journalPath } from "../src/journal.ts";
import { one, opened, set, temporaryDirectory, valueKey, valueOf } from "./fixtures.ts";
import { StoreProcess } from "./process-client.ts";

test("data of a newer format are refused with both formats, and stay as they are (row 67)", async () => {
  using directory = await directoryInUse();
  const path = join(directory.path, "table.db");
  sql(path, "PRAGMA user_version = 7");
  const error = await opened(directory.path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataTooNewError);
  expect(error).toMatchObject({ code: "data_too_new", foundFormat: 7, knownFormat: 1 });
  expect((error as Error).message).toContain(path);
  sql(path, "PRAGMA user_version = 1");
  await using store = await opened(directory.path);
  expect(await valueOf(store, "k")).toBe("v");
});

test.each<[what: string, damage: (directory: string) => void, path: string]>([
  ["a table that is no database", (path) => writeFileSync(join(path, "table.db"), "x".repeat(5_000)), "table.db"],
  ["a database of somebody else", (path) => remake(join(path, "table.db"), "CREATE TABLE theirs (a)"), "table.db"],
  ["a missing journal", (path) => rmSync(journalPath(path, 2)), "journal-2.log"],
  ["a table that is older than the journal", (path) => remake(join(path, "table.db"), ""), "journal-1.log"],
  ["a journal whose beginning was overwritten", (path) => overwrite(journalPath(path, 2), 20), "journal-2.log"],
  [
    "a record that was overwritten since the machine's start",
    (path) => overwrite(journalPath(path, 2), -5),
    "journal-2.log",
  ],
])("%s is damage: it is named, and nothing is deleted (row 67)", async (_, damage, path) => {
  using directory = await directoryInUse();
  damage(directory.path);
  const before = journalsOf(directory.path);
  const error = await opened(directory.path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataDamagedError);
  expect((error as Error).message).toContain(join(directory.path, path));
  expect(journalsOf(directory.path)).toEqual(before);
});

test("a directory that cannot be made is a store that is unavailable", async () => {
  using directory = temporaryDirectory();
  writeFileSync(join(directory.path, "file"), "");
  await expect(opened(join(directory.path, "file", "state"))).rejects.toThrow(StateUnavailableError);
});

test("while another process keeps the directory locked a call waits, and then gives up without effect", async () => {
  using directory = temporaryDirectory();
  const clock = createFakeClock();
  await using store = await opened(directory.path, { clock });
  const other = new DatabaseSync(join(directory.path, "lock.db"));
  other.exec("BEGIN IMMEDIATE");
  const patient = set(store, "patient", "x");
  const givenUp = expect(patient).rejects.toThrow(/another process keeps it locked/);
  await clock.advanceAsync(5_010);
  await givenUp;
  const waiting = set(store, "waiting", "x");
  await clock.advanceAsync(100);
  other.exec("COMMIT");
  other.close();
  await clock.advanceAsync(10);
  await waiting;
  expect(await valueOf(store, "patient")).toBeUndefined();
  expect(await valueOf(store, "waiting")).toBe("x");
});

test("a closed store is unavailable, to those who wait as well", async () => {
  using directory = temporaryDirectory();
  const store = await opened(directory.path);
  const other = new DatabaseSync(join(directory.path, "lock.db"));
  other.exec("BEGIN IMMEDIATE");
  const waiting = expect(set(store, "a", "x")).rejects.toThrow(StateUnavailableError);
  await store[Symbol.asyncDispose]();
  await waiting;
  other.close();
  await expect(set(store, "a", "x")).rejects.toThrow(/is closed/);
  await store[Symbol.asyncDispose](); // once more does nothing
});

const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;

test.skipIf(!hasPrlimit)(
  "with no more space on the disk writes are refused and reads are not; with space again it goes on (row 68)",
  async () => {
    using directory = temporaryDirectory();
    await using process = new StoreProcess();
    await using store = await process.open({ path: directory.path, sync: false, generationBytes: 1 << 24 });
    await set(store, "first", "x");
    const limit = (bytes: string) => execFileSync("prlimit", [`--pid=${process.child.pid}`, `--fsize=${bytes}:`]);
    limit("100000"); // no file may grow past it: the nearest to a full disk that needs no disk
    let written = 0;
    const error = await (async () => {
      for (; written < 1_000; written++) await set(store, `k${written}`, "x".repeat(1_000));
    })().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StateUnavailableError);
    expect(written).toBeGreaterThan(10);
    expect(await valueOf(store, `k${written - 1}`)).toBe("x".repeat(1_000));
    await expect(set(store, "more", "x".repeat(5_000))).rejects.toThrow(StateUnavailableError);
    expect(await valueOf(store, "more")).toBeUndefined();
    limit("unlimited");
    await set(store, "more", "y");
    expect(await valueOf(store, "more")).toBe("y");
    expect(await valueOf(store, `k${written}`)).toBeUndefined();
    expect(await valueOf(store, "first")).toBe("x");
  },
);

test("a call that writes more than any record may hold is the caller's fault, and has no effect", async () => {
  using directory = temporaryDirectory();
  await using store = await opened(directory.path);
  await expect(set(store, "huge", "x".repeat((1 << 26) + 1))).rejects.toThrow(RangeError);
  expect(await valueOf(store, "huge")).toBeUndefined();
  expect(await one(store, { op: "set", key: valueKey("a"), value: "x" })).toMatchObject({ kind: "stored" });
});

/** A directory in its second generation, whose first is in the table; with a value in each. */
async function directoryInUse() {
  const directory = temporaryDirectory();
  await using store = await opened(directory.path, { generationBytes: 600 });
  await set(store, "k", "v");
  await set(store, "pad", "x".repeat(1_000));
  await set(store, "next", "v"); // begins the second generation, which stays too small to be followed by a third
  while (compactedOf(directory.path) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await set(store, "last", "v");
  return directory;
}

function compactedOf(path: string): number {
  const database = new DatabaseSync(join(path, "table.db"), { readOnly: true });
  const row = database.prepare("SELECT compacted FROM meta").get();
  database.close();
  return Number(row?.["compacted"]);
}

function sql(path: string, statement: string): void {
  const database = new DatabaseSync(path);
  database.exec(statement);
  database.close();
}

function remake(path: string, schema: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  sql(path, schema);
}

/** Changes a byte. @param at From the end, if negative. */
function overwrite(path: string, at: number): void {
  const bytes = readFileSync(path);
  const offset = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  writeFileSync(path, bytes);
}

/** The journals with their bytes. */
function journalsOf(path: string): readonly string[] {
  return readdirSync(path)
    .filter((name) => name.startsWith("journal-"))
    .map((name) => `${name} ${readFileSync(join(path, name), "base64")}`);
}
