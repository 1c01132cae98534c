import type { Action } from "@acteon/core";
import { parseInstant } from "@acteon/core";
import type { FixedState } from "@acteon/rules";

/**
 * The given state, by the id of each entry or its whole key (`wire-api.md` §6.4). One text stands for whatever a rule may
 * ask under that id: an entry; a counter, if it is a number; a dedup key that was seen, then if it is an instant, else just
 * now.
 */
export function mockState(
  texts: ReadonlyMap<string, string>,
  { namespace, tenant }: Pick<Action, "namespace" | "tenant">,
  nowMs: number,
): FixedState {
  const entries = new Map<string, string>();
  const counters = new Map<string, number>();
  const seen = new Map<string, number>();
  const scope = `${namespace}:${tenant ?? ""}:`;
  for (const [key, text] of texts) {
    const id = key.startsWith(scope) ? key.slice(key.indexOf(":", scope.length) + 1) : key;
    entries.set(id, text);
    if (/^\d+$/.test(text)) counters.set(id, Number(text));
    seen.set(id, parseInstant(text) ?? nowMs);
  }
  return { entries, counters, seen };
}
