import { encodeAuditBatch } from "@acteon/audit";
import { describeAuditStore, exampleRecords } from "@acteon/audit/conformance";
import { expect, test } from "vitest";
import { createMemoryAudit } from "./memory-audit-store.ts";

describeAuditStore({ name: "memory", open: async () => createMemoryAudit() });

test("past maxRecords the records appended first make room, whether they were read or not", async () => {
  await using store = createMemoryAudit({ maxRecords: 100 });
  const records = exampleRecords(1_000);
  for (let n = 0; n < 300; n += 30) await store.append(encodeAuditBatch(records.slice(n, n + 30)));
  expect((await store.query({}, { limit: 1_000, ascending: true })).records).toEqual(records.slice(200, 300));
  await store.append(encodeAuditBatch(records.slice(300, 310)));
  expect((await store.query({}, { limit: 1_000, ascending: true })).records).toEqual(records.slice(210, 310));
  await store.append(encodeAuditBatch(records.slice(310)));
  expect((await store.query({}, { limit: 1_000, ascending: true })).records).toEqual(records.slice(900));
});
