import type { JsonValue, Span } from "@acteon/core";
import { durationLiteral, jsonExpr, literal, node } from "../ir/build.ts";
import type { Call, Compare, Expr, Logic, Missing, Semantics } from "../ir/expr.ts";
import type { Rule } from "../ir/rule.ts";
import type { Mutation, Verdict } from "../ir/verdict.ts";

/** Short ways to write IR in tests. */
export const span: Span = {
  file: "rules/test.yaml",
  start: { line: 3, column: 5, offset: 20 },
  end: { line: 3, column: 9, offset: 24 },
};

/** `action.payload.a` as `path("payload.a")`. */
export function path(dotted: string, missing: Missing = "null"): Expr {
  return node({ kind: "action", path: dotted === "" ? [] : dotted.split("."), missing, span });
}

export function json(value: JsonValue): Expr {
  return jsonExpr(value, span);
}

export function duration(ms: number): Expr {
  return durationLiteral(ms, span);
}

export function compare(left: Expr, op: Compare["op"], right: Expr | JsonValue, semantics: Semantics = "plain"): Expr {
  return node({ kind: "compare", op, left, right: exprOf(right), semantics, span });
}

export function eq(left: Expr, right: Expr | JsonValue, semantics: Semantics = "plain"): Expr {
  return compare(left, "eq", right, semantics);
}

export function exprOf(value: Expr | JsonValue): Expr {
  return typeof value === "object" && value !== null && "kind" in value ? (value as Expr) : json(value as JsonValue);
}

export function and(...operands: readonly Expr[]): Expr {
  return node({ kind: "and", operands, absorbs: "none", span });
}

export function or(...operands: readonly Expr[]): Expr {
  return node({ kind: "or", operands, absorbs: "none", span });
}

export function absorbing(kind: Logic["kind"], ...operands: readonly Expr[]): Expr {
  return node({ kind, operands, absorbs: "errors", span });
}

export function not(operand: Expr, semantics: Semantics = "plain"): Expr {
  return node({ kind: "not", operand, semantics, span });
}

export function call(name: string, args: readonly (Expr | JsonValue)[], semantics: Semantics = "plain"): Call {
  return node({ kind: "call", name, args: args.map(exprOf), semantics, span });
}

export function local(name: string): Expr {
  return node({ kind: "local", name, span });
}

export function template(...parts: readonly (Expr | string)[]): Expr {
  return node({ kind: "template", parts: parts.map(exprOf), ofNull: "empty", span });
}

export function seen(key: Expr | string, windowMs?: number): Expr {
  return node({ kind: "stateSeen", key: exprOf(key), window: windowOf(windowMs), span });
}

export function entry(key: Expr | string): Expr {
  return node({ kind: "stateEntry", key: exprOf(key), span });
}

export function counter(key: Expr | string, windowMs?: number): Expr {
  return node({ kind: "stateCounter", key: exprOf(key), window: windowOf(windowMs), span });
}

export function timeSince(key: Expr | string): Expr {
  return node({ kind: "stateTimeSince", key: exprOf(key), span });
}

function windowOf(ms: number | undefined): Expr | undefined {
  return ms === undefined ? undefined : duration(ms);
}

export const always: Expr = literal(true, span);
export const dedupKey: Expr = node({ kind: "dedupKey", span });
/** An error, whatever the action. */
export const failure: Expr = path("payload.absent", "error");

/** Verdicts with their optional parts left out. */
export const verdicts = {
  allow: node({ kind: "allow", span }),
  suppress: (reason?: Expr | string, durationMs?: number): Verdict =>
    node({ kind: "suppress", reason: optional(reason), duration: windowOf(durationMs), span }),
  deny: (reason?: Expr | string): Verdict => node({ kind: "deny", reason: optional(reason), span }),
  deduplicate: (key?: Expr | string, ttlMs?: number): Verdict =>
    node({ kind: "deduplicate", key: optional(key), ttl: windowOf(ttlMs), span }),
  reroute: (to: Expr | string): Verdict => node({ kind: "reroute", to: exprOf(to), span }),
  throttle: (limit: Expr | number, windowMs?: number): Verdict =>
    node({ kind: "throttle", limit: exprOf(limit), window: windowOf(windowMs), span }),
  modify: (...mutations: readonly Mutation[]): Verdict => node({ kind: "modify", mutations, terminal: false, span }),
  custom: (handler: string, params: Readonly<Record<string, Expr>> = {}): Verdict =>
    node({ kind: "custom", handler, params: Object.entries(params), span }),
};

function optional(value: Expr | string | undefined): Expr | undefined {
  return value === undefined ? undefined : exprOf(value);
}

export const mutations = {
  merge: (patch: Expr | JsonValue): Mutation => node({ op: "merge", patch: exprOf(patch), span }),
  set: (dotted: string, value: Expr | JsonValue): Mutation =>
    node({ op: "set", path: dotted.split("."), value: exprOf(value), span }),
  remove: (dotted: string): Mutation => node({ op: "remove", path: dotted.split("."), span }),
  rename: (dotted: string, to: string): Mutation =>
    node({ op: "rename", path: dotted.split("."), to: to.split("."), span }),
};

export function rule(name: string, condition: Expr, verdict: Verdict, fields: Partial<Rule> = {}): Rule {
  return node({
    kind: "rule",
    name,
    nameSpan: span,
    span,
    order: 0,
    language: "yaml",
    legacy: false,
    priority: 0,
    enabled: true,
    description: undefined,
    metadata: {},
    timezone: undefined,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    onError: "fail",
    condition,
    verdict,
    ...fields,
  });
}
