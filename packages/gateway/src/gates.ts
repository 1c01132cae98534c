import type { Gate } from "@acteon/rules";
import type { StateKey } from "@acteon/state";
import type { Dispatch } from "./dispatch.ts";
import type { Ports } from "./ports.ts";

/** A gate, and the entry that it is asked of. */
export interface KeyedGate {
  readonly gate: Gate;
  readonly key: StateKey;
}

const none: readonly KeyedGate[] = [];

/**
 * The gates of a decision in rule order, each entry once: a group may name a key only once, and an execution charges a
 * counter once. Of two gates on one dedup key the first stands; of two on one counter the lower limit.
 */
export function keyedGates(dispatch: Dispatch, ports: Ports): readonly KeyedGate[] {
  const gates = dispatch.decision?.gates;
  if (gates === undefined || gates.length === 0) return none;
  const keyed: KeyedGate[] = [];
  for (const gate of gates) {
    const key = keyOf(dispatch, ports, gate);
    const at = gates.length === 1 ? -1 : keyed.findIndex((earlier) => earlier.key.fullText === key.fullText);
    const earlier = keyed[at]?.gate;
    if (earlier === undefined) keyed.push({ gate, key });
    else if (earlier.kind === "throttle" && gate.kind === "throttle" && gate.limit < earlier.limit)
      keyed[at] = { gate, key };
  }
  return keyed;
}

function keyOf({ scope }: Dispatch, { keys }: Ports, gate: Gate): StateKey {
  if (gate.kind === "deduplicate") return keys.dedup(scope, gate.key);
  return gate.counter.kind === "rule"
    ? keys.throttle(scope, gate.rule.name)
    : keys.counter(scope, gate.counter.key, gate.windowMs);
}
