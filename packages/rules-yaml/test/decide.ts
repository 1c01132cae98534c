import { parseAction } from "@acteon/core";
import type { Action, JsonObject, JsonValue } from "@acteon/core";
import { evaluatePlan, RuleEngine, settleDecision } from "@acteon/rules";
import type { Gate, GatedStatePort, RuleEnvironment, RuleSet, Settled, StateAnswer, StateRead } from "@acteon/rules";

import { rulesOf } from "./problems.ts";

/** The rules of a text, in force. */
export async function ruleSetOf(text: string): Promise<RuleSet> {
  const engine = new RuleEngine();
  const loaded = await engine.loadNative(rulesOf(text));
  if (loaded.kind === "rejected") throw new Error(JSON.stringify(loaded.diagnostics, undefined, 1));
  return engine.current();
}

export function actionOf(fields: JsonObject = {}): Action {
  const wire: JsonValue = {
    id: "a-1",
    namespace: "ops",
    tenant: "acme",
    provider: "slack",
    action_type: "message",
    payload: {},
    created_at: "2026-03-01T00:00:00Z",
    ...fields,
  };
  const parsed = parseAction(wire, { nowMs: 0 });
  if (parsed.kind === "rejected") throw new Error(JSON.stringify(parsed.problems));
  return parsed.action;
}

/** A store in a few lines: what gates claim and count is there for the next action. */
export class TinyStore implements GatedStatePort {
  nowMs = Date.UTC(2026, 2, 1, 12);
  readonly entries = new Map<string, string>();
  readonly counters = new Map<string, number>();
  readonly #seen = new Map<string, { readonly atMs: number; readonly untilMs: number }>();
  readonly #windows = new Map<string, { count: number; readonly untilMs: number }>();

  read(reads: readonly StateRead[]): readonly StateAnswer[] {
    return reads.map((read) => this.#answer(read));
  }

  #answer(read: StateRead): StateAnswer {
    switch (read.kind) {
      case "seen":
        return this.#held(read.key);
      case "entry":
        return this.entries.get(read.key);
      case "counter":
        return this.counters.get(read.key) ?? 0;
      case "count":
        return this.#count(read.key, read.windowMs);
      case "suppression":
        return 0;
    }
  }

  refuses(gate: Gate): boolean {
    if (gate.kind === "throttle") {
      const name = gate.counter.kind === "key" ? `key ${gate.counter.key}` : `rule ${gate.rule.name}`;
      return this.#count(name, gate.windowMs) > gate.limit;
    }
    if (this.#held(gate.key) !== undefined) return true;
    this.#seen.set(gate.key, { atMs: this.nowMs, untilMs: this.nowMs + (gate.ttlMs ?? Number.POSITIVE_INFINITY) });
    return false;
  }

  #held(key: string): number | undefined {
    const seen = this.#seen.get(key);
    return seen !== undefined && this.nowMs < seen.untilMs ? seen.atMs : undefined;
  }

  #count(name: string, windowMs: number): number {
    const window = this.#windows.get(name);
    const current =
      window !== undefined && this.nowMs < window.untilMs ? window : { count: 0, untilMs: this.nowMs + windowMs };
    current.count++;
    this.#windows.set(name, current);
    return current.count;
  }
}

/** What the rules make of an action, gates asked. */
export async function decide(rules: RuleSet, action: Action, store = new TinyStore()): Promise<Settled> {
  const environment: RuleEnvironment = { nowMs: store.nowMs, health: goodHealth, variables: { REGION: "eu" } };
  return settleDecision(await evaluatePlan(rules.plan(action, environment), action, store), action, store);
}

const goodHealth = { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 } as const;
