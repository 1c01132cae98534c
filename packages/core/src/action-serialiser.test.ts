import { describe, expect, test } from "vitest";
import { actionDigest, canonicalBytes } from "./action-digest.ts";
import { serialiseAction, stringifyAction } from "./action-serialiser.ts";
import { actionFields } from "./action.ts";
import type { Action, ActionInput } from "./action.ts";
import { createAction } from "./create-action.ts";
import { createFakeClock } from "./fake-clock.ts";
import { createSeededRandom } from "./seeded-random.ts";

const ports = { clock: createFakeClock(), random: createSeededRandom(1) };

const input: ActionInput = {
  id: "order-7",
  namespace: "shop",
  tenant: "acme",
  provider: "email",
  actionType: "mail.receipt",
  payload: { to: "a@example.com", cc: [] },
  createdAt: "2026-03-01T09:30:00+01:00",
};

const full: ActionInput = {
  ...input,
  metadata: { b: "2", a: "1" },
  dedupKey: "k",
  discriminator: "d",
  status: "open",
  fingerprint: "f",
  startsAt: "2026-03-01T00:00:00Z",
  endsAt: "2026-03-02T00:00:00Z",
  traceContext: { traceparent: "00" },
  template: "receipt",
  attachments: [{ id: "1", name: "Bill", filename: "b.pdf", contentType: "application/pdf", dataBase64: "AA==" }],
  signature: "c2ln",
  signerId: "s",
  kid: "k1",
};

function make(fields: ActionInput): Action {
  return createAction(fields, ports);
}

describe("the serialised form (wire-api §3)", () => {
  test("has null for some absent fields and leaves others out", () => {
    expect(serialiseAction(make(input))).toEqual({
      id: "order-7",
      namespace: "shop",
      tenant: "acme",
      provider: "email",
      action_type: "mail.receipt",
      payload: { to: "a@example.com", cc: [] },
      created_at: "2026-03-01T09:30:00+01:00",
      metadata: {},
      dedup_key: null,
      status: null,
      fingerprint: null,
      starts_at: null,
      ends_at: null,
      trace_context: {},
      template: null,
    });
  });

  test("has every field that the table names, when all are there", () => {
    const serialised = serialiseAction(make(full));
    expect(Object.keys(serialised).toSorted()).toEqual(Object.keys(actionFields).toSorted());
    expect(Object.values(actionFields).toSorted()).toEqual(Object.keys(make(full)).toSorted());
    expect(serialised["attachments"]).toEqual([
      { id: "1", name: "Bill", filename: "b.pdf", content_type: "application/pdf", data_base64: "AA==" },
    ]);
  });

  test("is the same as text", () => {
    expect(JSON.parse(stringifyAction(make(full)))).toEqual(serialiseAction(make(full)));
  });
});

test("canonical bytes are sorted and leave the signature out", () => {
  expect(Buffer.from(canonicalBytes(make({ ...full, payload: { b: 1, a: 2 }, attachments: [] }))).toString()).toBe(
    '{"action_type":"mail.receipt","created_at":"2026-03-01T09:30:00+01:00","dedup_key":"k","discriminator":"d",' +
      '"ends_at":"2026-03-02T00:00:00Z","fingerprint":"f","id":"order-7","metadata":{"a":"1","b":"2"},' +
      '"namespace":"shop","payload":{"a":2,"b":1},"provider":"email","starts_at":"2026-03-01T00:00:00Z",' +
      '"status":"open","template":"receipt","tenant":"acme","trace_context":{"traceparent":"00"}}',
  );
});

describe("the digest of a request (guarantees G5)", () => {
  test("is SHA-256 in hex, and fixed for good: answers are stored under it", () => {
    expect(actionDigest(make(input))).toBe("566ace9e299c47a2dac54df51e66e4195b9ed9ce1c1c008de208d107afd43922");
  });

  test.each<readonly [string, Partial<ActionInput>]>([
    ["made later", { createdAt: "2026-03-01T09:31:00Z" }],
    ["in another trace", { traceContext: { traceparent: "01" } }],
    ["signed anew", { signature: "bmV3", signerId: "t", kid: "k2" }],
    ["with the keys of its payload in another order", { payload: { cc: [], to: "a@example.com" } }],
    ["with its metadata in another order", { metadata: { a: "1", b: "2" } }],
  ])("is the same for the request %s", (_what, change) => {
    expect(actionDigest(make({ ...full, ...change }))).toBe(actionDigest(make(full)));
  });

  test.each<readonly [string, Partial<ActionInput>]>([
    ["id", { id: "order-8" }],
    ["namespace", { namespace: "other" }],
    ["tenant", { tenant: "other" }],
    ["provider", { provider: "sms" }],
    ["action type", { actionType: "other" }],
    ["payload", { payload: { to: "b@example.com", cc: [] } }],
    ["metadata", { metadata: { a: "1" } }],
    ["dedup key", { dedupKey: "other" }],
    ["discriminator", { discriminator: "" }],
    ["status", { status: "closed" }],
    ["fingerprint", { fingerprint: "other" }],
    ["start", { startsAt: "2026-03-01T00:00:01Z" }],
    ["end", { endsAt: "2026-03-02T00:00:01Z" }],
    ["template", { template: "other" }],
    ["attachments", { attachments: [] }],
  ])("differs by %s", (_what, change) => {
    expect(actionDigest(make({ ...full, ...change }))).not.toBe(actionDigest(make(full)));
  });

  test("tells an absent text from an empty one, and one field from its neighbour", () => {
    const digests = [{}, { discriminator: "" }, { status: "" }, { discriminator: "x" }, { status: "x" }].map((change) =>
      actionDigest(make({ ...input, ...change })),
    );
    expect(new Set(digests).size).toBe(digests.length);
  });
});
