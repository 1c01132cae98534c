import { auditFieldNames, auditFields, encodeAuditRecord } from "@acteon/audit";
import { exampleRecord, recordShape } from "@acteon/audit/conformance";
import { DataDamagedError } from "@acteon/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KnownProfiles } from "./known-profiles.ts";
import { hashText, LineScanner } from "./line-scanner.ts";

test("the front of any line is read as JSON.parse reads it, whatever its texts look like", () => {
  const profiles = new KnownProfiles();
  fc.assert(
    fc.property(fc.array(recordShape, { minLength: 1, maxLength: 10 }), (shapes) => {
      const records = shapes.map((shape, n) => exampleRecord(n, shape));
      const lines = Buffer.from(records.map((record) => `${encodeAuditRecord(record)}\n`).join(""));
      const scanner = new LineScanner(lines);
      for (const record of records) {
        scanner.readIds(scanner.end);
        const { texts } = profiles.read(scanner);
        expect(lines.toString("utf8", scanner.idStart, scanner.idEnd)).toBe(record.id);
        expect(scanner.idHash).toBe(hashText(record.id));
        expect(scanner.actionIdHash).toBe(hashText(record.action.id));
        expect(scanner.dispatchedAtMs).toBe(record.dispatchedAtMs);
        expect(texts).toEqual(auditFieldNames.map((name) => auditFields(record)[name]));
      }
      expect(scanner.end).toBe(lines.length);
    }),
  );
});

test.each([0, -1, 0.5, -8.64e15, 8.64e15])("a dispatch at %d ms is read as it is", (dispatchedAtMs) => {
  const scanner = new LineScanner(Buffer.from(`${encodeAuditRecord(exampleRecord(1, { dispatchedAtMs, id: "x" }))}\n`));
  scanner.readIds(0);
  new KnownProfiles().read(scanner);
  expect(scanner.dispatchedAtMs).toBe(dispatchedAtMs);
});

test("a line that is cut anywhere, or is none, is damaged", () => {
  const line = `${encodeAuditRecord(exampleRecord(1))}\n`;
  const cuts = Array.from({ length: line.length }, (_, end) => line.slice(0, end));
  for (const text of [...cuts, "\n", "{}\n", `["a",1]\n`, `["a","b",["c"],x]\n`, `["a","b",["c"],]\n`]) {
    const scanner = new LineScanner(Buffer.from(text));
    expect(() => (scanner.readIds(0), new KnownProfiles().read(scanner)), text).toThrow(DataDamagedError);
  }
});

test("more profiles than are remembered are still told apart", () => {
  const profiles = new KnownProfiles();
  const like = exampleRecord(1);
  for (const n of [...Array(9_000).keys(), 0, 8_999, 5]) {
    const scanner = new LineScanner(Buffer.from(`${encodeAuditRecord({ ...like, callerId: `caller-${n}` })}\n`));
    scanner.readIds(0);
    expect(profiles.read(scanner).texts).toContain(`caller-${n}`);
  }
});
