import { StateUnavailableError, systemClock } from "@acteon/core";
import { applyOne } from "../operations.ts";
import type { GroupResult, OperationResult, Refusal, StateGroup, StateOperation, StateStore } from "../state-store.ts";
import { valueKey } from "./fixtures.ts";
import type { FaultSpace, FaultSubject } from "./fault-subject.ts";

/** A promise that a backend keeps while its server or its network fails, and the test that holds it to that. */
export interface FaultLaw {
  readonly title: string;
  readonly needs?: "locks" | "watch";
  /** What it gives is told in the report: figures that no law asks for. */
  run(context: FaultContext): Promise<string | undefined>;
}

export interface FaultContext extends Pick<FaultSpace, "network" | "server"> {
  /** Behind the proxy: the client that suffers. */
  readonly store: StateStore;
  /** Beside the proxy: sees what really happened. */
  readonly direct: StateStore;
  /** Disposes `store` before the law is done. */
  readonly dispose: () => Promise<void>;
  /** Waits until a client answers again, without a new open; how long that took, ms. */
  readonly recovered: (store: Pick<StateStore, "apply">) => Promise<number>;
  /** What a client answers to a read while nothing is wrong: asked again where the machine was too busy for an answer in time. */
  readonly answered: (store: Pick<StateStore, "apply">, read: StateOperation) => Promise<OperationResult | Refusal>;
  /** The longest that a call may take, with a margin for a loaded machine. */
  readonly maxCallMs: number;
  readonly callTimeoutMs: number;
  readonly leaseMs: number;
}

/** Runs a law on a space of its own. `incapable`: the backend has not what the law needs, and says so. */
export async function tryFaultLaw(
  law: FaultLaw,
  subject: FaultSubject,
): Promise<{ readonly kind: "kept"; readonly note: string | undefined } | { readonly kind: "incapable" }> {
  const { callTimeoutMs, maxRecoveryMs = 60_000, minLeaseMs = 500 } = subject;
  const maxCallMs = callTimeoutMs + marginMs;
  await using space = await subject.open();
  await using direct = await space.connect({ callTimeoutMs: patientMs });
  const store = await space.connectThroughProxy({ callTimeoutMs });
  const waitFor = (client: Pick<StateStore, "apply">, read: StateOperation): Promise<OperationResult | Refusal> =>
    answered(client, read, { maxCallMs: client === direct ? patientMs + marginMs : maxCallMs, maxRecoveryMs });
  let disposal: Promise<void> | undefined;
  const dispose = (): Promise<void> => (disposal ??= within(maxCallMs, disposed(store)));
  try {
    if (law.needs !== undefined && !store.capabilities[law.needs]) return { kind: "incapable" };
    const note = await law.run({
      store,
      direct,
      dispose,
      network: space.network,
      server: space.server,
      recovered: async (client) => {
        const startedAtMs = performance.now();
        await waitFor(client, probe);
        return Math.round(performance.now() - startedAtMs);
      },
      answered: waitFor,
      maxCallMs,
      callTimeoutMs,
      leaseMs: minLeaseMs,
    });
    return { kind: "kept", note };
  } finally {
    space.network.heal();
    await dispose();
  }
}

async function disposed(store: StateStore): Promise<void> {
  await store[Symbol.asyncDispose]();
}

/** Of the client that nothing is done to: what really happened is asked for without haste. */
const patientMs = 30_000;

/** By how much a loaded machine may be late. */
const marginMs = 2_000;

const { signal } = new AbortController();

/** What became of a call. That there was no answer is one outcome; anything else that is thrown is a bug, and thrown on. */
export type CallOutcome =
  | { readonly kind: "answered"; readonly results: readonly GroupResult[] }
  | { readonly kind: "unavailable" };

/** @throws {Error} The call took longer than it may: for the caller that is a hang. */
export async function called(
  store: Pick<StateStore, "apply">,
  groups: readonly StateGroup[],
  maxMs: number,
): Promise<CallOutcome> {
  try {
    const call = Promise.try(() => store.apply(groups, { signal }));
    return { kind: "answered", results: await within(maxMs, call) };
  } catch (error) {
    if (error instanceof StateUnavailableError) return { kind: "unavailable" };
    throw error;
  }
}

/** One operation alone: what it answered, or `undefined` for no answer. */
export async function asked(
  store: Pick<StateStore, "apply">,
  operation: StateOperation,
  maxMs: number,
): Promise<OperationResult | Refusal | undefined> {
  const outcome = await called(store, [[operation]], maxMs);
  if (outcome.kind === "unavailable") return undefined;
  const [group] = outcome.results;
  return group?.kind === "done" ? group.results[0] : group?.found;
}

/** The same of a client that nothing is done to, which has an answer. */
export function seen(store: Pick<StateStore, "apply">, operation: StateOperation): Promise<OperationResult | Refusal> {
  return applyOne(store, operation, { signal });
}

const probe: StateOperation = { op: "get", key: valueKey("probe") };

/** @throws {Error} It does not answer in time. */
async function answered(
  store: Pick<StateStore, "apply">,
  read: StateOperation,
  { maxCallMs, maxRecoveryMs }: { readonly maxCallMs: number; readonly maxRecoveryMs: number },
): Promise<OperationResult | Refusal> {
  const untilMs = performance.now() + maxRecoveryMs;
  while (performance.now() < untilMs) {
    const answer = await asked(store, read, maxCallMs);
    if (answer !== undefined) return answer;
    await slept(50);
  }
  throw new Error(`no answer within ${maxRecoveryMs} ms after the fault was over`);
}

export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = systemClock.after(ms, () => reject(new Error(`still no answer after ${ms} ms: it hangs`)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}

export function slept(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve));
}
