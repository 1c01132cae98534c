import type { StateAnswer, StateRead } from "../decision.ts";
import type { GatedStatePort } from "./settle-decision.ts";

/** What is in the store, by key. */
export interface FixedState {
  /** Texts of kind `state`. */
  readonly entries: ReadonlyMap<string, string>;
  /** Counters; of a throttle that names no key, by the name of its rule. Before the action at hand. */
  readonly counters: ReadonlyMap<string, number>;
  /** Dedup keys, with when they were first seen, epoch ms. */
  readonly seen: ReadonlyMap<string, number>;
}

/** A store that holds just this, at one instant. */
export function fixedStatePort({ entries, counters, seen }: FixedState, nowMs: number): GatedStatePort {
  const answer = (read: StateRead): StateAnswer => {
    switch (read.kind) {
      case "seen":
        return seen.get(read.key);
      case "entry":
        return entries.get(read.key);
      case "counter":
        return counters.get(read.key) ?? 0;
      case "count":
        return (counters.get(read.key) ?? 0) + 1;
      case "suppression":
        return 0;
    }
  };
  return {
    read: (reads) => reads.map(answer),
    refuses(gate) {
      if (gate.kind === "deduplicate") {
        const seenAtMs = seen.get(gate.key);
        return seenAtMs !== undefined && (gate.ttlMs === undefined || nowMs - seenAtMs < gate.ttlMs);
      }
      const name = gate.counter.kind === "key" ? gate.counter.key : gate.rule.name;
      return (counters.get(name) ?? 0) + 1 > gate.limit;
    },
  };
}
