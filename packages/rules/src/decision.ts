import type { Action, JsonValue, RuleRef } from "@acteon/core";

/**
 * How the gateway asks the rules (`design.md` §5, §9 stages 2–5). Evaluation is synchronous and resumable: `plan` goes as
 * far as it can without the store. `known` is its end; `reads` wants values first, all of one round in one batch, and
 * goes on with `resume`; `waits` is an async native rule, which suspends its own action only.
 */
export type Plan =
  | { readonly kind: "known"; readonly decision: Decision }
  | {
      readonly kind: "reads";
      readonly reads: readonly StateRead[];
      /** One answer per read, in order. At most three rounds follow; past that the end is an `error`. */
      resume(answers: readonly StateAnswer[]): Plan;
    }
  | { readonly kind: "waits"; readonly plan: Promise<Plan> };

/** What a condition asks of the store, within the namespace and tenant of the action. */
export type StateRead =
  /** Does an execution hold, or has one committed, this dedup key? */
  | { readonly kind: "seen"; readonly key: string }
  /** An entry of kind `state`: `state.get`, `state.time_since`, `state_seen`. */
  | { readonly kind: "entry"; readonly key: string }
  /** A counter that others increment: `state_counter`, `state.counter` without a window. */
  | { readonly kind: "counter"; readonly key: string }
  /** A counting condition: adds one, and the sum with itself is the answer (`state.counter` with a window). */
  | { readonly kind: "count"; readonly key: string; readonly windowMs: number }
  /** Is the mark of a `suppress` with a duration there? */
  | { readonly kind: "suppression"; readonly rule: string };

/**
 * `seen`: when it was first seen (epoch ms), or `undefined`. `entry`: its text, or `undefined`. `counter`, `count`: the
 * count, 0 when absent. `suppression`: 1 when the mark is there, else 0.
 */
export type StateAnswer = string | number | undefined;

/**
 * What the rules say. The gates are asked in order, all in one group; the first that refuses decides the outcome. If all
 * pass, `end` holds. When `end` does not execute, no gate is asked.
 */
export interface Decision {
  readonly gates: readonly Gate[];
  readonly end: End;
  /** What was read from the store to get here, for the audit record; empty when nothing was. */
  readonly facts: readonly StateFact[];
}

/** An atomic operation of a verdict (`design.md` §5): refused, the outcome is the verdict's; passed, the next is asked. */
export type Gate =
  | {
      readonly kind: "deduplicate";
      readonly rule: RuleRef;
      readonly key: string;
      /** For good when absent. */ readonly ttlMs: number | undefined;
    }
  | {
      readonly kind: "throttle";
      readonly rule: RuleRef;
      /** The counter: by rule (bare verdict), or K of `state.counter(K, W)`. */
      readonly counter: { readonly kind: "rule" } | { readonly kind: "key"; readonly key: string };
      readonly limit: number;
      readonly windowMs: number;
    };

/** How the evaluation ends. `rule` is absent when no rule decided: the action is executed as it is. */
export type End =
  | {
      readonly kind: "execute";
      /** The tag of the verdict (`wire-api.md` §5.4). */
      readonly verdict: "allow" | "deduplicate" | "throttle" | "modify" | "reroute";
      readonly rule: RuleRef | undefined;
      /** Set by `reroute`: the provider to use instead. */
      readonly rerouteTo: string | undefined;
      /** The payload after all `modify` verdicts on the way; `undefined`: as it arrived. */
      readonly payload: JsonValue | undefined;
    }
  | {
      readonly kind: "suppress";
      readonly verdict: "suppress" | "deny";
      readonly rule: RuleRef;
      readonly reason: string | undefined;
      /** Set by a `suppress` with a duration that fired now: write the mark of this rule. */
      readonly markMs: number | undefined;
    }
  | {
      readonly kind: "custom";
      readonly rule: RuleRef;
      /** The name under which the gateway was given the handler. */
      readonly handler: string;
      readonly params: Readonly<Record<string, JsonValue>>;
    }
  /** A condition was an error: the dispatch fails as `rule_error`, nothing is executed. */
  | { readonly kind: "error"; readonly rule: RuleRef; readonly message: string };

export interface StateFact {
  /** `native`: what an async native rule answered: its verdict as JSON, or nothing where it did not match. */
  readonly read: StateRead | { readonly kind: "native"; readonly rule: string };
  readonly answer: StateAnswer;
}

/** What a rule may ask besides the action and the store. Reads no clock by itself. */
export interface RuleEnvironment {
  /** Wall clock, epoch ms; `time.*`, `now`. */
  readonly nowMs: number;
  /** What `env.*` answers; from the executor. */
  readonly health: ProviderHealthPort;
  /** `env.NAME` of the existing dialect: empty unless configured. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface ProviderHealthPort {
  circuitOpen(provider: string): boolean;
  latencyP99Ms(provider: string): number | undefined;
  /** Failures among the last attempts, 0 … 1. */
  failureRate(provider: string): number;
}

/** One immutable set of rules. Swapped whole; a dispatch keeps the one it began with. */
export interface RuleSet {
  /** SHA-256, hex, over the sources in order. */
  readonly hash: string;
  readonly size: number;
  plan(action: Action, environment: RuleEnvironment): Plan;
}
