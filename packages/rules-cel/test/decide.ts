import type { Action } from "@acteon/core";
import { evaluatePlan, RuleEngine, settleDecision } from "@acteon/rules";
import type {
  Gate,
  GatedStatePort,
  RuleEnvironment,
  RuleFrontEnd,
  RuleSet,
  Settled,
  StateAnswer,
  StateRead,
} from "@acteon/rules";
import { celFrontEnd } from "../src/index.ts";
import { environment } from "./evaluate.ts";

/** The rules of a text, in force. */
export async function ruleSetOf(text: string, frontEnd: RuleFrontEnd = celFrontEnd): Promise<RuleSet> {
  const parsed = frontEnd.parse(text, "rules/a.cel");
  const engine = new RuleEngine();
  const loaded = parsed.kind === "parsed" ? await engine.loadNative(parsed.rules) : parsed;
  if (loaded.kind === "rejected") throw new Error(JSON.stringify(loaded.diagnostics, undefined, 1));
  return engine.current();
}

/** A store in a few lines: what gates claim and count is there for the next action. */
export class TinyStore implements GatedStatePort {
  nowMs = environment.nowMs;
  readonly entries = new Map<string, string>();
  readonly #seen = new Map<string, { readonly atMs: number; readonly untilMs: number }>();
  readonly #windows = new Map<string, { count: number; readonly untilMs: number }>();

  read(reads: readonly StateRead[]): readonly StateAnswer[] {
    return reads.map((read) => {
      if (read.kind === "seen") return this.#held(read.key);
      if (read.kind === "entry") return this.entries.get(read.key);
      return read.kind === "count" ? this.#count(read.key, read.windowMs) : 0;
    });
  }

  refuses(gate: Gate): boolean {
    if (gate.kind === "throttle") {
      const name = gate.counter.kind === "key" ? gate.counter.key : `rule ${gate.rule.name}`;
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
    const isOpen = window !== undefined && this.nowMs < window.untilMs;
    const current = isOpen ? window : { count: 0, untilMs: this.nowMs + windowMs };
    current.count++;
    this.#windows.set(name, current);
    return current.count;
  }
}

/** What the rules make of an action, gates asked. */
export async function decide(
  rules: RuleSet,
  action: Action,
  store = new TinyStore(),
  health: RuleEnvironment["health"] = environment.health,
): Promise<Settled> {
  const plan = rules.plan(action, { ...environment, nowMs: store.nowMs, health });
  return settleDecision(await evaluatePlan(plan, action, store), action, store);
}
