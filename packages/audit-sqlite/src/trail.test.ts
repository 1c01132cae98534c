import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { decodeAuditRecord, encodeAuditBatch, pageWindow } from "@acteon/audit";
import type { AuditFilter, AuditRecord } from "@acteon/audit";
import { exampleRecord, exampleRecords } from "@acteon/audit/conformance";
import { AuditUnavailableError, DataDamagedError } from "@acteon/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Trail } from "./trail.ts";

let directory: string;
let path: string;
let trail: Trail;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "acteon-trail-"));
  path = join(directory, "audit.db");
  trail = new Trail({ path, sync: false, busyMs: 5_000 });
});
afterEach(() => {
  trail.close();
  rmSync(directory, { recursive: true });
});

function append(records: readonly AuditRecord[], to = trail): void {
  const { lines, count } = encodeAuditBatch(records);
  to.append(lines, count);
}

/** The last answer of a job, without stops. */
function finish<T>(job: Iterator<undefined, T>): T {
  for (;;) {
    const step = job.next();
    if (step.done === true) return step.value;
  }
}

function found(filter: AuditFilter = {}, limit = 1_000): { readonly records: AuditRecord[]; readonly total: number } {
  const window = pageWindow({ limit, ascending: true });
  const { lines, total = 0 } = finish(trail.search({ filter, window, until: "all" }));
  return { records: lines.map(decodeAuditRecord), total };
}

function segmentRows(): number[] {
  using database = new DatabaseSync(path, { readOnly: true });
  return database
    .prepare("SELECT rows FROM segment ORDER BY min_at, id")
    .all()
    .map(({ rows }) => Number(rows));
}

describe("segments", () => {
  test("a batch is one segment", () => {
    append(exampleRecords(700));
    append(exampleRecords(1, () => ({}), 700));
    expect(segmentRows()).toEqual([700, 1]);
  });

  test("nothing is nothing: an empty batch, and one that the trail knows already", () => {
    append([]);
    append(exampleRecords(10));
    append(exampleRecords(10));
    expect(segmentRows()).toEqual([10]);
  });

  test("more rows or texts than a segment can hold become several", () => {
    const like = exampleRecord(0);
    const nth = (n: number) => ({ ...like, id: `id-${n}`, dispatchedAtMs: n, completedAtMs: n + 1 });
    append(Array.from({ length: 33_000 }, (_, n) => nth(n)));
    expect(segmentRows()).toEqual([32_768, 232]);
    const withTexts = (n: number) => ({
      ...nth(n),
      callerId: `c${n}`,
      verdict: `v${n}`,
      rule: { name: `r${n}`, file: "f", line: 1 },
    });
    append(Array.from({ length: 24_000 }, (_, n) => withTexts(33_000 + n)));
    const split = segmentRows().slice(2);
    expect(split.length).toBeGreaterThan(1);
    expect(split.reduce((sum, rows) => sum + rows)).toBe(24_000);
    expect(found({ matchedRule: "r56999" }).records).toMatchObject([{ id: "id-56999", callerId: "c56999" }]);
    expect(found({}, 1).total).toBe(57_000);
  });

  test("late rows get a segment of their own, so that no segment reaches over hours for a few of them", () => {
    append(exampleRecords(300, () => ({}), 100_000));
    const late = [1, 50_000];
    const mixed = Array.from({ length: 600 }, (_, n) => exampleRecord(n % 250 === 3 ? (late.pop() ?? n) : 101_000 + n));
    append(mixed);
    expect(segmentRows()).toEqual([3, 300, 597]);
    expect(found().records).toEqual(
      [...exampleRecords(300, () => ({}), 100_000), ...mixed].sort((a, b) => a.dispatchedAtMs - b.dispatchedAtMs),
    );
    append(mixed.slice(200, 300));
    append(exampleRecords(2));
    expect(segmentRows()).toEqual([1, 3, 300, 597]);
    expect(found({}, 1).total).toBe(901);
  });

  test("searches stop after each segment, and see the trail as it was when they began", () => {
    for (let n = 0; n < 5; n++) append(exampleRecords(10, () => ({}), n * 10));
    const search = trail.search({ filter: { tenant: "acme" }, window: pageWindow({ limit: 1 }), until: "all" });
    let stops = 0;
    let step = search.next();
    while (step.done !== true) {
      stops += 1;
      append(exampleRecords(10, () => ({}), 1_000 + stops * 10));
      step = search.next();
    }
    expect(stops).toBe(5);
    expect(step.value.total).toBe(50);
    expect(found({}, 1).total).toBe(100);
  });

  test("a search that is given up leaves no lock behind", () => {
    append(exampleRecords(10));
    const search = trail.search({ filter: { tenant: "acme" }, window: pageWindow({ limit: 1 }), until: "all" });
    search.next();
    search.return({ lines: [], more: false, total: undefined });
    expect(found().total).toBe(10);
  });
});

