import { createFakeClock } from "@acteon/core/testing";
import { openMemoryState } from "@acteon/state-memory";
import { expect, test } from "vitest";
import type { StateKey } from "../state-key.ts";
import type { GroupResult, StateEntry, StateGroup, StateOperation, StateStore, Version } from "../state-store.ts";
import { stateLaws } from "./laws.ts";
import type { StateSubject } from "./subject.ts";
import { tryLaw } from "./try-law.ts";

/*
 * A suite that catches nothing proves nothing (T14): each of these stores has one bug, of those that backends do have, and the
 * laws named with it must find it.
 */

interface PlantedBug {
  readonly spoil: (store: Sound) => Partial<StateStore>;
  readonly foundBy: readonly string[];
}

interface Sound extends StateStore {
  apply(groups: readonly StateGroup[], options: { readonly signal: AbortSignal }): readonly GroupResult[];
}

const commands = "whatever the commands, the answers are those of the model";

const bugs: Readonly<Record<string, PlantedBug>> = {
  "a refused group keeps what it wrote before its refusal": {
    spoil: (store) => ({
      apply: (groups, options) => groups.map((group) => inParts(group, (part) => store.apply([part], options)[0])),
    }),
    foundBy: ["a refused group does not touch its neighbours in the call", commands],
  },
  "groups of a call take effect in any order": {
    spoil: (store) => ({
      apply: (groups, options) => store.apply(groups.toReversed(), options).toReversed(),
    }),
    foundBy: ["two groups on one key in one call take effect in their order"],
  },
  "checkAndSet stores over what is there": {
    spoil: rewriting((operation) => (operation.op === "checkAndSet" ? { ...operation, op: "set" } : operation)),
    foundBy: ["of 50 concurrent checkAndSet calls exactly one stores, and the rest see its value", commands],
  },
  "a deletion forgets the version": {
    spoil: (store) => ({ apply: (groups, options) => store.apply(groups, options).map(versionsFromValues) }),
    foundBy: ["a version never returns, not even after a deletion", commands],
  },
  "tokens are not compared": {
    spoil: rewriting((operation) => ("fence" in operation ? { ...operation, fence: undefined } : operation)),
    foundBy: [
      "L3: the token of a fenced lock is remembered after its release",
      "L3: a write under a guard that was overtaken changes nothing, and ends the guard",
      "of a group refused by append under a stale token nothing is written, wherever that operation stands",
      commands,
    ],
  },
  "the token of a fenced lock is forgotten at its release": {
    spoil: rewriting((operation) => (operation.op === "acquire" ? { ...operation, fenced: false } : operation)),
    foundBy: ["L3: the token of a fenced lock is remembered after its release"],
  },
  "anybody may release": {
    spoil: (store) => {
      const owners = new Map<string, string>();
      return rewriting((operation) => {
        if (operation.op === "acquire" && !owners.has(operation.lock.text))
          owners.set(operation.lock.text, operation.owner);
        if (operation.op !== "release") return operation;
        return { ...operation, owner: owners.get(operation.lock.text) ?? operation.owner };
      })(store);
    },
    foundBy: ["L7: who does not hold the lock neither releases nor extends it", commands],
  },
  "a lock is re-entrant": {
    spoil: (store) => ({
      apply: (groups, options) =>
        groups.map((group) => {
          const again = group.flatMap((each): StateOperation[] =>
            each.op === "acquire" ? [{ ...each, op: "release" }] : [],
          );
          for (const release of again) store.apply([[release]], options);
          return resultOf(store.apply([group], options));
        }),
    }),
    foundBy: ["L1: a held lock is refused to everybody, its owner included, on every client", commands],
  },
  "every token is the same": {
    spoil: (store) => ({
      apply: (groups, options) => store.apply(groups, options).map((result) => mapResults(result, sameToken)),
    }),
    foundBy: [
      "L2: tokens strictly grow over releases and refusals, on whatever client",
      "L1, L2: a lock with its tokens is linearizable",
      commands,
    ],
  },
  "each hit moves the window of a count": {
    spoil: (store) => ({
      apply: (groups, options) =>
        store.apply(groups, options).map((result, i) => {
          for (const [at, each] of (groups[i] ?? []).entries()) {
            const answer = result.kind === "done" ? result.results[at] : undefined;
            if (each.op !== "increment" || answer?.kind !== "counted") continue;
            store.apply([[{ op: "set", key: each.key, value: String(answer.count), ttlMs: each.ttlMs }]], options);
          }
          return result;
        }),
    }),
    foundBy: ["the window of a count starts at its first hit and is not moved by later ones"],
  },
  "an increment is sent again": {
    spoil: (store) => {
      let calls = 0;
      return {
        apply: (groups, options) => {
          if (groups.some((group) => group.some(({ op }) => op === "increment")) && calls++ % 5 === 4)
            store.apply(groups, options);
          return store.apply(groups, options);
        },
      };
    },
    foundBy: ["concurrent increments are all counted, none twice", "a count is linearizable", commands],
  },
  "a limit is looked at before, not within": {
    spoil: rewriting((operation) => ("atMost" in operation ? { ...operation, atMost: undefined } : operation)),
    foundBy: [
      "of concurrent increments up to a limit exactly so many pass",
      "an append past the limit is refused with the size",
      commands,
    ],
  },
  "a TTL is kept by a write without one": {
    spoil: (store) => {
      const ttls = new Map<string, number>();
      return rewriting((operation) => {
        if (operation.op !== "set" && operation.op !== "compareAndSwap") return operation;
        const ttlMs = operation.ttlMs ?? ttls.get(operation.key.text);
        if (ttlMs !== undefined) ttls.set(operation.key.text, ttlMs);
        return { ...operation, ttlMs };
      })(store);
    },
    foundBy: ["a write without a TTL stays for good, whatever TTL the key had", commands],
  },
  "what has expired is there until it is swept up": {
    spoil: rewriting((operation) =>
      "ttlMs" in operation && operation.ttlMs !== undefined
        ? { ...operation, ttlMs: operation.ttlMs + 1_000 }
        : operation,
    ),
    foundBy: ["an expired key is absent at once, to whatever operation", "what has expired is in no scan", commands],
  },
  "a lease ends by the clock of a sweeper": {
    spoil: rewriting((operation) =>
      "leaseMs" in operation ? { ...operation, leaseMs: operation.leaseMs + 1_000 } : operation,
    ),
    foundBy: ["L6: a lease that is over is free, and its former owner has lost it", commands],
  },
  "an index entry is gone once it was handed out": {
    spoil: (store) => ({
      apply: (groups, options) => {
        const results = store.apply(groups, options);
        for (const [i, [operation]] of groups.entries()) {
          const result = results[i];
          if (operation?.op !== "takeDue" || result?.kind !== "done" || result.results[0]?.kind !== "due") continue;
          for (const { key } of result.results[0].entries)
            store.apply([[{ op: "unindexDue", index: operation.index, key }]], options);
        }
        return results;
      },
    }),
    foundBy: ["what was taken is due again once the hold is over, unless it was unindexed", commands],
  },
  "what is due is handed to everybody": {
    spoil: rewriting((operation) => (operation.op === "takeDue" ? { ...operation, holdMs: 0 } : operation)),
    foundBy: ["of several takers with a hold each entry goes to one", commands],
  },
  "a scan takes a tenant for a prefix": {
    spoil: (store) => ({
      async *scan({ kind, scope, idPrefix = "" }, options): AsyncGenerator<StateEntry> {
        for await (const entry of store.scan({ kind }, options))
          if (entry.key.scope.text.startsWith(scope?.text ?? "") && (entry.key.id[0] ?? "").startsWith(idPrefix))
            yield entry;
      },
    }),
    foundBy: ["the prefix of a scope is a whole tenant: `a` sees neither `ab`, `a.b` nor no tenant (K4)"],
  },
  "a scan does not find collapsed keys by their prefix": {
    spoil: (store) => ({
      async *scan(range, options): AsyncGenerator<StateEntry> {
        for await (const entry of store.scan(range, options))
          if (range.idPrefix === undefined || entry.key.text === entry.key.fullText) yield entry;
      },
    }),
    foundBy: ["an id prefix is text, whatever characters it has, of keys long and short (K3, K4)"],
  },
  "keys are joined by `:`": {
    spoil: rewriting((operation) => {
      const key = "lock" in operation ? operation.lock : "key" in operation ? operation.key : undefined;
      if (key === undefined) return operation;
      return "lock" in operation
        ? { ...operation, lock: joined(key) }
        : ({ ...operation, key: joined(key) } as StateOperation);
    }),
    foundBy: ["whatever the keys, a scan finds exactly those of its range, each with its tuple"],
  },
  "an aborted signal is not looked at": {
    spoil: (store) => ({ apply: (groups) => store.apply(groups, { signal: new AbortController().signal }) }),
    foundBy: ["a signal that has aborted stops the call before anything of it takes effect"],
  },
  "a release is not told": {
    spoil: (store) => ({
      async *watch(range, options) {
        for await (const change of store.watch?.(range, options) ?? []) if (change.kind !== "released") yield change;
      },
    }),
    foundBy: ["a watcher is told what another client writes, deletes and releases in its range, and nothing else"],
  },
};

