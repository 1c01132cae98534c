import type { Gate, StateAnswer, StateRead } from "../decision.ts";
import type { GatedStatePort } from "../engine/settle-decision.ts";

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
    const current =
      window !== undefined && this.nowMs < window.untilMs ? window : { count: 0, untilMs: this.nowMs + windowMs };
    current.count++;
    this.#windows.set(name, current);
    return current.count;
  }
}
