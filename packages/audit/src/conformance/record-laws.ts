import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeAuditBatch } from "../audit-batch.ts";
import { exampleRecord, exampleRecords, outcomes, recordShape, troublesomeTexts } from "./example-records.ts";
import type { AuditSubject } from "./subject.ts";

/** What is appended comes back as it was, once. */
export function recordLaws({ open }: AuditSubject): void {
  test("a record comes back as it was appended, whatever it holds", async () => {
    await using store = await open();
    const records = Object.values(outcomes).map((outcome, n) =>
      exampleRecord(n, {
        outcome,
        action: {
          payload: { big: JSON.rawJSON("12345678901234567890"), nested: [null, true, -0.5, { "": "ä\u0000\n\t😀" }] },
          metadata: { label: "x", "": "y" },
          dedupKey: "d",
          discriminator: "",
          status: "open",
          fingerprint: "f",
          startsAt: "2026-01-01T00:00:00Z",
          endsAt: "2026-01-02T00:00:00+02:00",
          traceContext: { traceparent: "00-1-2-03" },
          template: "t",
          attachments: [{ id: "1", name: "n", filename: "f", contentType: "text/plain", dataBase64: "aGk=" }],
          signature: "s",
          signerId: "ada",
          kid: "k",
        },
        rule: { name: "r", file: "rules/a.yaml", line: 7 },
        facts: [
          ["seen", "k", 1],
          ["entry", "e", null],
        ],
        attempts: [
          { number: 1, provider: "email", startedAtMs: 5, durationMs: 0.125, result: "TIMEOUT" },
          { number: 2, provider: "sms", startedAtMs: 50, durationMs: 7, result: "answered" },
        ],
        callerId: "ada",
        authMethod: "jwt",
        lateAnswer: true,
      }),
    );
    await store.append(encodeAuditBatch(records));
    expect((await store.query({}, { limit: 100, ascending: true })).records).toEqual(records);
  });

  test("texts that mean something elsewhere are data, in records and in filters (row 76)", async () => {
    await using store = await open();
    const records = troublesomeTexts.map((text, n) =>
      exampleRecord(n, { callerId: text, action: { provider: text, actionType: text, id: `id ${text}` } }),
    );
    await store.append(encodeAuditBatch(records));
    for (const [n, text] of troublesomeTexts.entries()) {
      const expected = { records: [records[n]], total: 1 };
      expect(await store.query({ callerId: text }, { limit: 10 })).toMatchObject(expected);
      expect(await store.query({ provider: text, actionType: text }, { limit: 10 })).toMatchObject(expected);
      expect(await store.get(`id ${text}`, undefined)).toEqual(records[n]);
    }
    expect((await store.query({ provider: "%" }, { limit: 10 })).total).toBe(0);
    expect((await store.query({ chainId: "null" }, { limit: 10 })).total).toBe(0);
  });

  test("the same id twice is one record, the first, wherever the other stands (G9)", async () => {
    await using store = await open();
    const records = exampleRecords(300);
    const again = (n: number) => ({ ...exampleRecord(n), verdict: "suppress" });
    await store.append(encodeAuditBatch([...records.slice(0, 100), again(7)]));
    await store.append(encodeAuditBatch([...records.slice(100, 200), again(7), again(150), again(20)]));
    await store.append(encodeAuditBatch(records.slice(0, 200)));
    await store.append(encodeAuditBatch([again(199), ...records.slice(200)]));
    const { records: found, total } = await store.query({}, { limit: 1_000, ascending: true });
    expect(total).toBe(300);
    expect(found).toEqual(records);
    expect((await store.query({ verdict: "suppress" }, { limit: 1 })).total).toBe(0);
  });

  test("of any records, appended in any batches and repeated, each is there once", async () => {
    await using store = await open();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.record({ n: fc.nat(30), shape: recordShape }), { maxLength: 12 }), { maxLength: 8 }),
        async (batches) => {
          await store.removeBefore(Infinity);
          const first = new Map<string, unknown>();
          for (const batch of batches) {
            const records = batch.map(({ n, shape }) => exampleRecord(n, { ...shape, id: `id-${n}` }));
            await store.append(encodeAuditBatch(records));
            for (const record of records) if (!first.has(record.id)) first.set(record.id, record);
          }
          const { records, total } = await store.query({}, { limit: 1_000 });
          expect(total).toBe(first.size);
          expect(new Map(records.map((record) => [record.id, record]))).toEqual(first);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("get gives the latest record of an action that the caller may see", async () => {
    await using store = await open();
    const ofTenant = (tenant: string, id: string) => ({ action: { id, tenant } });
    const records = [
      exampleRecord(1, ofTenant("acme.eu", "x")),
      exampleRecord(3, ofTenant("acme.eu", "x")),
      exampleRecord(2, ofTenant("acme.eu", "x")),
      exampleRecord(9, ofTenant("other", "x")),
      exampleRecord(10, ofTenant("acme", "y")),
    ];
    for (const record of records) await store.append(encodeAuditBatch([record]));
    expect(await store.get("x", undefined)).toEqual(records[3]);
    expect(await store.get("x", [{ tenants: ["acme"], namespaces: ["*"] }])).toEqual(records[1]);
    expect(await store.get("x", [{ tenants: ["acme"], namespaces: ["alerts"] }])).toBeUndefined();
    expect(await store.get("x", [])).toBeUndefined();
    expect(await store.get("z", undefined)).toBeUndefined();
  });
}
