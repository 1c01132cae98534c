import type { ActionInput, Span } from "@acteon/core";
import { durationLiteral, field, jsonExpr, literal, node } from "../ir/build.ts";
import type { Compare, Expr } from "../ir/expr.ts";
import type { Rule } from "../ir/rule.ts";
import type { Verdict } from "../ir/verdict.ts";

/** A rule that every language is asked to say, and what it must do. */
export interface StandardRule {
  /** In words, for who writes it down in a language. */
  readonly says: string;
  /** What it must lower to, up to semantics. */
  readonly rule: Rule;
  readonly cases: readonly StandardCase[];
}

export interface StandardCase {
  readonly action: Partial<ActionInput>;
  /** Dedup keys that are held, counters as they stand before. */
  readonly state?: { readonly seen?: readonly string[]; readonly counters?: Readonly<Record<string, number>> };
  /** The tag of the verdict that comes out. */
  readonly verdict: string;
  readonly reason?: string;
}

export type StandardRuleName = keyof typeof standardRules;

const span: Span = {
  file: "standard",
  start: { line: 1, column: 1, offset: 0 },
  end: { line: 1, column: 1, offset: 0 },
};

const provider = action("provider");

/** The rules of the suite, by their names, which the texts give them, too. */
export const standardRules = {
  "suppress-info": {
    says: 'priority 10: provider is "slack" and payload.severity is "info": suppress, reason "only information"',
    rule: rule(
      "suppress-info",
      10,
      and(equals(provider, "slack"), equals(action("payload.severity"), "info")),
      node({ kind: "suppress", reason: text("only information"), duration: undefined, span }),
    ),
    cases: [
      { action: { payload: { severity: "info" } }, verdict: "suppress", reason: "only information" },
      { action: { payload: { severity: "critical" } }, verdict: "allow" },
      { action: { provider: "mail", payload: { severity: "info" } }, verdict: "allow" },
    ],
  },
  "deny-large": {
    says: "priority 0: payload.amount is greater than 1000: deny",
    rule: rule(
      "deny-large",
      0,
      compare("gt", action("payload.amount"), literal(1_000, span)),
      node({ kind: "deny", reason: undefined, span }),
    ),
    cases: [
      { action: { payload: { amount: 1_000.5 } }, verdict: "deny" },
      { action: { payload: { amount: 1_000 } }, verdict: "allow" },
    ],
  },
  "reroute-vip": {
    says: 'priority -5: payload.customer is one of "ann", "bob": reroute to "pager"',
    rule: rule(
      "reroute-vip",
      -5,
      node({
        kind: "in",
        item: action("payload.customer"),
        collection: jsonExpr(["ann", "bob"], span),
        semantics: "plain",
        span,
      }),
      node({ kind: "reroute", to: text("pager"), span }),
    ),
    cases: [
      { action: { payload: { customer: "bob" } }, verdict: "reroute" },
      { action: { payload: { customer: "eve" } }, verdict: "allow" },
    ],
  },
  "deduplicate-slack-alerts": {
    says:
      'priority 100: provider is "slack", payload.channel starts with "#alerts", state.seen(dedup key, 5m): ' +
      "deduplicate by the dedup key for 5m",
    rule: rule(
      "deduplicate-slack-alerts",
      100,
      and(
        equals(provider, "slack"),
        node({
          kind: "call",
          name: "startsWith",
          args: [action("payload.channel"), text("#alerts")],
          semantics: "plain",
          span,
        }),
        node({ kind: "stateSeen", key: node({ kind: "dedupKey", span }), window: minutes(5), span }),
      ),
      node({ kind: "deduplicate", key: node({ kind: "dedupKey", span }), ttl: minutes(5), span }),
    ),
    cases: [
      { action: { dedupKey: "k", payload: { channel: "#alerts-db" } }, state: { seen: ["k"] }, verdict: "deduplicate" },
      { action: { dedupKey: "k", payload: { channel: "#alerts-db" } }, verdict: "allow" },
      { action: { id: "a-9", payload: { channel: "#alerts" } }, state: { seen: ["a-9"] }, verdict: "deduplicate" },
      { action: { dedupKey: "k", payload: { channel: "#random" } }, state: { seen: ["k"] }, verdict: "allow" },
    ],
  },
  "throttle-pagerduty": {
    says:
      'priority 90: provider is "pagerduty", state.counter("<payload.service>:alerts", 1m) > 10: ' +
      "throttle, rate 10, window 1m",
    rule: rule(
      "throttle-pagerduty",
      90,
      and(
        equals(provider, "pagerduty"),
        compare(
          "gt",
          node({
            kind: "stateCounter",
            key: node({ kind: "template", parts: [action("payload.service"), text(":alerts")], ofNull: "error", span }),
            window: minutes(1),
            span,
          }),
          literal(10, span),
        ),
      ),
      node({ kind: "throttle", limit: literal(10, span), window: minutes(1), span }),
    ),
    cases: [
      {
        action: { provider: "pagerduty", payload: { service: "db" } },
        state: { counters: { "db:alerts": 10 } },
        verdict: "throttle",
      },
      {
        action: { provider: "pagerduty", payload: { service: "db" } },
        state: { counters: { "db:alerts": 9 } },
        verdict: "allow",
      },
      {
        action: { provider: "slack", payload: { service: "db" } },
        state: { counters: { "db:alerts": 99 } },
        verdict: "allow",
      },
    ],
  },
} as const satisfies Readonly<Record<string, StandardRule>>;

function rule(name: string, priority: number, condition: Expr, verdict: Verdict): Rule {
  return node({
    kind: "rule",
    name,
    nameSpan: span,
    span,
    order: 0,
    language: "standard",
    legacy: false,
    priority,
    enabled: true,
    description: undefined,
    metadata: {},
    timezone: undefined,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    onError: "fail",
    condition,
    verdict,
  });
}

function action(dotted: string): Expr {
  const [head = "", ...keys] = dotted.split(".");
  const root: Expr = node({ kind: "action", path: [head], missing: "null", span });
  return keys.reduce<Expr>((of, name) => field(of, name, "null", span), root);
}

function text(value: string): Expr {
  return literal(value, span);
}

function and(...operands: readonly Expr[]): Expr {
  return node({ kind: "and", operands, absorbs: "none", span });
}

function compare(op: Compare["op"], left: Expr, right: Expr): Expr {
  return node({ kind: "compare", op, left, right, semantics: "plain", span });
}

function equals(left: Expr, value: string): Expr {
  return compare("eq", left, text(value));
}

function minutes(count: number): Expr {
  return durationLiteral(count * 60_000, span);
}
