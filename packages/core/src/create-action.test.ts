import { describe, expect, test } from "vitest";
import type { ActionInput } from "./action.ts";
import { createAction } from "./create-action.ts";
import { createFakeClock } from "./fake-clock.ts";
import type { JsonValue } from "./json.ts";
import { ValidationError } from "./request-errors.ts";
import { createSeededRandom } from "./seeded-random.ts";

const ports = { clock: createFakeClock(Date.UTC(2026, 2, 1, 9, 30)), random: createSeededRandom(7) };

const input: ActionInput = {
  namespace: "shop",
  provider: "email",
  actionType: "mail.receipt",
  payload: { to: "a@example.com" },
};

/** What a caller without types may pass. */
function refusals(fields: object): readonly string[] {
  try {
    createAction({ ...input, ...fields }, ports);
    return [];
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return error.problems.map(({ pointer, code }) => `${code} ${pointer}`);
  }
}

function nested(levels: number): JsonValue {
  let value: JsonValue = [];
  for (let i = 1; i < levels; i++) value = [value];
  return value;
}

describe("an action made by a library call", () => {
  test("gets an id and the time, and may have no tenant", () => {
    const action = createAction(input, ports);
    expect(action).toMatchObject({
      tenant: undefined,
      createdAt: "2026-03-01T09:30:00.000Z",
      metadata: {},
      attachments: [],
    });
    expect(action.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(createAction(input, ports).id).not.toBe(action.id);
  });

  test("keeps what the caller gives", () => {
    expect(createAction({ ...input, id: "7", tenant: "acme", dedupKey: "k", discriminator: "" }, ports)).toMatchObject({
      id: "7",
      tenant: "acme",
      dedupKey: "k",
      discriminator: "",
    });
  });

  test("is held to the rules of the wire, and every problem is told under the name of its field", () => {
    expect(
      refusals({
        id: "",
        namespace: "a:b",
        tenant: "a..b",
        actionType: 7,
        payload: undefined,
        createdAt: "now",
        metadata: { a: 1 },
      }),
    ).toEqual([
      "invalid_id /id",
      "invalid_namespace /namespace",
      "invalid_tenant /tenant",
      "invalid_type /actionType",
      "invalid_instant /createdAt",
      "invalid_type /metadata/a",
      "missing_field /payload",
    ]);
  });

  test.each([
    [{ metadata: { a: "\ud800" } }, "ill_formed_text /metadata/a"],
    [{ metadata: { "\ud800": "a" } }, "ill_formed_text /metadata/\ud800"],
    [{ traceContext: new Map() }, "invalid_type /traceContext"],
    [{ signature: "\udfff" }, "ill_formed_text /signature"],
    [
      { attachments: [{ id: "1", name: "n", filename: "f", contentType: "c" }] },
      "missing_field /attachments/0/dataBase64",
    ],
    [{ attachments: [null] }, "invalid_type /attachments/0"],
    [{ kid: "a\nb" }, "invalid_id /kid"],
  ])("with %j is refused: %s", (fields, refusal) => {
    expect(refusals(fields)).toEqual([refusal]);
  });
});

describe("its payload is JSON as the wire would let it pass (guarantees S8)", () => {
  class Money {
    readonly amount = 1;
  }
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;

  test.each([
    ["undefined in it", { a: [undefined] }, "invalid_type /payload/a/0"],
    ["a hole", { a: Array.from({ length: 1 }).concat(1) }, "invalid_type /payload/a/0"],
    ["a function", { a: () => 1 }, "invalid_type /payload/a"],
    ["a bigint", { a: 1n }, "invalid_type /payload/a"],
    ["a symbol", Symbol("x"), "invalid_type /payload"],
    ["a date", { at: new Date(0) }, "invalid_type /payload/at"],
    ["a map", new Map(), "invalid_type /payload"],
    ["an instance of a class", [new Money()], "invalid_type /payload/0"],
    ["NaN", { a: Number.NaN }, "number_out_of_range /payload/a"],
    ["infinity", [Number.NEGATIVE_INFINITY], "number_out_of_range /payload/0"],
    ["a lone surrogate", { "a/b": "\ud800" }, "ill_formed_text /payload/a~1b"],
    ["a key with a lone surrogate", { "\ud800": 1 }, "ill_formed_text /payload/\ud800"],
    ["an own __proto__", JSON.parse('{"a":{"__proto__":1}}'), "forbidden_key /payload/a/__proto__"],
    ["constructor with prototype", { constructor: { prototype: 1 } }, "forbidden_key /payload/constructor/prototype"],
    ["a cycle", cyclic, `too_deep /payload${"/self".repeat(128)}`],
    ["129 levels", nested(129), `too_deep /payload${"/0".repeat(128)}`],
    ["100,001 values", Array.from({ length: 100_000 }, () => 0), "too_complex /payload"],
  ] as const)("%s is refused", (_what, payload: unknown, refusal) => {
    expect(refusals({ payload })).toEqual([refusal]);
  });

  test("a value that is there in many places counts each time", () => {
    const shared = Array.from({ length: 1_000 }, () => 0);
    expect(refusals({ payload: Array.from({ length: 101 }, () => shared) })).toEqual([
      expect.stringMatching(/^too_complex/),
    ]);
  });

  test.each([
    ["null", null],
    ["a text", ""],
    ["an object without a prototype", Object.assign(Object.create(null) as object, { a: 1 })],
    ["a key constructor", { constructor: "x" }],
    ["a long integer", { n: JSON.rawJSON("12345678901234567890") }],
    ["128 levels", nested(128)],
    ["100,000 values", Array.from({ length: 99_999 }, () => true)],
  ] as const)("%s is taken", (_what, payload: unknown) => {
    expect(refusals({ payload })).toEqual([]);
  });

  test("is told everything about at once, but no more than anybody reads", () => {
    expect(refusals({ payload: { a: undefined, b: [Number.NaN, () => 1] } })).toEqual([
      "invalid_type /payload/a",
      "number_out_of_range /payload/b/0",
      "invalid_type /payload/b/1",
    ]);
    expect(refusals({ payload: Array.from({ length: 1_000 }, () => Number.NaN) })).toHaveLength(50);
  });
});
