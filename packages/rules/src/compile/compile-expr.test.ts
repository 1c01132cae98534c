import { describe, expect, test } from "vitest";
import { node } from "../ir/build.ts";
import type { Expr, Missing, Semantics } from "../ir/expr.ts";
import { action, environment, evaluate, nowMs } from "../testing/evaluation.ts";
import {
  absorbing,
  always,
  and,
  call,
  compare,
  dedupKey,
  duration,
  eq,
  failure,
  json,
  local,
  not,
  or,
  path,
  span,
  template,
} from "../testing/ir.ts";
import { Double, Duration, EvalError, Timestamp, undefinedResult } from "../values/value.ts";
import type { Result, Value } from "../values/value.ts";

/** An error of any message, undefined, or the value. */
const error: unique symbol = Symbol("error");

function outcome(result: Result): Result | typeof error {
  return result instanceof EvalError ? error : result;
}

function field(of: Expr, name: string, missing: Missing): Expr {
  return node({ kind: "field", of, name, missing, span });
}

function index(of: Expr, at: Expr, missing: Missing): Expr {
  return node({ kind: "index", of, at, missing, span });
}

describe("fields of the action", () => {
  const sent = action({
    dedupKey: "k",
    metadata: { team: "blue" },
    payload: { a: { b: 1, none: null }, list: [10, 20], big: JSON.rawJSON("9007199254740993"), text: "x" },
  });

  test.each<readonly [string, Value]>([
    ["provider", "slack"],
    ["action_type", "alert"],
    ["tenant", "acme"],
    ["dedup_key", "k"],
    ["status", null],
    ["metadata.team", "blue"],
    ["payload.a.b", 1],
    ["payload.a.none", null],
    ["payload.big", 9007199254740993n],
    ["payload.list", [10, 20]],
  ])("%s", (dotted, value) => {
    expect(evaluate(path(dotted, "error"), sent)).toEqual(value);
  });

  test("the whole action is its serialised form", () => {
    expect(evaluate(path(""), sent)).toMatchObject({ action_type: "alert", dedup_key: "k", status: null });
  });

  const missings: readonly (readonly [string, Record<Missing, Result | typeof error>])[] = [
    ["payload.absent", { error, undefined: undefinedResult, null: null, nullKey: null }],
    ["payload.absent.deeper", { error, undefined: undefinedResult, null: null, nullKey: error }],
    ["payload.a.none.deeper", { error, undefined: undefinedResult, null: null, nullKey: error }],
    ["payload.text.length", { error, undefined: undefinedResult, null: null, nullKey: error }],
    ["payload.list.length", { error, undefined: undefinedResult, null: null, nullKey: error }],
    ["metadata.absent", { error, undefined: undefinedResult, null: null, nullKey: null }],
    ["signature", { error, undefined: undefinedResult, null: null, nullKey: null }],
    ["no_such_field", { error, undefined: undefinedResult, null: null, nullKey: null }],
    // What objects inherit is no field of them.
    ["payload.constructor", { error, undefined: undefinedResult, null: null, nullKey: null }],
    ["payload.a.__proto__", { error, undefined: undefinedResult, null: null, nullKey: null }],
    ["payload.big.rawJSON", { error, undefined: undefinedResult, null: null, nullKey: error }],
  ];
  test.each(missings)("%s, which is not there, is what the node says", (dotted, expected) => {
    for (const [missing, result] of Object.entries(expected)) {
      expect(outcome(evaluate(path(dotted, missing as Missing), sent)), missing).toEqual(result);
    }
  });

  test("a key that objects inherit is found where it is an own one", () => {
    const payload = JSON.parse('{"constructor": {"name": "mine"}}');
    expect(evaluate(path("payload.constructor.name", "error"), action({ payload }))).toBe("mine");
  });

  test("has asks whether something is there, by the steps before the last", () => {
    const has = (dotted: string, missing: Missing): Result =>
      evaluate(node({ kind: "has", reference: path(dotted, missing) as never, span }), sent);
    expect(has("payload.a.b", "error")).toBe(true);
    expect(has("payload.a.none", "error")).toBe(true);
    expect(has("payload.a.absent", "error")).toBe(false);
    expect(has("dedup_key", "error")).toBe(true);
    expect(has("status", "error")).toBe(false);
    expect(outcome(has("payload.absent.deeper", "error"))).toBe(error);
    expect(has("payload.absent.deeper", "null")).toBe(false);
    expect(has("payload.absent.deeper", "undefined")).toBe(false);
  });

  test("the dedup key falls back on the action id, and so it does in a template", () => {
    expect(evaluate(dedupKey, sent)).toBe("k");
    expect(evaluate(template("key:", dedupKey), action({ id: "a-7" }))).toBe("key:a-7");
  });
});

