import {
  createAction,
  systemClock,
  systemRandom,
  type Action,
  type ActionInput,
  type Clock,
  type Random,
} from "@acteon/core";
import { createExecutor, type ExecutorPolicy } from "@acteon/executor";
import { openGateway, type Gateway, type GatewayParts } from "@acteon/gateway";
import { ProviderRegistry, type Attempt, type Provider, type ProviderResult } from "@acteon/provider";
import type { Decision, Gate, Plan, RuleEnvironment, RuleSet } from "@acteon/rules";
import type { StateStore } from "@acteon/state";
import { openMemoryState } from "@acteon/state-memory";

/** A provider that keeps what it was asked, and answers as its test says. */
export class RecordingProvider implements Provider {
  readonly name: string;
  readonly dedup = { kind: "none" } as const;
  readonly onAmbiguous: "retry" | "hold";
  readonly calls: { readonly action: Action; readonly key: string; readonly number: number }[] = [];
  answer: (action: Action, attempt: Attempt) => ProviderResult | Promise<ProviderResult> = () => success;

  constructor(name = "console", onAmbiguous: "retry" | "hold" = "retry") {
    this.name = name;
    this.onAmbiguous = onAmbiguous;
  }

  execute(action: Action, attempt: Attempt): ProviderResult | Promise<ProviderResult> {
    this.calls.push({ action, key: attempt.idempotencyKey, number: attempt.number });
    return this.answer(action, attempt);
  }

  healthCheck() {
    return Promise.resolve({ kind: "healthy" } as const);
  }

  close() {
    return Promise.resolve();
  }
}

export const success: ProviderResult = { kind: "answered", response: { status: "success", body: null, headers: {} } };

export function rejected(code: "TIMEOUT" | "EXECUTION_FAILED", retryable: boolean): ProviderResult {
  return {
    kind: "rejected",
    failure: { code, message: code, retryable },
    retry: { kind: retryable ? "backoff" : "never" },
  };
}

/** Rules as a function: what each action is decided to. */
export function ruleSet(plan: (action: Action, environment: RuleEnvironment) => Plan): RuleSet {
  return { hash: "0".repeat(64), size: 1, plan };
}

export const testRule = { name: "test-rule", file: "rules/test.yaml", line: 3 } as const;

export function executeAfter(gates: readonly Gate[], end: Partial<Decision["end"] & { kind: "execute" }> = {}): Plan {
  const rule = gates.at(-1)?.rule;
  const verdict = gates.at(-1)?.kind ?? "allow";
  return {
    kind: "known",
    decision: {
      gates,
      end: { kind: "execute", verdict, rule, rerouteTo: undefined, payload: undefined, ...end },
      facts: [],
    },
  };
}

/** Actions with a dedup key are deduplicated by it for five minutes; others are executed. */
export const dedupByKey = ruleSet((action) =>
  executeAfter(
    action.dedupKey === undefined
      ? []
      : [{ kind: "deduplicate", rule: testRule, key: action.dedupKey, ttlMs: 300_000 }],
  ),
);

export interface TestGatewayOptions extends Partial<Omit<GatewayParts, "providers" | "rules" | "state">> {
  readonly rules?: RuleSet;
  readonly state?: StateStore;
  readonly providers?: readonly Provider[];
  readonly policy?: Partial<ExecutorPolicy>;
}

export function openTestGateway(options: TestGatewayOptions = {}): Gateway {
  const clock: Clock = options.clock ?? systemClock;
  const random: Random = options.random ?? systemRandom;
  const registry = new ProviderRegistry();
  for (const provider of options.providers ?? [new RecordingProvider()]) registry.register(provider);
  const rules = options.rules ?? dedupByKey;
  return openGateway({
    executor: createExecutor({ clock, random, ...(options.policy === undefined ? {} : { policy: options.policy }) }),
    ...options,
    clock,
    random,
    state: options.state ?? openMemoryState({ clock }),
    providers: registry,
    rules: { current: () => rules, reload: () => Promise.resolve({ rules: rules.size }) },
  });
}

let made = 0;

/** An action input with an id of its own. */
export function input(fields: Partial<ActionInput> = {}): ActionInput {
  return {
    id: `action-${++made}`,
    namespace: "prod",
    tenant: "acme",
    provider: "console",
    actionType: "alert",
    payload: { service: "api" },
    ...fields,
  };
}

export function action(fields: Partial<ActionInput> = {}): Action {
  return createAction(input(fields), { clock: systemClock, random: systemRandom });
}
