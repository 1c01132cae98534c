import { DataDamagedError, parseJsonText } from "@acteon/core";
import type { JsonValue } from "@acteon/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeAuditBatch, encodeAuditBatch } from "./audit-batch.ts";
import { decodeAuditRecord, encodeAuditRecord } from "./audit-record-codec.ts";
import { ProfileTexts } from "./profile-texts.ts";
import { exampleRecord, exampleRecords, recordShape } from "./conformance/example-records.ts";

/** No action has a key that reaches a prototype. */
const anyPayload = fc.jsonValue().filter((value) => !/"(?:__proto__|prototype)":/.test(JSON.stringify(value)));

test("a record is one line, and that line is the record", () => {
  fc.assert(
    fc.property(recordShape, anyPayload, (shape, payload) => {
      const record = exampleRecord(1, { ...shape, action: { ...shape.action, payload: payload as JsonValue } });
      const line = encodeAuditRecord(record);
      expect(line).not.toMatch(/[\n\r]/);
      const asText = parseJsonText(JSON.stringify(record.action.payload));
      expect(decodeAuditRecord(line)).toEqual({ ...record, action: { ...record.action, payload: asText } });
    }),
  );
});

test("integers beyond 2^53 − 1 keep their digits (S8)", () => {
  const payload = { id: JSON.rawJSON("900719925474099312345"), list: [JSON.rawJSON("-12345678901234567890"), 1.5, 7] };
  const line = encodeAuditRecord(exampleRecord(1, { action: { payload } }));
  expect(line).toContain(`"list":[-12345678901234567890,1.5,7]`);
  expect(JSON.stringify(decodeAuditRecord(line).action.payload)).toBe(JSON.stringify(payload));
});

test("records of one kind of traffic share the bytes by which they are found", () => {
  const profileOf = (line: string) => JSON.stringify((JSON.parse(line) as unknown[])[2]);
  const [first, second] = exampleRecords(2, (n) => ({ action: { payload: { n } } })).map((record) =>
    encodeAuditRecord(record),
  );
  expect(profileOf(first!)).toBe(profileOf(second!));
  expect(profileOf(encodeAuditRecord(exampleRecord(1, { verdict: "deny" })))).not.toBe(profileOf(first!));
});

test("kept profiles change nothing in the text, whichever records share their place", () => {
  fc.assert(
    fc.property(fc.array(recordShape, { maxLength: 20 }), (shapes) => {
      const profiles = new ProfileTexts();
      for (const shape of [...shapes, ...shapes]) {
        const record = exampleRecord(1, shape);
        expect(encodeAuditRecord(record, profiles)).toBe(encodeAuditRecord(record));
      }
    }),
  );
  const profiles = new ProfileTexts();
  for (let n = 0; n < 3_000; n++) {
    const record = exampleRecord(n, { ruleSetHash: `set ${n}` }); // of which the place knows nothing
    expect(encodeAuditRecord(record, profiles)).toBe(encodeAuditRecord(record));
  }
});

test("a batch is its records, and no records are a batch too", () => {
  expect(decodeAuditBatch(encodeAuditBatch(exampleRecords(3)))).toEqual(exampleRecords(3));
  expect(decodeAuditBatch(encodeAuditBatch([]))).toEqual([]);
});

test.each(["", "{}", "[]", "nonsense", `["id","a",[],1,1,{},"",{},{},[]]`])("%j is no record", (line) => {
  expect(() => decodeAuditRecord(line)).toThrow(DataDamagedError);
});