const lawsByTitle = new Map(
  Object.values(stateLaws)
    .flat()
    .map((law) => [law.title, law]),
);

test.each(Object.entries(bugs))("the laws find out: %s", async (_, { spoil, foundBy }) => {
  for (const title of foundBy) {
    const law = lawsByTitle.get(title);
    if (law === undefined) throw new Error(`there is no law "${title}"`);
    await expect(tryLaw(law, spoiledSubject(spoil)), title).rejects.toThrow();
    await expect(
      tryLaw(
        law,
        spoiledSubject(() => ({})),
      ),
      title,
    ).resolves.toEqual({ kind: "kept" });
  }
});

function spoiledSubject(spoil: PlantedBug["spoil"]): StateSubject {
  return {
    name: "spoiled",
    backend: "memory",
    randomRuns: 30,
    open() {
      const clock = createFakeClock();
      const store = openMemoryState({ clock });
      const sound: Sound = {
        durability: store.durability,
        capabilities: store.capabilities,
        apply: (groups, options) => store.apply(groups, options),
        scan: (range, options) => store.scan(range, options),
        watch: (range, options) => store.watch(range, options),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
      const spoiled: StateStore = { ...sound, ...spoil(sound) };
      return Promise.resolve({
        connect: () => Promise.resolve(spoiled),
        restart: () => Promise.resolve(),
        time: { clock, advance: (ms) => clock.advanceAsync(ms) },
        [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
      });
    },
  };
}

/** The store with every operation rewritten. */
function rewriting(rewrite: (operation: StateOperation) => StateOperation): PlantedBug["spoil"] {
  return (store) => ({
    apply: (groups, options) =>
      store.apply(
        groups.map((group) => group.map(rewrite)),
        options,
      ),
  });
}

function inParts(group: StateGroup, apply: (part: StateGroup) => GroupResult | undefined): GroupResult {
  const results = [];
  for (const [at, operation] of group.entries()) {
    const result = resultOf([apply([operation])]);
    if (result.kind === "refused") return { ...result, at };
    results.push(...result.results);
  }
  return { kind: "done", results };
}

function resultOf([result]: readonly (GroupResult | undefined)[]): GroupResult {
  if (result === undefined) throw new Error("a call of one group had no result");
  return result;
}

function mapResults(result: GroupResult, map: <Answer extends object>(answer: Answer) => Answer): GroupResult {
  return result.kind === "done"
    ? { kind: "done", results: result.results.map(map) }
    : { ...result, found: map(result.found) };
}

function sameToken<Answer extends object>(answer: Answer): Answer {
  return "token" in answer ? { ...answer, token: 7n } : answer;
}

/** Versions that are made of what is stored return with it. */
function versionsFromValues(result: GroupResult): GroupResult {
  return mapResults(result, (answer) => ("version" in answer ? { ...answer, version: "same" as Version } : answer));
}

function joined(key: StateKey): StateKey {
  const [first, ...rest] = key.id.map((each) => each ?? "");
  return {
    ...key,
    id: [[key.scope.tenant ?? "", first, ...rest].join(":")],
    scope: { ...key.scope, tenant: undefined, text: key.scope.namespace },
  };
}
