import { expect, test } from "vitest";

import {
  all,
  any,
  call,
  circuitOpen,
  constant,
  counter,
  dedupKey,
  duration,
  failureRate,
  field,
  latencyP99,
  now,
  rule,
  seen,
  stateEntry,
  text,
  timeSince,
} from "./index.ts";
import type { Condition } from "./index.ts";

const conditionOf = (condition: Condition) => rule("r").when(condition).allow().condition;

test("a rule says all that it can say, and is frozen", () => {
  const built = rule("r")
    .priority(-1)
    .description("why")
    .disabled()
    .metadata({ team: "ops" })
    .timezone("Europe/Berlin")
    .skipOnError()
    .when()
    .deny({ reason: "no" });
  expect(built).toMatchObject({
    kind: "rule",
    name: "r",
    priority: -1,
    description: "why",
    enabled: false,
    metadata: { team: "ops" },
    timezone: "Europe/Berlin",
    onError: "skip",
    language: "native",
    legacy: false,
    condition: { kind: "literal", value: true },
    verdict: { kind: "deny", reason: { value: "no" } },
  });
  expect(Object.isFrozen(built)).toBe(true);
});

test("a builder is not changed by what is called on it", () => {
  const base = rule("r").priority(1);
  base.priority(2).disabled();
  expect(base.when().allow()).toMatchObject({ priority: 1, enabled: true });
});

test.each([
  [
    field("action.provider").equals("a"),
    {
      kind: "compare",
      op: "eq",
      left: { kind: "action", path: ["provider"], missing: "null" },
      right: { value: "a" },
      semantics: "plain",
    },
  ],
  [field("action.payload.n").notEquals(5), { op: "ne", left: { path: ["payload", "n"] } }],
  [field("action.payload.n").greaterThan(5), { op: "gt" }],
  [field("action.payload.n").atLeast(5), { op: "ge" }],
  [field("action.payload.n").lessThan(5), { op: "lt" }],
  [field("action.payload.n").atMost(field("action.payload.m")), { op: "le", right: { path: ["payload", "m"] } }],
  [field("action.id").contains("a"), { kind: "call", name: "contains", semantics: "plain" }],
  [field("action.id").startsWith("a"), { name: "startsWith" }],
  [field("action.id").endsWith("a"), { name: "endsWith" }],
  [field("action.id").matches("^a"), { name: "matches", args: [{ path: ["id"] }, { value: "^a" }] }],
  [
    field("action.id").in(["a", field("action.payload.b")]),
    { kind: "in", collection: { items: [{ value: "a" }, { path: ["payload", "b"] }] } },
  ],
  [field("action.id").notIn(["a"]), { kind: "not", operand: { kind: "in" } }],
  [field("action.dedup_key").exists(), { op: "ne", right: { type: "null" } }],
  [
    field("action.payload.list", 0, "a.b").equals(1),
    { left: { kind: "field", name: "a.b", of: { kind: "index", at: { value: 0 } } } },
  ],
  [field("action.payload", "a.b").equals(1), { left: { path: ["payload", "a.b"] } }],
  [field("time.hour").lessThan(9), { left: { kind: "time", part: "hour" } }],
  [field("now").lessThan(9), { left: { kind: "now", as: "seconds" } }],
  [field("env.REGION").equals("eu"), { left: { kind: "env", name: "REGION", missing: "null" } }],
  [
    field("action.id").equals("a").and(field("action.id").equals("b"), field("action.id").equals("c")),
    { kind: "and", operands: { length: 3 } },
  ],
  [field("action.id").equals("a").or(field("action.id").equals("b")), { kind: "or", operands: { length: 2 } }],
  [any(all(), field("action.id").equals("a").not()), { kind: "or", operands: [{ value: true }, { kind: "not" }] }],
  [seen(dedupKey, "5m"), { kind: "stateSeen", key: { kind: "dedupKey" }, window: { value: 300_000_000_000n } }],
  [seen(field("action.tenant")), { key: { kind: "action", path: ["tenant"] } }],
  [seen(text`${field("action.tenant")}`), { key: { kind: "action", path: ["tenant"] } }],
  [seen("k"), { kind: "stateSeen", key: { kind: "literal", value: "k" }, window: undefined }],
  [
    counter(text`${field("action.tenant")}:alerts`, "1m").greaterThan(10),
    {
      op: "gt",
      left: { kind: "stateCounter", key: { parts: [{ path: ["tenant"] }, { value: ":alerts" }], ofNull: "error" } },
    },
  ],
  [
    stateEntry("k").equals("on"),
    { op: "eq", left: { kind: "stateEntry", key: { value: "k" } }, right: { value: "on" } },
  ],
  [timeSince("k").atLeast(duration("5m")), { left: { kind: "stateTimeSince" }, right: { value: 300_000_000_000n } }],
  [latencyP99(field("action.provider")).greaterThan(duration("5s")), { left: { kind: "health", fact: "latencyP99" } }],
  [failureRate("slack").greaterThan(0.5), { left: { fact: "failureRate" }, right: { value: 0.5 } }],
  [
    field("action.payload.a").plus(1).minus(2).times(3).dividedBy(4).modulo(5).equals(6),
    {
      left: {
        kind: "arithmetic",
        op: "modulo",
        left: {
          op: "divide",
          left: { op: "multiply", left: { op: "subtract", left: { op: "add" }, right: { value: 2 } } },
        },
        semantics: "plain",
      },
    },
  ],
  [field("action.id").size().equals(1), { left: { kind: "call", name: "size", args: [{ path: ["id"] }] } }],
  [field("action.id").lower().equals("a"), { left: { name: "lower" } }],
  [field("action.id").upper().equals("A"), { left: { name: "upper" } }],
  [field("action.id").trim().equals("A"), { left: { name: "trim" } }],
  [
    field("action.payload.labels").at(field("action.id"), 0, "x").exists(),
    {
      left: {
        name: "x",
        of: { at: { value: 0 }, of: { kind: "index", of: { path: ["payload", "labels"] }, at: { path: ["id"] } } },
      },
    },
  ],
  [
    field("action.payload.items").any("item", (item) => item.at("price").greaterThan(5)),
    {
      kind: "quantifier",
      quantifier: "any",
      over: { path: ["payload", "items"] },
      key: undefined,
      value: "item",
      condition: { op: "gt", left: { kind: "field", name: "price", of: { kind: "local", name: "item" } } },
    },
  ],
  [field("action.payload.items").every("item", (item) => item.exists()), { quantifier: "all", value: "item" }],
  [field("action.id").in(constant(["a"])), { collection: { kind: "literal", type: "json", value: ["a"] } }],
  [field("action.payload.n").lessThan(constant(5)), { right: { kind: "literal", type: "int", value: 5 } }],
  [
    now.minus(duration("1h")).greaterThan(call("timestamp", field("action.created_at"))),
    { left: { op: "subtract", left: { kind: "now", as: "timestamp" } }, right: { kind: "call", name: "timestamp" } },
  ],
  [circuitOpen("slack"), { kind: "health", fact: "circuitOpen", provider: { value: "slack" } }],
])("condition %#", (condition, expr) => {
  expect(conditionOf(condition)).toMatchObject(expr);
});

