import { describe, expect, test } from "vitest";
import { parseAction, restoreAction } from "./action-parser.ts";
import type { ParsedAction } from "./action-parser.ts";
import { stringifyAction } from "./action-serialiser.ts";
import type { Action } from "./action.ts";
import type { JsonValue } from "./json.ts";
import { parseJsonText } from "./parse-json.ts";
import { DataDamagedError } from "./service-errors.ts";

const nowMs = Date.UTC(2026, 2, 1, 9, 30);

const minimal = {
  id: "order-7",
  namespace: "shop",
  tenant: "acme.eu",
  provider: "email",
  action_type: "mail.receipt",
  payload: { to: "a@example.com" },
};

const attachment = {
  id: "1",
  name: "Bill",
  filename: "bill.pdf",
  content_type: "application/pdf",
  data_base64: "AA==",
};

function parsed(value: JsonValue): Action {
  const result = parseAction(value, { nowMs });
  if (result.kind === "rejected") throw new Error(JSON.stringify(result.problems));
  return result.action;
}

function refusals(result: ParsedAction): readonly string[] {
  return result.kind === "parsed" ? [] : result.problems.map(({ pointer, code }) => `${code} ${pointer}`);
}

describe("an action as the wire has it (wire-api §3)", () => {
  test("needs six fields; the others have their defaults", () => {
    expect(parsed(minimal)).toEqual({
      id: "order-7",
      namespace: "shop",
      tenant: "acme.eu",
      provider: "email",
      actionType: "mail.receipt",
      payload: { to: "a@example.com" },
      createdAt: "2026-03-01T09:30:00.000Z",
      metadata: {},
      dedupKey: undefined,
      discriminator: undefined,
      status: undefined,
      fingerprint: undefined,
      startsAt: undefined,
      endsAt: undefined,
      traceContext: {},
      template: undefined,
      attachments: [],
      signature: undefined,
      signerId: undefined,
      kid: undefined,
    });
  });

  test("keeps every field that it has", () => {
    const full = {
      ...minimal,
      created_at: "2026-02-28T23:59:59.123456789+01:00",
      metadata: { service: "api", empty: "" },
      dedup_key: "k",
      discriminator: "",
      status: "resolved",
      fingerprint: "f",
      starts_at: "2026-03-01T00:00:00Z",
      ends_at: "2026-03-02T00:00:00Z",
      trace_context: { traceparent: "00-…" },
      template: "receipt",
      attachments: [attachment],
      signature: "c2ln",
      signer_id: "s",
      kid: "k1",
    };
    expect(parsed(full)).toMatchObject({
      createdAt: "2026-02-28T23:59:59.123456789+01:00",
      metadata: { service: "api", empty: "" },
      dedupKey: "k",
      discriminator: "",
      status: "resolved",
      fingerprint: "f",
      startsAt: "2026-03-01T00:00:00Z",
      endsAt: "2026-03-02T00:00:00Z",
      traceContext: { traceparent: "00-…" },
      template: "receipt",
      attachments: [
        { id: "1", name: "Bill", filename: "bill.pdf", contentType: "application/pdf", dataBase64: "AA==" },
      ],
      signature: "c2ln",
      signerId: "s",
      kid: "k1",
    });
  });

  test.each(["created_at", "metadata", "dedup_key", "discriminator", "status", "fingerprint", "starts_at", "ends_at"])(
    "takes null for %s as absent",
    (name) => {
      expect(parsed({ ...minimal, [name]: null })).toEqual(parsed(minimal));
    },
  );

  test.each(["trace_context", "template", "attachments", "signature", "signer_id", "kid"])(
    "takes null for %s as absent",
    (name) => {
      expect(parsed({ ...minimal, [name]: null })).toEqual(parsed(minimal));
    },
  );

  test("ignores fields that it does not know (§8 row 18)", () => {
    expect(parsed({ ...minimal, actionType: 7, toString: 1 })).toEqual(parsed(minimal));
  });

  test.each<JsonValue>([null, false, 0, "", [], {}, { deep: [1] }])("may have the payload %j", (payload) => {
    expect(parsed({ ...minimal, payload }).payload).toEqual(payload);
  });

  test("has one hidden class, whatever was sent in whatever order", () => {
    const names = Object.keys(parsed(minimal));
    expect(Object.keys(parsed({ kid: "k", dedup_key: "d", ...minimal }))).toEqual(names);
  });
});

