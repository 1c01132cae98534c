import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as endOfTurn } from "node:timers/promises";
import { createAuditWriter } from "@acteon/audit";
import { exampleRecords } from "@acteon/audit/conformance";
import { openSqliteAudit } from "@acteon/audit-sqlite";
import { systemClock } from "@acteon/core";
import { expect, test } from "vitest";

test("what a writer takes is in the trail, once and whole, though its buffers are filled again and again", async () => {
  const directory = await mkdtemp(join(tmpdir(), "acteon-audit-"));
  const records = exampleRecords(9_000, (n) => ({ action: { payload: { n, text: "ü".repeat(n % 300) } } }));
  const durable: string[] = [];
  {
    await using store = await openSqliteAudit({ path: join(directory, "audit.db") });
    await using writer = createAuditWriter({ store, clock: systemClock, maxBatch: 400, maxDelayMs: 2 });
    writer.onDurable((ids) => durable.push(...ids));
    for (let n = 0; n < records.length; n += 128) {
      for (const record of records.slice(n, n + 128)) expect(writer.record(record, true)).toBe(true);
      await endOfTurn();
    }
    await writer.flush();
    expect(writer.stats).toEqual({ buffered: 0, dropped: 0, written: 9_000 });
    expect((await store.query({}, { limit: 1 })).total).toBe(9_000);
    for (let offset = 0; offset < 9_000; offset += 1_000) {
      const page = await store.query({}, { limit: 1_000, offset, ascending: true });
      expect(page.records).toEqual(records.slice(offset, offset + 1_000));
    }
  }
  expect(durable.sort()).toEqual(records.map(({ id }) => id).sort());
  await rm(directory, { recursive: true });
});