test.each([
  [rule("r").when().allow(), { kind: "allow" }],
  [
    rule("r")
      .when()
      .suppress({ reason: text`no ${field("action.id")}`, duration: "1m" }),
    { kind: "suppress", reason: { ofNull: "empty" }, duration: { value: 60_000_000_000n } },
  ],
  [rule("r").when().deduplicate(), { kind: "deduplicate", key: undefined, ttl: undefined }],
  [rule("r").when().deduplicate({ key: "k", window: "1m" }), { key: { value: "k" }, ttl: { value: 60_000_000_000n } }],
  [
    rule("r").when().throttle({ rate: 5, window: "1s" }),
    { kind: "throttle", limit: { value: 5 }, window: { value: 1_000_000_000n } },
  ],
  [rule("r").when().reroute("sms"), { kind: "reroute", to: { value: "sms" } }],
  [
    rule("r")
      .when()
      .modify({ merge: { a: null }, set: { "b.c": field("action.id") }, remove: ["d"], rename: { e: "f.g" } }),
    {
      kind: "modify",
      terminal: false,
      mutations: [
        { op: "merge", patch: { kind: "map" } },
        { op: "set", path: ["b", "c"], value: { path: ["id"] } },
        { op: "remove", path: ["d"] },
        { op: "rename", path: ["e"], to: ["f", "g"] },
      ],
    },
  ],
  [
    rule("r")
      .when()
      .custom("h", { n: 1, id: field("action.id") }),
    {
      kind: "custom",
      handler: "h",
      params: [
        ["n", { value: 1 }],
        ["id", { path: ["id"] }],
      ],
    },
  ],
])("verdict %#", (built, verdict) => {
  expect(built.verdict).toMatchObject(verdict);
});

test("what means nothing is a mistake of the program, told where it is made", () => {
  expect(() => rule("")).toThrow(RangeError);
  expect(() => rule("r").priority(0.5)).toThrow("0.5");
  expect(() =>
    rule("r")
      .when()
      .deduplicate({ window: "5minutes" as "5m" }),
  ).toThrow("5minutes");
  expect(() => rule("r").when().deduplicate({ window: "0s" })).toThrow("longer");
  expect(() => field("time.hours" as "time.hour")).toThrow("hours");
  expect(() => field("payload.x" as "action.id")).toThrow("payload.x");
});

test("the types refuse what no rule can mean", () => {
  // @ts-expect-error -- no field of an action
  field("action.paylod");
  // @ts-expect-error -- a window has a unit
  seen("k", 300);
  // @ts-expect-error -- true has no order
  field("action.id").greaterThan(true);
  // @ts-expect-error -- a rule has a verdict only once it has a condition
  expect(rule("r").allow).toBeUndefined();
});
