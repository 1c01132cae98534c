import type { Action } from "@acteon/core";
import type { NativeContext, NativeRule, NativeVerdict } from "@acteon/rules";

import { definitionPlace } from "./definition-place.ts";

/** What a rule that is a function may ask. It reads no clock and does no I/O by itself: all it knows is in here. */
export interface RuleContext {
  readonly action: Action;
  /** `dedupKey` of the action, else its id. */
  readonly dedupKey: string;
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
  readonly env: RuleContextEnvironment;
}

export interface RuleContextEnvironment {
  /** Configured variables, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the executor has seen of a provider lately. */
  health(provider: string): ProviderHealth;
  /** The same as a promise, as a rule awaits everything else that it asks. */
  healthCheck(provider: string): Promise<ProviderHealth>;
}

export interface ProviderHealth {
  readonly circuitOpen: boolean;
  /** `undefined` before the first attempt. */
  readonly latencyP99Ms: number | undefined;
  /** Failures among the last attempts, 0 … 1. */
  readonly failureRate: number;
}

export interface RuleDefinition {
  readonly name: string;
  /** Lower runs first; an integer, 0 unless said. */
  readonly priority?: number;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  /** What an exception does: fail the dispatch as `rule_error` (unless said), or count as not matched. */
  readonly onError?: "fail" | "skip";
  /**
   * The verdict, or `undefined` where the rule does not match. A promise suspends its own action only. What it throws is
   * the error of this rule, by name.
   */
  evaluate(context: RuleContext): NativeVerdict | undefined | Promise<NativeVerdict | undefined>;
}

/**
 * A rule that is a function, for logic that is hard to say in a rule language. Verdicts cite the place of this call.
 *
 * @example
 * export const smartReroute = defineRule({
 *   name: "smart-reroute",
 *   priority: 50,
 *   evaluate: async ({ action, env }) => {
 *     const { latencyP99Ms = 0 } = await env.healthCheck(action.provider);
 *     return latencyP99Ms > 5_000 ? { kind: "reroute", to: "slack-backup" } : undefined;
 *   },
 * });
 * @throws {RangeError} The name is empty or the priority is no integer.
 */
export function defineRule(definition: RuleDefinition): NativeRule {
  const { name, priority = 0, description, enabled = true, metadata = {}, onError = "fail" } = definition;
  if (name === "") throw new RangeError("a rule needs a name");
  if (!Number.isSafeInteger(priority)) throw new RangeError(`the priority of a rule is an integer, not ${priority}`);
  return Object.freeze({
    kind: "native",
    name,
    priority,
    enabled,
    description,
    metadata,
    span: definitionPlace(defineRule),
    onError,
    evaluate: (context: NativeContext) => definition.evaluate(new CallContext(context)),
  });
}

/** `RuleContext` over what the engine hands out: one object a call, nothing copied. */
class CallContext implements RuleContext, RuleContextEnvironment {
  readonly #context: NativeContext;

  constructor(context: NativeContext) {
    this.#context = context;
  }

  get action() {
    return this.#context.action;
  }

  get dedupKey() {
    return this.#context.dedupKey;
  }

  get nowMs() {
    return this.#context.env.nowMs;
  }

  get env(): RuleContextEnvironment {
    return this;
  }

  get variables() {
    return this.#context.env.variables;
  }

  async healthCheck(provider: string): Promise<ProviderHealth> {
    return this.health(provider);
  }

  health(provider: string): ProviderHealth {
    const { health } = this.#context.env;
    return {
      circuitOpen: health.circuitOpen(provider),
      latencyP99Ms: health.latencyP99Ms(provider),
      failureRate: health.failureRate(provider),
    };
  }
}
