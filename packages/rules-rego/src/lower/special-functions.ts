import type { Span } from "@acteon/core";
import { literal, node } from "@acteon/rules";
import type { Arithmetic, Compare, Expr, ProviderHealth, Query } from "@acteon/rules";
import { metadataChain, ruleMetadata } from "./documentation.ts";
import type { Scope } from "./scope.ts";
import { keyOf } from "./state-key.ts";
import { windowIn } from "./window.ts";

/** A function that is no built-in of the engine, but a node of its own. */
export interface SpecialFunction {
  readonly arity: readonly [least: number, most: number];
  readonly lower: (args: readonly Expr[], span: Span, scope: Scope) => Expr;
}

const calculations: Readonly<Record<string, Arithmetic["op"]>> = {
  plus: "add",
  minus: "subtract",
  mul: "multiply",
  div: "divide",
  rem: "modulo",
};

const comparisons: Readonly<Record<string, Compare["op"]>> = {
  // Where both sides have values.
  eq: "eq",
  equal: "eq",
  neq: "ne",
  lt: "lt",
  lte: "le",
  gt: "gt",
  gte: "ge",
};

export const specialFunctions: ReadonlyMap<string, SpecialFunction> = new Map<string, SpecialFunction>([
  ...Object.entries(calculations).map(([name, op]) => [name, calculation(op)] as const),
  ...Object.entries(comparisons).map(([name, op]) => [name, comparison(op)] as const),
  [
    "internal.member_2",
    special(2, 2, ([item, collection], span) =>
      node({ kind: "in", item: item!, collection: membersOf(collection!), semantics: "rego", span }),
    ),
  ],
  ["internal.member_3", special(3, 3, ([at, item, of], span) => memberAt(at!, item!, of!, span))],
  ["time.now_ns", special(0, 0, (_, span) => node({ kind: "now", as: "nanoseconds", span }))],
  ["print", special(0, 100, (_, span) => literal(true, span))],
  ["trace", special(1, 1, (_, span) => literal(true, span))],
  ["rego.metadata.rule", special(0, 0, (_, span, scope) => json(ruleMetadata(scope), span))],
  ["rego.metadata.chain", special(0, 0, (_, span, scope) => json(metadataChain(scope), span))],
  ["opa.runtime", special(0, 0, (_, span) => json({}, span))],
  [
    "state.seen",
    special(1, 2, ([key, window], span, scope) =>
      node({ kind: "stateSeen", key: keyOf(key!), window: windowIn(window, scope), span }),
    ),
  ],
  [
    "state.counter",
    special(1, 2, ([key, window], span, scope) =>
      node({ kind: "stateCounter", key: keyOf(key!), window: windowIn(window, scope), span }),
    ),
  ],
  ["state.get", special(1, 1, ([key], span) => node({ kind: "stateEntry", key: keyOf(key!), span }))],
  [
    "state.time_since",
    special(1, 1, ([key], span) => nanoseconds(node({ kind: "stateTimeSince", key: keyOf(key!), span }))),
  ],
  ["action.dedup_key", special(0, 0, (_, span) => node({ kind: "dedupKey", span }))],
  ["env.circuit_open", special(1, 1, ([provider], span) => health(provider!, "circuitOpen", span))],
  ["env.failure_rate", special(1, 1, ([provider], span) => health(provider!, "failureRate", span))],
  ["env.latency_p99", special(1, 1, ([provider], span) => nanoseconds(health(provider!, "latencyP99", span)))],
]);

function special(least: number, most: number, lower: SpecialFunction["lower"]): SpecialFunction {
  return { arity: [least, most], lower };
}

function calculation(op: Arithmetic["op"]): SpecialFunction {
  return special(2, 2, ([left, right], span, { lowering: { strict } }) =>
    node({
      kind: "arithmetic",
      op,
      left: left!,
      right: right!,
      semantics: "rego",
      ...(strict && { surfaces: true }),
      span,
    }),
  );
}

function comparison(op: Compare["op"]): SpecialFunction {
  return special(2, 2, ([left, right], span) =>
    node({ kind: "compare", op, left: left!, right: right!, semantics: "rego", span }),
  );
}

/** A set that is written out is gone through as a list. */
function membersOf(collection: Expr): Expr {
  const [items] = collection.kind === "call" && collection.name === "rego.set" ? collection.args : [];
  return items ?? collection;
}

/** Is that what lies under the key? */
function memberAt(at: Expr, item: Expr, of: Expr, span: Span): Expr {
  const found = node({ kind: "index", of, at, missing: "undefined", span });
  const condition = node({ kind: "compare", op: "eq", left: found, right: item, semantics: "rego", span });
  const body: Query[] = [node({ kind: "guard", condition, absorbs: "none", span })];
  return node({ kind: "query", body, collect: "exists", span });
}

function json(value: ReturnType<typeof metadataChain>, span: Span): Expr {
  return node({ kind: "literal", type: "json", value, span });
}

function health(provider: Expr, fact: ProviderHealth["fact"], span: Span): Expr {
  return node({ kind: "health", provider, fact, span });
}

/** Times are whole numbers of nanoseconds in Rego. */
function nanoseconds(duration: Expr): Expr {
  return node({ kind: "call", name: "rego.nanoseconds", args: [duration], semantics: "rego", span: duration.span });
}
