import { readdirSync } from "node:fs";
import { createFakeClock } from "@acteon/core/testing";
import { describe, expect, test } from "vitest";
import { one, opened, temporaryDirectory, valueKey, valueOf } from "../test/fixtures.ts";
import { compact, reclaim } from "./compaction.ts";
import { prepared } from "./sqlite-file.ts";
import { openTableFile } from "./table.ts";

const nowMs = Date.UTC(2026, 0, 1);

describe("compaction", () => {
  test("what a generation leaves is in the table, and its file is gone", async () => {
    using directory = temporaryDirectory();
    const { path } = directory;
    const clock = createFakeClock(nowMs); // stands still: the compactor of the store is not at work
    await using store = await opened(path, { clock });
    await one(store, { op: "set", key: valueKey("a"), value: "1" });
    await one(store, { op: "set", key: valueKey("a"), value: "2" });
    await one(store, { op: "set", key: valueKey("gone"), value: "x" });
    await one(store, { op: "delete", key: valueKey("gone") });
    await one(store, { op: "set", key: valueKey("expired"), value: "x", ttlMs: 5 });
    await one(store, { op: "checkAndSet", key: valueKey("b"), value: "3", ttlMs: 50_000 });
    await one(store, { op: "append", key: valueKey("list"), value: "m" });
    await one(store, { op: "append", key: valueKey("list"), value: "n" });
    await one(store, { op: "indexDue", index: "group", key: valueKey("a"), dueAtMs: 7 });
    await one(store, { op: "indexDue", index: "group", key: valueKey("b"), dueAtMs: 8 });
    await one(store, { op: "unindexDue", index: "group", key: valueKey("b") });
    await freeze(path);
    const { database } = openTableFile(path);
    expect(compact(path, database, 1, nowMs + 10)).toBe("done");
    expect(rows(database, "SELECT key, value, expires_at FROM entry ORDER BY key")).toEqual([
      [valueKey("a").text, "2", null],
      [valueKey("b").text, "3", nowMs + 50_000],
    ]);
    expect(rows(database, "SELECT size FROM list")).toEqual([[2]]);
    expect(rows(database, "SELECT ordinal, value FROM member")).toEqual([
      [0, "m"],
      [1, "n"],
    ]);
    expect(rows(database, "SELECT key, due_at FROM due")).toEqual([[valueKey("a").text, 7]]);
    expect(readdirSync(path)).not.toContain("journal-1.log");
    expect(compact(path, database, 1, nowMs)).toBe("done"); // once more does nothing
    database.close();
  });

  test("of a list that was deleted and begun again only the members of the new one stay", async () => {
    using directory = temporaryDirectory();
    const { path } = directory;
    const append = async (value: string): Promise<void> => {
      await using store = await opened(path, { clock: createFakeClock(nowMs) });
      await one(store, { op: "append", key: valueKey("list"), value });
    };
    const { database } = openTableFile(path);
    await append("a");
    await append("b");
    await freeze(path);
    compact(path, database, 1, nowMs);
    {
      await using store = await opened(path, { clock: createFakeClock(nowMs) });
      await one(store, { op: "delete", key: valueKey("list") });
    }
    await append("c");
    {
      await using store = await opened(path, { clock: createFakeClock(nowMs) });
      expect(await one(store, { op: "members", key: valueKey("list") })).toEqual({ kind: "list", values: ["c"] });
    }
    await freeze(path);
    compact(path, database, 2, nowMs);
    expect(rows(database, "SELECT ordinal, value FROM member")).toEqual([[0, "c"]]);
    database.close();
  });

  test("that a generation is in the table shows at the end of the next, if who brought it there died before it said so", async () => {
    using directory = temporaryDirectory();
    const { path } = directory;
    await using witness = await opened(path, { clock: createFakeClock(nowMs) });
    await one(witness, { op: "set", key: valueKey("a"), value: "1" });
    await freeze(path);
    expect(await valueOf(witness, "a")).toBe("1");
    const { database } = openTableFile(path);
    compact(path, database, 1, nowMs);
    await one(witness, { op: "set", key: valueKey("b"), value: "2" });
    await freeze(path); // by a process that began with the second generation
    expect([await valueOf(witness, "a"), await valueOf(witness, "b")]).toEqual(["1", "2"]);
    compact(path, database, 2, nowMs);
    expect([await valueOf(witness, "a"), await valueOf(witness, "b")]).toEqual(["1", "2"]);
    database.close();
  });

  test("a second compactor leaves the first alone", async () => {
    using directory = temporaryDirectory();
    await writtenGeneration(directory.path);
    const { database } = openTableFile(directory.path);
    const other = openTableFile(directory.path).database;
    other.exec("BEGIN IMMEDIATE");
    expect(compact(directory.path, database, 1, nowMs)).toBe("busy");
    other.exec("COMMIT");
    expect(compact(directory.path, database, 1, nowMs)).toBe("done");
    for (const each of [database, other]) each.close();
  });

  test("one that was overtaken between two transactions writes nothing more", async () => {
    using directory = temporaryDirectory();
    await writtenGeneration(directory.path);
    const { database } = openTableFile(directory.path);
    // Others have done this generation, and the next, while this one slept: between its reading and its writing.
    let isOvertaken = false;
    const sleepy = new Proxy(database, {
      get(target, name) {
        if (name === "exec" && !isOvertaken) {
          isOvertaken = true;
          target.exec("UPDATE meta SET compacted = 2; INSERT INTO entry VALUES ('k', 'newer', 9, NULL, NULL)");
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    expect(compact(directory.path, sleepy, 1, nowMs)).toBe("done");
    expect(rows(database, "SELECT key, value FROM entry")).toEqual([["k", "newer"]]);
    database.close();
  });
});

test("what has expired is reclaimed in slices, lists with their members", async () => {
  using directory = temporaryDirectory();
  await writtenGeneration(directory.path);
  const { database } = openTableFile(directory.path);
  compact(directory.path, database, 1, nowMs);
  let slices = 1;
  while (reclaim(database, nowMs + 1_000, 4)) slices++;
  expect(slices).toBe(3);
  expect(rows(database, "SELECT key FROM entry")).toEqual([[valueKey("stays").text]]);
  expect(rows(database, "SELECT list FROM member UNION ALL SELECT id FROM list")).toEqual([]);
  database.close();
});

test("the store has expired entries reclaimed by itself", async () => {
  using directory = temporaryDirectory();
  const clock = createFakeClock(nowMs);
  await using store = await opened(directory.path, { clock, generationBytes: 200 });
  for (let i = 0; i < 2; i++)
    await one(store, { op: "set", key: valueKey(`k${i}`), value: "x".repeat(100), ttlMs: 500 });
  const { database } = openTableFile(directory.path);
  const count = () => rows(database, "SELECT count(*) FROM entry")[0]?.[0];
  while (count() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  while (count() !== 0) {
    await clock.advanceAsync(20_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await valueOf(store, "k0")).toBeUndefined();
  database.close();
});

/** Ten entries and a list that expire, and an entry that does not, in a first generation that is frozen. */
async function writtenGeneration(path: string): Promise<void> {
  await using store = await opened(path, { clock: createFakeClock(nowMs) });
  for (let i = 0; i < 10; i++) await one(store, { op: "set", key: valueKey(`k${i}`), value: "x", ttlMs: 500 });
  await one(store, { op: "append", key: valueKey("list"), value: "m", ttlMs: 500 });
  await one(store, { op: "set", key: valueKey("stays"), value: "x" });
  await freeze(path);
}

/** Ends the generation, by one more turn of somebody for whom it is large. */
async function freeze(path: string): Promise<void> {
  await using store = await opened(path, { clock: createFakeClock(nowMs), generationBytes: 1 });
  await one(store, { op: "release", lock: valueKey("none"), owner: "" });
}

function rows(database: Parameters<typeof prepared>[0], sql: string): unknown[][] {
  return prepared(database, sql).all() as unknown[] as unknown[][];
}
