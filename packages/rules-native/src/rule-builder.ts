import type { JsonValue, Span } from "@acteon/core";
import { literal, node } from "@acteon/rules";
import type { Expr, Mutation, Rule, Verdict } from "@acteon/rules";

import { definitionPlace } from "./definition-place.ts";
import { durationExpr } from "./duration.ts";
import type { DurationText } from "./duration.ts";
import { all, keyExpr, operandExpr } from "./value.ts";
import type { Condition, Operand, Value } from "./value.ts";

/**
 * Begins a rule that is data: the builder records the IR that a rule file would lower to. It ends in a verdict.
 *
 * @example
 * rule("deduplicate-slack-alerts")
 *   .priority(100)
 *   .when(field("action.provider").equals("slack").and(seen(dedupKey, "5m")))
 *   .deduplicate({ key: dedupKey, window: "5m" });
 * @throws {RangeError} The name is empty.
 */
export function rule(name: string): RuleBuilder {
  if (name === "") throw new RangeError("a rule needs a name");
  return new RuleBuilder({
    name,
    span: definitionPlace(rule),
    priority: 0,
    enabled: true,
    description: undefined,
    metadata: {},
    timezone: undefined,
    onError: "fail",
  });
}

type Head = Pick<Rule, "name" | "span" | "priority" | "enabled" | "description" | "metadata" | "timezone" | "onError">;

export interface ModifyChanges {
  /** RFC 7396. */
  readonly merge?: JsonValue;
  /** By path below the payload, with dots. */
  readonly set?: Readonly<Record<string, Operand>>;
  readonly remove?: readonly string[];
  readonly rename?: Readonly<Record<string, string>>;
}

/** Everything a rule can say before its verdict. Immutable: each call gives a new one. */
export class RuleBuilder {
  readonly #head: Head;

  constructor(head: Head) {
    this.#head = head;
  }

  /**
   * Lower runs first; 0 unless said.
   * @throws {RangeError} It is no integer.
   */
  priority(priority: number): RuleBuilder {
    if (!Number.isSafeInteger(priority)) throw new RangeError(`the priority of a rule is an integer, not ${priority}`);
    return this.#with({ priority });
  }

  description(description: string): RuleBuilder {
    return this.#with({ description });
  }

  disabled(): RuleBuilder {
    return this.#with({ enabled: false });
  }

  metadata(metadata: Readonly<Record<string, string>>): RuleBuilder {
    return this.#with({ metadata });
  }

  /** IANA name of the time zone that `time.…` fields are in; UTC unless said. */
  timezone(timezone: string): RuleBuilder {
    return this.#with({ timezone });
  }

  /** A condition that is an error counts as not matched; unless said, it fails the dispatch. */
  skipOnError(): RuleBuilder {
    return this.#with({ onError: "skip" });
  }

  /** All of the conditions must hold; of none it is every action. */
  when(...conditions: readonly Condition[]): VerdictBuilder {
    const [only] = conditions;
    return new VerdictBuilder(this.#head, conditions.length === 1 && only !== undefined ? only : all(...conditions));
  }

  #with(change: Partial<Head>): RuleBuilder {
    return new RuleBuilder({ ...this.#head, ...change });
  }
}

/** The verdicts, one of which makes the rule. Durations that are none throw a `RangeError`. */
export class VerdictBuilder {
  readonly #head: Head;
  readonly #condition: Condition;

  constructor(head: Head, condition: Condition) {
    this.#head = head;
    this.#condition = condition;
  }

  allow(): Rule {
    return this.#rule((span) => node({ kind: "allow", span }));
  }

  deny({ reason }: { readonly reason?: string | Value } = {}): Rule {
    return this.#rule((span) => node({ kind: "deny", reason: optional(reason, span), span }));
  }

  /** @param duration Once fired, what passes the stateless part of the condition is suppressed for so long. */
  suppress({ reason, duration }: { readonly reason?: string | Value; readonly duration?: DurationText } = {}): Rule {
    return this.#rule((span) =>
      node({ kind: "suppress", reason: optional(reason, span), duration: optionalDuration(duration, span), span }),
    );
  }

  /** The key is the action's dedup key, else its id, unless said; it is kept for good unless there is a window. */
  deduplicate({ key, window }: { readonly key?: string | Value; readonly window?: DurationText } = {}): Rule {
    return this.#rule((span) =>
      node({
        kind: "deduplicate",
        key: key === undefined ? undefined : keyExpr(key, span),
        ttl: optionalDuration(window, span),
        span,
      }),
    );
  }

  reroute(to: string | Value): Rule {
    return this.#rule((span) => node({ kind: "reroute", to: keyExpr(to, span), span }));
  }

  /** @param rate So many pass in a window. */
  throttle({ rate, window }: { readonly rate: number; readonly window?: DurationText }): Rule {
    return this.#rule((span) =>
      node({ kind: "throttle", limit: literal(rate, span), window: optionalDuration(window, span), span }),
    );
  }

  /** Changes the payload; later rules still decide. */
  modify(changes: ModifyChanges): Rule {
    return this.#rule((span) => node({ kind: "modify", mutations: mutationsOf(changes, span), terminal: false, span }));
  }

  /** @param handler The name under which the gateway was given it. */
  custom(handler: string, params: Readonly<Record<string, Operand>> = {}): Rule {
    return this.#rule((span) => {
      const named = Object.entries(params).map(([name, value]): [string, Expr] => [name, operandExpr(value, span)]);
      return node({ kind: "custom", handler, params: named, span });
    });
  }

  #rule(verdictAt: (span: Span) => Verdict): Rule {
    const { span } = this.#head;
    return node({
      kind: "rule",
      ...this.#head,
      nameSpan: span,
      order: 0,
      language: "native",
      legacy: false,
      muteTimeIntervals: [],
      activeTimeIntervals: [],
      condition: this.#condition.build(span),
      verdict: verdictAt(span),
    });
  }
}

function mutationsOf({ merge, set = {}, remove = [], rename = {} }: ModifyChanges, span: Span): Mutation[] {
  return [
    ...(merge === undefined ? [] : [node({ op: "merge", patch: operandExpr(merge, span), span })]),
    ...Object.entries(set).map(([path, value]) =>
      node({ op: "set", path: path.split("."), value: operandExpr(value, span), span }),
    ),
    ...remove.map((path) => node({ op: "remove", path: path.split("."), span })),
    ...Object.entries(rename).map(([path, to]) =>
      node({ op: "rename", path: path.split("."), to: to.split("."), span }),
    ),
  ];
}

function optional(value: string | Value | undefined, span: Span): Expr | undefined {
  return value === undefined ? undefined : operandExpr(value, span);
}

function optionalDuration(duration: DurationText | undefined, span: Span): Expr | undefined {
  return duration === undefined ? undefined : durationExpr(duration, span);
}
