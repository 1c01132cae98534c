import { StateUnavailableError } from "@acteon/core";
import { stateKey } from "@acteon/state";
import type { GroupResult, StateGroup, StateStore } from "@acteon/state";
import { acme, dedupKey, one, signal } from "./fixtures.ts";

/** Counts the claims, each in its group. */
const tally = stateKey(acme, "throttle", "claims");

export async function talliedOf(store: StateStore): Promise<number> {
  const found = await one(store, { op: "get", key: tally });
  return found.kind === "found" ? Number(found.value) : 0;
}

/** What became of dedup claims that were made while the store failed. */
export interface Claims {
  /** Acknowledged as stored, by number. */
  readonly acknowledged: readonly number[];
  /** Without an answer: stored or not. */
  readonly unknown: number;
}

/** Makes claims one call after another in four lines at the same time; claim `i` is made by nobody else. */
export async function claimAll(
  store: Pick<StateStore, "apply">,
  count: number,
  options: { readonly onClaim?: (i: number) => void } = {},
): Promise<Claims> {
  const acknowledged: number[] = [];
  let unknown = 0;
  let next = 0;
  const line = async (): Promise<void> => {
    while (next < count) {
      const i = next++;
      options.onClaim?.(i);
      try {
        const claim: StateGroup = [
          { op: "checkAndSet", key: dedupKey(`claim-${i}`), value: String(i) },
          { op: "increment", key: tally, delta: 1 },
        ];
        const [result] = await store.apply([claim], { signal });
        if (result?.kind === "done") acknowledged.push(i);
      } catch (error) {
        if (!(error instanceof StateUnavailableError)) throw error;
        unknown++;
      }
    }
  };
  await Promise.all([line(), line(), line(), line()]);
  return { acknowledged, unknown };
}

/** Which of them the store does not have. A client that has just found the new master may still drop a connection to the old one. */
export async function missingOf(store: StateStore, claims: readonly number[]): Promise<readonly number[]> {
  const groups = claims.map((i): StateGroup => [{ op: "get", key: dedupKey(`claim-${i}`) }]);
  const results = await answerOf(store, groups, 10_000);
  return claims.filter((_, at) => {
    const result = results[at];
    return result?.kind !== "done" || result.results[0]?.kind !== "found";
  });
}

/** Until the store answers, a call after another. */
export async function answersAgain(store: StateStore, maxMs: number): Promise<void> {
  await answerOf(store, [[{ op: "set", key: dedupKey("probe"), value: "x" }]], maxMs);
}

async function answerOf(
  store: StateStore,
  groups: readonly StateGroup[],
  maxMs: number,
): Promise<readonly GroupResult[]> {
  const untilMs = performance.now() + maxMs;
  for (;;) {
    try {
      return await store.apply(groups, { signal });
    } catch (error) {
      if (performance.now() > untilMs || !(error instanceof StateUnavailableError)) throw error;
    }
  }
}
