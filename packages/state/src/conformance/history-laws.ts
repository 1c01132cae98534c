import { StateUnavailableError } from "@acteon/core";
import { createSeededRandom } from "@acteon/core/testing";
import type { Random } from "@acteon/core";
import { expect } from "vitest";
import type { StateKey, StateScope } from "../state-key.ts";
import type { StateOperation, StateStore, Version } from "../state-store.ts";
import { createFaultyStore } from "../testing/faulty-store.ts";
import type { FaultPlan } from "../testing/faulty-store.ts";
import { countKey, lockName, longMs, scopeOf, valueKey } from "./fixtures.ts";
import { law, one } from "./law.ts";
import type { Law, LawContext } from "./law.ts";
import { checkLinearizable } from "./linearizability.ts";
import type { RecordedCall, SequentialModel } from "./linearizability.ts";
import { counterModel, mutexModel, registerModel } from "./models.ts";
import type { MutexOperation, MutexResult, RegisterOperation, RegisterResult } from "./models.ts";

/** What several clients see of one key, over a network that loses and delays, has an explanation in one order (T2). */
export const historyLaws: readonly Law[] = [
  law(
    "a value, its compare-and-swaps and deletions included, is linearizable",
    (context) => eachHistory(context, registerModel, registerWorker),
    { waits: true },
  ),
  law("a count is linearizable", (context) => eachHistory(context, counterModel, counterWorker), { waits: true }),
  law("L1, L2: a lock with its tokens is linearizable", (context) => eachHistory(context, mutexModel, mutexWorker), {
    needs: "locks",
    waits: true,
  }),
];

const clientCount = 4;
const callsPerClient = 20;
/** A checker that runs out of it has proven nothing, and fails the law. */
const maxCheckMs = 10_000;

const badNetwork: FaultPlan = {
  lostRequest: 0.04,
  lostReply: 0.04,
  lateRequest: 0.04,
  delayMs: { least: 0, most: 4 },
  timeoutMs: 40,
};

/** A client at work on one key: `callsPerClient` calls one after another, each recorded. */
type Worker<Operation, Result> = (
  client: StateStore,
  history: History<Operation, Result>,
  worker: { readonly scope: StateScope; readonly random: Random; readonly id: number },
) => Promise<void>;

async function eachHistory<Operation, Result>(
  context: LawContext,
  model: SequentialModel<Operation, Result>,
  work: Worker<Operation, Result>,
): Promise<void> {
  const { connect, clock, settled } = context;
  const stores = [context.store, await connect(), await connect(), await connect()];
  for (let seed = 1; seed <= Math.max(2, context.randomRuns / 5); seed++) {
    const random = createSeededRandom(seed);
    const history = new History<Operation, Result>();
    const scope = scopeOf("histories", `seed-${seed}`);
    const workers = stores.slice(0, clientCount).map((store, id) => {
      const client = createFaultyStore(store, { clock, random, plan: badNetwork }).connect();
      return work(client, history, { scope, random, id });
    });
    await settled(Promise.all(workers));
    const verdict = checkLinearizable(model, history.calls, { clock: performanceClock, maxMs: maxCheckMs });
    expect(verdict, `seed ${seed}: ${JSON.stringify(history.calls, bigintsAsText)}`).toEqual({ kind: "linearizable" });
  }
}

/** Checking takes real time, also where the store lives in virtual time. */
const performanceClock = { monotonicMs: () => performance.now() };

/** The calls to one object, in the order in which they returned, with the places of call and return in one order of both. */
class History<Operation, Result> {
  readonly calls: RecordedCall<Operation, Result>[] = [];
  #events = 0;