describe("merging", () => {
  test("keeps the number of segments small however little is appended at a time, and loses nothing", () => {
    const records = exampleRecords(600, (n) => ({ action: { tenant: `t${n % 7}`, id: `action-${n % 50}` } }));
    for (const record of records) {
      append([record]);
      while (trail.merge());
    }
    expect(segmentRows().length).toBeLessThan(50);
    expect(found()).toEqual({ records, total: 600 });
    expect(found({ tenant: "t3", actionId: "action-10" }).records).toEqual(
      records.filter(({ action }) => action.tenant === "t3" && action.id === "action-10"),
    );
    append(records.slice(100, 200));
    expect(found({}, 1).total).toBe(600);
  });

  test("leaves large segments as they are, and never makes one of more than 8,192 rows", () => {
    for (let n = 0; n < 3; n++) append(exampleRecords(1_024, () => ({}), n * 1_024));
    for (let n = 0; n < 16; n++) append(exampleRecords(600, () => ({}), 10_000 + n * 600));
    while (trail.merge());
    expect(segmentRows()).toEqual([1_024, 1_024, 1_024, 7_800, 600, 600, 600]);
    expect(found({}, 1).total).toBe(12_672);
  });

  test("is looked for once in sixteen appends", () => {
    for (let n = 0; n < 16; n++) append(exampleRecords(1, () => ({}), n));
    expect([trail.merge(), trail.merge()]).toEqual([true, false]);
    for (let n = 16; n < 31; n++) append(exampleRecords(1, () => ({}), n));
    expect(trail.merge()).toBe(false);
  });

  test("goes well beside another process that merges and appends", () => {
    const other = new Trail({ path, sync: false, busyMs: 5_000 });
    for (let n = 0; n < 200; n += 2) {
      append(exampleRecords(1, () => ({}), n));
      append(
        exampleRecords(1, () => ({}), n + 1),
        other,
      );
      trail.merge();
      other.merge();
    }
    other.close();
    expect(found()).toEqual({ records: exampleRecords(200), total: 200 });
  });
});

describe("retention", () => {
  test("drops whole segments, and writes again what is left of one that is old in part", () => {
    for (let n = 0; n < 4; n++) append(exampleRecords(10, () => ({}), n * 10));
    const cut = exampleRecord(15).dispatchedAtMs;
    expect(finish(trail.removeBefore(cut))).toBe(15);
    expect(segmentRows()).toEqual([5, 10, 10]);
    expect(found().records).toEqual(exampleRecords(25, () => ({}), 15));
  });

  test("stops after each segment, so that appends are not held up", () => {
    for (let n = 0; n < 4; n++) append(exampleRecords(10, () => ({}), n * 10));
    const removal = trail.removeBefore(Infinity);
    expect(removal.next()).toEqual({ done: false, value: undefined });
    expect(segmentRows()).toEqual([10, 10, 10]);
    append(exampleRecords(10, () => ({}), 40));
    expect(finish(removal)).toBe(50);
  });
});

describe("damage", () => {
  test("lines that are no records are refused as damaged, and nothing is written", () => {
    const { lines } = encodeAuditBatch(exampleRecords(3));
    expect(() => trail.append(lines.subarray(0, -5), 3)).toThrow(DataDamagedError);
    expect(segmentRows()).toEqual([]);
  });

  test("a block whose bytes have changed is told, and spoils no other segment", () => {
    append(exampleRecords(10));
    append(exampleRecords(10, () => ({}), 10));
    {
      using database = new DatabaseSync(path);
      const { blocks } = database.prepare("SELECT blocks FROM segment_body WHERE segment = 1").get() ?? {};
      const changed = Uint8Array.from(blocks as Uint8Array);
      changed[changed.length - 9]! ^= 1;
      database.prepare("UPDATE segment_body SET blocks = ? WHERE segment = 1").run(changed);
    }
    expect(() => found()).toThrow(DataDamagedError);
    expect(found({ fromMs: exampleRecord(10).dispatchedAtMs }).records).toEqual(exampleRecords(10, () => ({}), 10));
    expect(found({ tenant: "nobody" }).total).toBe(0);
  });

  test("while another process holds the trail an append waits, and then says that the trail is away", () => {
    using database = new DatabaseSync(path);
    database.exec("BEGIN IMMEDIATE");
    const impatient = new Trail({ path, sync: false, busyMs: 50 });
    expect(() => append(exampleRecords(1), impatient)).toThrow(AuditUnavailableError);
    database.exec("ROLLBACK");
    append(exampleRecords(1), impatient);
    impatient.close();
    expect(found().total).toBe(1);
  });
});