describe("fields and elements of other values", () => {
  const map = json({ a: 1, toString: "own" });
  const list = json([10, 20]);

  test.each<readonly [Expr, Result | typeof error]>([
    [field(map, "a", "error"), 1],
    [field(map, "toString", "error"), "own"],
    [field(map, "valueOf", "error"), error],
    [field(map, "b", "nullKey"), null],
    [field(json(null), "b", "nullKey"), error],
    [field(json(null), "b", "null"), null],
    [index(list, json(1), "error"), 20],
    [index(list, json(2), "error"), error],
    [index(list, json(-1), "undefined"), undefinedResult],
    [index(map, json("a"), "error"), 1],
    [index(json("text"), json(0), "null"), null],
  ])("%#", (expr, expected) => {
    expect(outcome(evaluate(expr))).toEqual(expected);
  });
});

function conditional(condition: Expr, then: Expr, otherwise: Expr): Expr {
  // oxlint-disable-next-line unicorn/no-thenable -- the field of a `Conditional`, which nobody awaits
  return node({ kind: "conditional", condition, then, otherwise, span });
}

describe("logic", () => {
  const yes = always;
  const no = json(false);
  const missing = path("payload.absent", "undefined");

  test.each<readonly [Expr, Result | typeof error]>([
    [and(), true],
    [or(), false],
    [and(yes, no, failure), false],
    [and(yes, failure, no), error],
    [or(no, yes, failure), true],
    [or(failure, yes), error],
    [and(yes, json("text")), error],
    [and(missing, yes), undefinedResult],
    [or(missing, yes), true],
    [or(missing, no), undefinedResult],
    [absorbing("and", failure, no), false],
    [absorbing("and", failure, yes), error],
    [absorbing("or", failure, yes), true],
    [absorbing("or", failure, no), error],
    [absorbing("and", json("text"), no), false],
    [not(no), true],
    [not(json(1)), error],
    [not(missing), undefinedResult],
    [not(missing, "rego"), true],
    [conditional(yes, json(1), failure), 1],
    [conditional(no, failure, json(2)), 2],
    [conditional(json(1), json(1), json(2)), error],
  ])("%#", (expr, expected) => {
    expect(outcome(evaluate(expr))).toBe(expected);
  });
});