describe("metadata", () => {
  test.each([
    ["flat", { a: "1" }, { a: "1" }],
    ["wrapped in labels", { labels: { a: "1" } }, { a: "1" }],
    ["wrapped, with texts beside", { labels: { a: "1" }, b: "2", a: "0", other: 7 }, { a: "1", b: "2" }],
    ["flat, with a label called labels", { labels: "x", a: "1" }, { labels: "x", a: "1" }],
    ["empty", {}, {}],
  ])("is taken %s", (_shape, metadata, flat) => {
    expect(parsed({ ...minimal, metadata }).metadata).toEqual(flat);
  });

  test.each([
    [{ a: 1 }, ["invalid_type /metadata/a"]],
    [{ a: null, "b/c": [] }, ["invalid_type /metadata/a", "invalid_type /metadata/b~1c"]],
    [{ labels: { a: {} } }, ["invalid_type /metadata/labels/a"]],
    [{ labels: null }, ["invalid_type /metadata/labels"]],
    ["x", ["invalid_type /metadata"]],
    [[], ["invalid_type /metadata"]],
  ])("is not %j", (metadata, expected) => {
    expect(refusals(parseAction({ ...minimal, metadata }, { nowMs }))).toEqual(expected);
  });
});

describe("a refusal (§8 rows 13–18, 28)", () => {
  test("tells everything at once, with pointers", () => {
    const { id: _id, ...unnamed } = attachment;
    const broken = {
      namespace: "a:b",
      tenant: "",
      provider: 7,
      action_type: "a\u0000",
      created_at: "2026-02-30T00:00:00Z",
      dedup_key: "",
      attachments: [attachment, { ...unnamed, filename: 1 }, 3],
    };
    expect(refusals(parseAction(broken, { nowMs }))).toEqual([
      "missing_field /id",
      "invalid_namespace /namespace",
      "invalid_tenant /tenant",
      "invalid_type /provider",
      "invalid_id /action_type",
      "missing_field /payload",
      "invalid_instant /created_at",
      "invalid_id /dedup_key",
      "missing_field /attachments/1/id",
      "invalid_type /attachments/1/filename",
      "invalid_type /attachments/2",
    ]);
  });

  test.each([
    ["an array", []],
    ["text", "x"],
    ["null", null],
    ["a number", JSON.rawJSON("12345678901234567890")],
  ])("of what is no object names it: %s", (name, value) => {
    expect(parseAction(value, { nowMs })).toEqual({
      kind: "rejected",
      problems: [{ pointer: "", code: "invalid_type", message: `must be an object, found ${name}` }],
    });
  });

  test.each([
    ["id", "x".repeat(257), "id_too_long"],
    ["id", "", "invalid_id"],
    ["id", JSON.rawJSON("12345678901234567890"), "invalid_type"],
    ["tenant", null, "invalid_type"],
    ["dedup_key", "ü".repeat(129), "id_too_long"],
    ["discriminator", "d".repeat(257), "id_too_long"],
    ["fingerprint", "a\u001bb", "invalid_id"],
    ["starts_at", "1", "invalid_instant"],
    ["ends_at", "2026-03-01T00:00:00", "invalid_instant"],
    ["starts_at", 1_700_000_000, "invalid_type"],
    ["trace_context", { a: 1 }, "invalid_type"],
    ["attachments", {}, "invalid_type"],
    ["signature", true, "invalid_type"],
  ] as const)("of %s %j has the code %s %s", (name, value, code) => {
    const [refusal, ...others] = refusals(parseAction({ ...minimal, [name]: value }, { nowMs }));
    expect(refusal).toMatch(new RegExp(`^${code} /${name}`));
    expect(others).toEqual([]);
  });
});

describe("an action in a record", () => {
  test("comes back as it was, with its long integers and without a tenant", () => {
    const action = parsed({ ...minimal, payload: { n: JSON.rawJSON("12345678901234567890") }, discriminator: "" });
    const stored: Action = { ...action, tenant: undefined };
    for (const one of [action, stored]) {
      const restored = restoreAction(parseJsonText(stringifyAction(one)));
      expect(restored).toEqual(one);
      expect(stringifyAction(restored)).toBe(stringifyAction(one));
    }
  });

  test("that is none is damage", () => {
    expect(() => restoreAction({ id: "1" })).toThrow(DataDamagedError);
  });
});
