import { expect, test } from "vitest";
import {
  and,
  call,
  compare,
  counter,
  dedupKey,
  duration,
  entry,
  eq,
  json,
  local,
  not,
  or,
  path,
  seen,
  span,
  template,
  timeSince,
} from "../testing/ir.ts";
import { node } from "./build.ts";
import { displayExpr } from "./display.ts";
import type { Expr } from "./expr.ts";

test.each<readonly [Expr, string]>([
  [eq(path("a.b"), "x"), '(action.a.b == "x")'],
  [and(eq(path("a"), 1), compare(path("b"), "ge", 2)), "all((action.a == 1) && (action.b >= 2))"],
  [or(not(json(true)), json(null)), "any(!true || null)"],
  [call("contains", [path("a"), "x"]), '(action.a contains "x")'],
  [call("startsWith", [path("a"), "x"]), '(action.a starts_with "x")'],
  [call("endsWith", [path("a"), "x"]), '(action.a ends_with "x")'],
  [call("matches", [path("a"), "x"]), '(action.a matches "x")'],
  [call("lower", [path("a")]), "lower(action.a)"],
  [
    node({ kind: "in", item: path("a"), collection: json([1, 2.5, true]), semantics: "plain", span }),
    "(action.a in [1, 2.5, true])",
  ],
  [counter("k"), 'StateCounter("k")'],
  [counter(template(path("a"), ":x"), 60_000), 'StateCounter("{{ action.a }}:x", 1m)'],
  [timeSince("k"), 'StateTimeSince("k")'],
  [seen(dedupKey), "StateSeen(action.dedup_key())"],
  [entry("k"), 'StateGet("k")'],
  [duration(90_000), "1m30s"],
  [json({ a: [1] }), '{"a": [1]}'],
  [node({ kind: "now", as: "seconds", span }), "now"],
  [node({ kind: "time", part: "hour", zone: undefined, span }), "time.hour"],
  [node({ kind: "env", name: "REGION", missing: "null", span }), "env.REGION"],
  [node({ kind: "health", provider: json("slack"), fact: "circuitOpen", span }), 'env.circuit_open("slack")'],
  [node({ kind: "arithmetic", op: "modulo", left: json(3), right: json(2), semantics: "cel", span }), "(3 % 2)"],
  [node({ kind: "index", of: local("x"), at: json(0), missing: "error", span }), "x[0]"],
  [node({ kind: "field", of: local("x"), name: "y", missing: "error", span }), "x.y"],
  [
    node({
      kind: "quantifier",
      quantifier: "all",
      over: path("a"),
      key: "i",
      value: "v",
      condition: eq(local("v"), 1),
      absorbs: "none",
      semantics: "plain",
      span,
    }),
    "all(i, v in action.a: (v == 1))",
  ],
  [
    node({
      kind: "query",
      body: [
        node({ kind: "scan", over: path("a"), key: undefined, value: "v", semantics: "plain", span }),
        node({ kind: "guard", condition: eq(local("v"), 1), absorbs: "none", span }),
        node({ kind: "emit", key: undefined, value: local("v"), span }),
      ],
      collect: "list",
      span,
    }),
    "list { v in action.a; (v == 1); emit v }",
  ],
])("%#: %s", (expr, text) => {
  expect(displayExpr(expr)).toBe(text);
});

test("long values are cut, as whole documents are literals", () => {
  const numbers = Array.from({ length: 25 }, (_, i) => i);
  const shown = `${numbers.slice(0, 20).join(", ")}, … 5 more`;
  const document = node({ kind: "literal", type: "json", value: { numbers, text: "x".repeat(300) }, span });
  expect(displayExpr(document)).toBe(`{"numbers": [${shown}], "text": "${"x".repeat(199)}…"}`);
  expect(displayExpr(json(numbers))).toBe(`[${shown}]`);
  expect(displayExpr(json("x".repeat(300)))).toHaveLength(202);
});
