import { outcomeCategory } from "@acteon/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeAuditBatch } from "../audit-batch.ts";
import { InvalidCursorError } from "../audit-cursor.ts";
import type { AuditRecord } from "../audit-record.ts";
import type { AuditFilter, AuditPage, AuditScopeFilter, AuditStore } from "../audit-store.ts";
import { exampleRecord, exampleRecords, firstAtMs, recordShape } from "./example-records.ts";
import type { AuditSubject } from "./subject.ts";
import { TrailModel } from "./trail-model.ts";

/** Filters, order, pages and cursors. */
export function searchLaws({ open }: AuditSubject): void {
  test("any filters together find exactly the records that each lets through, in order, page by page", async () => {
    await using store = await open();
    await fc.assert(
      fc.asyncProperty(
        fc.array(recordShape, { minLength: 1, maxLength: 40 }),
        fc.array(
          fc.record({
            from: fc.nat(),
            fields: fc.subarray([...filterFields]),
            scope: fc.option(anyScope),
            limit: fc.integer({ min: 1, max: 7 }),
          }),
          {
            minLength: 4,
            maxLength: 4,
          },
        ),
        async (shapes, searches) => {
          await store.removeBefore(Infinity);
          const model = new TrailModel();
          const records = shapes.map((shape, n) => exampleRecord(n, shape));
          model.append(records);
          await store.append(encodeAuditBatch(records.slice(0, 15)));
          await store.append(encodeAuditBatch(records.slice(15)));
          for (const { from, fields, scope, limit } of searches) {
            const filter = filterFrom(records[from % records.length]!, fields, scope ?? undefined);
            const expected = model.query(filter);
            expect((await store.query(filter, { limit: 1_000 })).records).toEqual(expected);
            expect((await store.query(filter, { limit: 1, offset: 2 })).total).toBe(expected.length);
            expect(await allPages(store, filter, { limit })).toEqual(expected);
            expect(await allPages(store, filter, { limit, ascending: true })).toEqual(expected.toReversed());
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  describe("a caller sees the union of its grants (wire-api §24.4)", () => {
    const tenants = ["acme", "acme.eu", "acme.eu.berlin", "acmecorp", "other", undefined];
    const cases: readonly [string, AuditScopeFilter, readonly (string | undefined)[]][] = [
      [
        "a tenant covers its levels, and no other tenant that begins so",
        [grant("acme")],
        ["acme", "acme.eu", "acme.eu.berlin"],
      ],
      ["a level covers what is below it", [grant("acme.eu")], ["acme.eu", "acme.eu.berlin"]],
      ["two grants add up", [grant("acme.eu.berlin"), grant("other")], ["acme.eu.berlin", "other"]],
      ["the asterisk covers all, also what has no tenant", [grant("*")], tenants],
      ["both must lie in one grant", [grant("acme", "alerts"), grant("other", "billing")], []],
      ["a namespace is covered by itself only", [grant("*", "notifications.eu"), grant("*", "notification")], []],
      ["no grant covers nothing", [], []],
      ["patterns of databases mean nothing", [grant("acme%"), grant("_____"), grant("a*")], []],
    ];
    let store: AuditStore;
    beforeAll(async () => {
      store = await open();
      await store.append(encodeAuditBatch(tenants.map((tenant, n) => exampleRecord(n, { action: { tenant } }))));
    });
    afterAll(() => store[Symbol.asyncDispose]());
    test.each(cases)("%s", async (_title, scope, expected) => {
      const { records, total } = await store.query({ scope }, { limit: 10, ascending: true });
      expect(records.map(({ action }) => action.tenant)).toEqual(expected);
      expect(total).toBe(expected.length);
    });
  });

  test("newest first; of one time the greater id first; offset and total", async () => {
    await using store = await open();
    const records = exampleRecords(50, (n) => ({ dispatchedAtMs: firstAtMs + Math.floor(n / 10) }));
    for (let n = 0; n < 50; n += 5) await store.append(encodeAuditBatch(records.slice(n, n + 5)));
    const newestFirst = records.toReversed();
    expect(await store.query({}, { limit: 20, offset: 15 })).toMatchObject({
      records: newestFirst.slice(15, 35),
      total: 50,
    });
    expect(await store.query({}, { limit: 20, offset: 40 })).toMatchObject({
      records: newestFirst.slice(40),
      total: 50,
      nextCursor: undefined,
    });
    expect(await store.query({}, { limit: 20, offset: 60 })).toMatchObject({
      records: [],
      total: 50,
      nextCursor: undefined,
    });
    expect(await store.query({}, { limit: 5, offset: 7, ascending: true })).toMatchObject({
      records: records.slice(7, 12),
    });
  });

  test("a limit is held to 1 … 1000 (row 73)", async () => {
    await using store = await open();
    await store.append(encodeAuditBatch(exampleRecords(1_005)));
    for (const [limit, length] of [
      [0, 1],
      [-5, 1],
      [1e9, 1_000],
      [Number.NaN, 1],
    ] as const) {
      expect((await store.query({}, { limit })).records).toHaveLength(length);
    }
  });

  test("a cursor goes on where the page ended, whatever is appended meanwhile", async () => {
    await using store = await open();
    const records = exampleRecords(60);
    await store.append(encodeAuditBatch(records));
    const seen: AuditRecord[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.query({}, { limit: 7, cursor, offset: 3 });
      seen.push(...page.records);
      expect(page.total === undefined).toBe(cursor !== undefined);
      cursor = page.nextCursor;
      await store.append(encodeAuditBatch(exampleRecords(9, () => ({}), 1_000 + seen.length)));
    } while (cursor !== undefined);
    expect(seen).toEqual(records.toReversed().slice(3));
  });

  test("an altered cursor, and one of the other direction, is refused as invalid_cursor (row 73)", async () => {
    await using store = await open();
    await store.append(encodeAuditBatch(exampleRecords(3)));
    const { nextCursor = "" } = await store.query({}, { limit: 1 });
    await expect(store.query({}, { limit: 1, cursor: nextCursor })).resolves.toMatchObject({ total: undefined });
    const altered = Array.from(
      nextCursor,
      (letter, at) => nextCursor.slice(0, at) + (letter === "A" ? "B" : "A") + nextCursor.slice(at + 1),
    );
    for (const cursor of [...altered, "", "x", `${nextCursor}=`, ` ${nextCursor}`, "eyJ2IjoxfQ", "bnVsbA"]) {
      await expect(store.query({}, { limit: 1, cursor }), cursor).rejects.toThrow(InvalidCursorError);
    }
    await expect(store.query({}, { limit: 1, cursor: nextCursor, ascending: true })).rejects.toThrow(
      InvalidCursorError,
    );
  });

  test("appends and queries side by side: a query sees whole batches", async () => {
    await using store = await open();
    const appends = Array.from({ length: 20 }, (_, i) =>
      store.append(encodeAuditBatch(exampleRecords(50, () => ({}), i * 50))),
    );
    const totals = await Promise.all(
      Array.from({ length: 20 }, async () => (await store.query({}, { limit: 1 })).total),
    );
    await Promise.all(appends);
    expect(totals.filter((total) => (total ?? 0) % 50 !== 0)).toEqual([]);
    expect((await store.query({}, { limit: 1 })).total).toBe(1_000);
  });

  test("what was dispatched before a time can be removed, and nothing else", async () => {
    await using store = await open();
    const records = exampleRecords(500, (n) => ({ action: { id: `action-${n % 250}` } }));
    for (let n = 0; n < 500; n += 125) await store.append(encodeAuditBatch(records.slice(n, n + 125)));
    expect(await store.removeBefore(firstAtMs)).toBe(0);
    expect(await store.removeBefore(firstAtMs + 300)).toBe(300);
    expect(await store.query({}, { limit: 1_000, ascending: true })).toMatchObject({
      records: records.slice(300),
      total: 200,
    });
    expect(await store.get("action-40", undefined)).toBeUndefined();
    expect(await store.get("action-60", undefined)).toEqual(records[310]);
    expect(await store.removeBefore(firstAtMs + 300)).toBe(0);
    expect(await store.removeBefore(Infinity)).toBe(200);
    expect(await store.query({}, { limit: 10 })).toEqual({ records: [], total: 0, nextCursor: undefined });
  });
}

function grant(tenant: string, namespace = "*"): AuditScopeFilter[number] {
  return { tenants: [tenant], namespaces: [namespace] };
}

const anyScope: fc.Arbitrary<AuditScopeFilter> = fc.array(
  fc.record({
    tenants: fc.subarray(["*", "acme", "acme.eu", "acmecorp"]),
    namespaces: fc.subarray(["*", "notifications", "alerts"]),
  }),
  { maxLength: 3 },
);

const filterFields = [
  "namespace",
  "tenant",
  "provider",
  "actionType",
  "actionId",
  "outcome",
  "verdict",
  "matchedRule",
  "callerId",
  "chainId",
  "signerId",
  "kid",
  "fromMs",
  "toMs",
] as const satisfies readonly (keyof AuditFilter)[];

/** A filter that lets `record` through, by some of its fields. */
function filterFrom(
  { action, outcome, verdict, rule, callerId, dispatchedAtMs }: AuditRecord,
  fields: readonly (typeof filterFields)[number][],
  scope: AuditScopeFilter | undefined,
): AuditFilter {
  const all: Record<(typeof filterFields)[number], string | number | undefined> = {
    namespace: action.namespace,
    tenant: action.tenant,
    provider: action.provider,
    actionType: action.actionType,
    actionId: action.id,
    outcome: outcomeCategory(outcome),
    verdict,
    matchedRule: rule?.name,
    callerId,
    chainId: outcome.kind === "chainStarted" ? outcome.chainId : undefined,
    signerId: action.signerId,
    kid: action.kid,
    fromMs: dispatchedAtMs,
    toMs: dispatchedAtMs + 3,
  };
  return { ...Object.fromEntries(fields.map((field) => [field, all[field]])), scope };
}

async function allPages(store: AuditStore, filter: AuditFilter, page: AuditPage): Promise<AuditRecord[]> {
  const found: AuditRecord[] = [];
  let cursor: string | undefined;
  do {
    const { records, nextCursor } = await store.query(filter, { ...page, cursor });
    found.push(...records);
    cursor = nextCursor;
  } while (cursor !== undefined);
  return found;
}