describe("comparisons and membership", () => {
  test.each<readonly [Expr, Result | typeof error]>([
    [eq(path("provider"), "slack"), true],
    [compare(path("provider"), "ne", "slack"), false],
    [compare(path("payload.absent"), "ne", "slack"), true],
    [compare(json(2), "ge", 2), true],
    [compare(json("a"), "lt", "b"), true],
    [compare(json("a"), "lt", 1), error],
    [compare(path("payload.absent"), "gt", 1, "plain"), false],
    [compare(path("payload.absent"), "gt", 1, "legacy"), error],
    [compare(json("a"), "lt", 1, "rego"), false],
    [node({ kind: "in", item: path("provider"), collection: json(["mail", "slack"]), semantics: "plain", span }), true],
    [node({ kind: "in", item: json(2), collection: json([1, 2.5, 2]), semantics: "legacy", span }), true],
    [node({ kind: "in", item: json(2), collection: json(["2"]), semantics: "drl", span }), true],
    [node({ kind: "in", item: json("a"), collection: json({ a: 1 }), semantics: "cel", span }), true],
    [node({ kind: "in", item: json("a"), collection: json(null), semantics: "plain", span }), false],
    [node({ kind: "in", item: json("a"), collection: json("abc"), semantics: "plain", span }), error],
    [node({ kind: "in", item: json("a"), collection: json("abc"), semantics: "rego", span }), false],
  ])("%#", (expr, expected) => {
    expect(outcome(evaluate(expr))).toBe(expected);
  });

  test("arithmetic that goes wrong is an error, in rego undefined", () => {
    const divide = (semantics: Semantics): Expr =>
      node({ kind: "arithmetic", op: "divide", left: json(1), right: json(0), semantics, span });
    expect(outcome(evaluate(divide("cel")))).toBe(error);
    expect(evaluate(divide("rego"))).toBe(undefinedResult);
    expect(evaluate(node({ kind: "negate", operand: json(1.5), semantics: "cel", span }))).toBe(-1.5);
  });
});

describe("calls", () => {
  test.each<readonly [Expr, Result | typeof error]>([
    [call("contains", ["an error", "err"]), true],
    [call("contains", [["a", 2], 2]), true],
    [call("startsWith", ["#alerts-db", "#alerts"]), true],
    [call("endsWith", ["mail.example", ".com"]), false],
    [call("matches", ["disk 97 %", "\\d+ ?%$"]), true],
    [call("matches", ["Critical", "(?i)critical"]), true],
    [call("matches", ["text", path("payload.absent")], "plain"), false],
    [call("matches", ["text", template("(", "a")]), error],
    [call("startsWith", [path("payload.absent"), "x"], "plain"), false],
    [call("startsWith", [path("payload.absent"), "x"], "legacy"), error],
    [call("startsWith", [1, "x"], "plain"), error],
    [call("startsWith", [1, "x"], "rego"), undefinedResult],
    [call("lower", ["ÄB"]), "äb"],
    [call("lower", [path("payload.absent")], "plain"), null],
    [call("trim", ["  x "]), "x"],
    [call("upper", ["x"]), "X"],
    [call("size", ["a😀"]), 2],
    [call("size", [[1, 2, 3]]), 3],
    [call("size", [{ a: 1 }]), 1],
    [call("int", ["42"]), 42],
    [call("int", [2.9]), 2],
    [call("int", ["4.2"]), error],
    [call("text", [42]), "42"],
    [call("no_such_function", [1]), error],
  ])("%#", (expr, expected) => {
    expect(outcome(evaluate(expr))).toBe(expected);
  });

  test("conversions give durations, instants and doubles", () => {
    expect(evaluate(call("duration", ["1m30s"]))).toEqual(new Duration(90_000_000_000n));
    expect(evaluate(call("timestamp", ["1970-01-01T00:00:01Z"]))).toEqual(new Timestamp(1_000_000_000n));
    expect(evaluate(call("double", [2]))).toEqual(new Double(2));
    expect(outcome(evaluate(call("duration", ["soon"])))).toBe(error);
  });

  test("a template converts its parts, and says what null is", () => {
    const sent = action({ payload: { n: 7, list: [1] } });
    expect(evaluate(template("n=", path("payload.n"), " ", path("payload.list"), path("payload.absent")), sent)).toBe(
      "n=7 [1]",
    );
    const strict = node({ kind: "template", parts: [path("payload.absent")], ofNull: "error", span });
    expect(outcome(evaluate(strict))).toBe(error);
  });
});

