import { describe } from "vitest";
import { durabilityLaws } from "./durability-laws.ts";
import { recordLaws } from "./record-laws.ts";
import { searchLaws } from "./search-laws.ts";
import type { AuditSubject } from "./subject.ts";

/** The promises of `AuditStore`, tried on a real one. */
export function describeAuditStore(subject: AuditSubject): void {
  const { name, durable } = subject;
  describe(`audit store ${name}`, () => {
    describe("records", () => recordLaws(subject));
    describe("searching", () => searchLaws(subject));
    if (durable !== undefined) describe("durability", () => durabilityLaws(durable));
  });
}