  /** The result of `perform`, or `undefined` if nobody knows it. */
  async record(operation: Operation, perform: () => Promise<Result>): Promise<Result | undefined> {
    const calledAt = this.#events++;
    try {
      const result = await perform();
      this.calls.push({ operation, calledAt, returned: { at: this.#events++, result } });
      return result;
    } catch (error) {
      if (!(error instanceof StateUnavailableError)) throw error;
      this.calls.push({ operation, calledAt, returned: undefined });
      return undefined;
    }
  }
}

async function registerWorker(
  client: StateStore,
  history: History<RegisterOperation, RegisterResult>,
  { scope, random, id }: Parameters<Worker<RegisterOperation, RegisterResult>>[2],
): Promise<void> {
  const key = valueKey("register", scope);
  let known: { readonly value: string; readonly version: Version } | undefined;
  for (let i = 0; i < callsPerClient; i++) {
    const value = `w${id}-${i}`;
    const operation = drawn<RegisterOperation>(random, [
      { op: "get" },
      { op: "set", value },
      { op: "delete" },
      { op: "checkAndSet", value },
      { op: "compareAndSwap", expected: known?.value, value },
      { op: "compareAndSwap", expected: known?.value, value },
    ]);
    const sent = registerCall(key, operation, known?.version);
    await history.record(operation, async () => {
      const answer = await one(client, sent);
      if (answer.kind === "stored") known = { value, version: answer.version };
      else known = answer.kind === "found" ? answer : undefined;
      switch (answer.kind) {
        case "stored":
          return { kind: "done" };
        case "found":
          return { kind: "found", value: answer.value };
        case "deleted":
          return { kind: "done", deleted: true };
        case "absent":
          return operation.op === "delete" ? { kind: "done", deleted: false } : { kind: "found", value: undefined };
        default:
          throw new Error(`${operation.op} was answered with ${answer.kind}`);
      }
    });
  }
}

function registerCall(key: StateKey, operation: RegisterOperation, version: Version | undefined): StateOperation {
  if (operation.op === "compareAndSwap") return { ...operation, key, expected: version ?? "absent" };
  return { ...operation, key };
}

async function counterWorker(
  client: StateStore,
  history: History<{ readonly delta: number }, number>,
  { scope, random }: Parameters<Worker<{ readonly delta: number }, number>>[2],
): Promise<void> {
  const key = countKey("n", scope);
  for (let i = 0; i < callsPerClient; i++) {
    const operation = drawn(random, [{ delta: 0 }, { delta: 1 }, { delta: 5 }]);
    await history.record(operation, async () => {
      const answer = await one(client, { op: "increment", key, ...operation });
      if (answer.kind !== "counted") throw new Error(`increment was answered with ${answer.kind}`);
      return answer.count;
    });
  }
}

async function mutexWorker(
  client: StateStore,
  history: History<MutexOperation, MutexResult>,
  { scope, random, id }: Parameters<Worker<MutexOperation, MutexResult>>[2],
): Promise<void> {
  const lock = lockName("mutex", scope);
  const call = async (operation: MutexOperation): Promise<MutexResult> => {
    const lease = operation.op === "acquire" ? { ...operation, leaseMs: longMs, fenced: true } : operation;
    const answer = await one(client, { ...lease, lock });
    switch (answer.kind) {
      case "acquired":
      case "released":
      case "lost":
        return answer;
      case "held":
        return { kind: "held" };
      default:
        throw new Error(`${operation.op} was answered with ${answer.kind}`);
    }
  };
  for (let i = 0; i < callsPerClient; i++) {
    const owner = `o${id}-${i}`;
    const acquire = { op: "acquire", owner } as const;
    const result = await history.record(acquire, () => call(acquire));
    // Held, or not known to be (guarantees L7): given back; and now and then by one who never had it.
    if (result?.kind === "held" && random.next() < 0.9) continue;
    const release = { op: "release", owner } as const;
    await history.record(release, () => call(release));
  }
}

function drawn<Choice>(random: Random, choices: readonly Choice[]): Choice {
  return choices[Math.floor(random.next() * choices.length)] as Choice;
}

function bigintsAsText(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