describe("time, environment and health", () => {
  const time = (part: string, zone?: string): Expr => node({ kind: "time", part: part as "hour", zone, span });

  // 2026-03-02T09:30:15Z, a Monday.
  test.each<readonly [string, string | undefined, Value]>([
    ["hour", undefined, 9],
    ["minute", undefined, 30],
    ["second", undefined, 15],
    ["day", undefined, 2],
    ["month", undefined, 3],
    ["year", undefined, 2026],
    ["weekday", undefined, "Monday"],
    ["weekday_num", undefined, 1],
    ["timestamp", "Asia/Kolkata", nowMs / 1_000],
    ["hour", "Asia/Kolkata", 15],
    ["minute", "Asia/Kolkata", 0],
    ["hour", "America/Los_Angeles", 1],
    ["weekday", "Pacific/Kiritimati", "Monday"],
    ["day", "Pacific/Kiritimati", 2],
  ])("time.%s in %s", (part, zone, value) => {
    expect(evaluate(time(part, zone))).toBe(value);
  });

  test("a time zone follows its changes between summer and winter", () => {
    const at = (instant: string): Result =>
      evaluate(time("hour", "Europe/Berlin"), action(), environment({ nowMs: Date.parse(instant) }));
    expect(at("2026-03-29T00:59:59Z")).toBe(1);
    expect(at("2026-03-29T01:00:00Z")).toBe(3);
    expect(at("2026-10-25T00:59:59Z")).toBe(2);
    expect(at("2026-10-25T01:00:00Z")).toBe(2);
  });

  test("a time zone that does not exist is an error at each evaluation", () => {
    expect(outcome(evaluate(time("hour", "Mars/Olympus")))).toBe(error);
  });

  test("now is the instant of the evaluation, in the unit that is asked for", () => {
    const now = (as: "timestamp" | "seconds" | "nanoseconds"): Expr => node({ kind: "now", as, span });
    expect(evaluate(now("seconds"))).toBe(nowMs / 1_000);
    expect(evaluate(now("nanoseconds"))).toBe(BigInt(nowMs) * 1_000_000n);
    expect(evaluate(compare(now("timestamp"), "gt", call("timestamp", ["2026-03-02T00:00:00Z"])))).toBe(true);
  });

  test("variables of the environment are own ones", () => {
    const variable = (name: string, missing: Missing): Expr => node({ kind: "env", name, missing, span });
    const env = environment({ variables: { REGION: "eu" } });
    expect(evaluate(variable("REGION", "error"), action(), env)).toBe("eu");
    expect(evaluate(variable("toString", "null"), action(), env)).toBe(null);
    expect(evaluate(variable("region", "error"), action(), env)).toMatchObject({
      message: "undefined variable: region",
    });
  });

  test("health is what the executor has seen", () => {
    const env = environment({
      health: { circuitOpen: (name) => name === "slack", latencyP99Ms: () => 6_000, failureRate: () => 1 },
    });
    const health = (fact: "circuitOpen" | "latencyP99" | "failureRate", provider: Expr): Expr =>
      node({ kind: "health", provider, fact, span });
    expect(evaluate(health("circuitOpen", path("provider")), action(), env)).toBe(true);
    expect(evaluate(compare(health("latencyP99", json("x")), "gt", duration(5_000)), action(), env)).toBe(true);
    expect(evaluate(health("failureRate", json("x")), action(), env)).toEqual(new Double(1));
    expect(evaluate(compare(health("latencyP99", json("x")), "eq", duration(0)))).toBe(true);
    expect(outcome(evaluate(health("circuitOpen", json(1)), action(), env))).toBe(error);
  });
});

describe("lists and maps", () => {
  test("are built in order, and an error in them is theirs", () => {
    const list = node({ kind: "list", items: [path("provider"), json(1)], span });
    expect(evaluate(list)).toEqual(["slack", 1]);
    const map = node({ kind: "map", entries: [[json("p"), path("provider")]], span });
    expect(evaluate(map)).toEqual({ p: "slack" });
    expect(outcome(evaluate(node({ kind: "list", items: [path("provider"), failure], span })))).toBe(error);
    const twice = node({
      kind: "map",
      entries: [
        [path("provider"), json(1)],
        [json("slack"), json(2)],
      ],
      span,
    });
    expect(outcome(evaluate(twice))).toBe(error);
  });

  test("a name that nothing binds is an error", () => {
    expect(outcome(evaluate(local("x")))).toBe(error);
  });
});
