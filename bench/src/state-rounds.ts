import { systemClock, type Namespace, type TenantId } from "@acteon/core";
import { stateKey, stateScope, type StateGroup, type StateStore } from "@acteon/state";
import { FaultProxy } from "@acteon/test-servers";
import { openRemote, type RemoteBackend, type RemoteServer } from "../../tools/backends/remote-backend.ts";
import type { BareClient } from "./bare-clients.ts";
import { onRoad, type Road, type RoadOptions } from "./in-process-road.ts";
import { serverCpuMicros } from "./server-cpu.ts";
import { ticks } from "./ticker.ts";
import type { Pace } from "./workload.ts";

export type StateLoad = Pick<RoadOptions, "batch" | "inFlight" | "actions">;

export interface StateRound {
  readonly actionsPerSecond: number;
  /** Of an action. */
  readonly cpuMicros: number;
  readonly serverCpuMicros: number;
  /** On their way to the store. */
  readonly operationsOfAction: number;
}

/** One round of the road on a new server of that backend. */
export function stateRound(remote: RemoteBackend, load: StateLoad): Promise<StateRound> {
  return onServer(remote, (server) => {
    const traffic = new Traffic();
    const open = async (): Promise<StateStore> => traffic.counting(await openRemote(remote, server));
    return onRoad({ ...load, state: open, audit: true }, async (road) => {
      await road.run(Math.ceil(load.actions / 400) * 100);
      const before = { operations: traffic.operations, cpu: process.cpuUsage(), server: serverCpuMicros() };
      const started = performance.now();
      await road.run(load.actions);
      const seconds = (performance.now() - started) / 1_000;
      const { user, system } = process.cpuUsage(before.cpu);
      return {
        actionsPerSecond: load.actions / seconds,
        cpuMicros: (user + system) / load.actions,
        serverCpuMicros: (serverCpuMicros() - before.server) / load.actions,
        operationsOfAction: (traffic.operations - before.operations) / load.actions,
      };
    });
  });
}

/**
 * How many waits one after another a batch of 100 costs its caller: by how much longer it takes when a proxy holds every answer
 * of the server back, in units of that time.
 */
export function tripsRound(remote: RemoteBackend): Promise<number> {
  return onServer(remote, async (server) => {
    await using proxy = await FaultProxy.to(server.port);
    const open = (): Promise<StateStore> => openRemote(remote, server, proxy.port);
    return await onRoad({ batch: 100, inFlight: 1, actions: 0, state: open, audit: true }, async (road) => {
      await road.run(1_000);
      const atOnce = await medianCallMs(road);
      proxy.set({ latencyMs: heldBackMs });
      const heldBack = await medianCallMs(road);
      proxy.heal();
      return (heldBack - atOnce) / heldBackMs;
    });
  });
}

const heldBackMs = 100;

async function medianCallMs(road: Road): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 15; i++) {
    const started = performance.now();
    await road.call();
    times.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 250)); // what callers do not wait for is done by then
  }
  return quantile(times, 0.5);
}

export interface Latencies {
  readonly callP50: number;
  readonly callP99: number;
  readonly batchP50: number;
  readonly batchP99: number;
}

/**
 * Batches of 100 that begin at a fixed rate, whether earlier ones have ended or not; ms, a batch from when it was due. The
 * first fifth is to warm up.
 */
export function latencyRound(remote: RemoteBackend, { actionsPerSecond, seconds }: Pace): Promise<Latencies> {
  return onServer(remote, (server) => {
    const traffic = new Traffic();
    const open = async (): Promise<StateStore> => traffic.counting(await openRemote(remote, server));
    return onRoad({ batch: 100, inFlight: 8, actions: 0, state: open, audit: true }, async (road) => {
      await road.run(10_000);
      const perSecond = actionsPerSecond / 100;
      await paced(road, { perSecond, seconds: seconds / 5 });
      traffic.callsMs.length = 0;
      const batchesMs = await paced(road, { perSecond, seconds: (seconds * 4) / 5 });
      return {
        callP50: quantile(traffic.callsMs, 0.5),
        callP99: quantile(traffic.callsMs, 0.99),
        batchP50: quantile(batchesMs, 0.5),
        batchP99: quantile(batchesMs, 0.99),
      };
    });
  });
}

async function paced(
  road: Road,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly number[]> {
  const times: number[] = [];
  const calls: Promise<void>[] = [];
  await ticks({ perSecond, count: Math.round(perSecond * seconds) }, (_, dueMs) =>
    calls.push(road.call().then(() => void times.push(performance.now() - dueMs))),
  );
  await Promise.all(calls);
  return times;
}

/** What the road does of a kind of client, done by it alone: the same number of operations. */
export interface Ceiling {
  readonly operationsOfAction: number;
  readonly actions: number;
}

/** The store without a gateway: locks taken and released. Actions a second that this would be. */
export function storeAloneRound(remote: RemoteBackend, ceiling: Ceiling): Promise<number> {
  return onServer(remote, async (server) => {
    await using store = await openRemote(remote, server);
    return await pairsRound(ceiling, async (name) => {
      for (const op of ["acquire", "release"] as const) await store.apply(lockGroups(name, op), { signal });
    });
  });
}

/** The server's client without a store: keys written unless there, and erased as written. Actions a second that this would be. */
export function bareClientRound(
  remote: RemoteBackend,
  open: (server: RemoteServer) => Promise<BareClient>,
  ceiling: Ceiling,
): Promise<number> {
  return onServer(remote, async (server) => {
    await using client = await open(server);
    return await pairsRound(ceiling, async (name) => {
      const keys = Array.from({ length: groupsPerCall }, (_, i) => `${name}-${i}`);
      await client.write(keys);
      await client.erase(keys);
    });
  });
}

/** Two callers at a time, as the gateway has two calls in flight; each pair of calls is for as many groups as one call carries. */
async function pairsRound(
  { operationsOfAction, actions }: Ceiling,
  pair: (name: string) => Promise<void>,
): Promise<number> {
  const pairs = Math.ceil((actions * operationsOfAction) / groupsPerCall / 2);
  let next = 0;
  const caller = async (to: number): Promise<void> => {
    while (next < to) await pair(`pair-${next++}`);
  };
  await caller(Math.ceil(pairs / 4));
  const from = next;
  const started = performance.now();
  await Promise.all([caller(from + pairs), caller(from + pairs)]);
  const seconds = (performance.now() - started) / 1_000;
  return ((next - from) * 2 * groupsPerCall) / operationsOfAction / seconds;
}

const groupsPerCall = 128;
const { signal } = new AbortController();
const scope = stateScope("prod" as Namespace, "acme" as TenantId);

function lockGroups(name: string, op: "acquire" | "release"): readonly StateGroup[] {
  return Array.from({ length: groupsPerCall }, (_, i) => {
    const lock = stateKey(scope, "lock", `${name}-${i}`, undefined);
    const owner = `owner-${i}`;
    return op === "acquire" ? [{ op, lock, owner, leaseMs: 30_000 }] : [{ op, lock, owner }];
  });
}

/** What goes to a store, and how long its answers take. */
class Traffic {
  operations = 0;
  readonly callsMs: number[] = [];

  counting(store: StateStore): StateStore {
    return {
      durability: store.durability,
      capabilities: store.capabilities,
      apply: (groups, options) => {
        for (const group of groups) this.operations += group.length;
        const started = systemClock.monotonicMs();
        const answer = store.apply(groups, options);
        if (answer instanceof Promise)
          void answer.then(() => this.callsMs.push(systemClock.monotonicMs() - started), nothing);
        return answer;
      },
      scan: (range, options) => store.scan(range, options),
      ...(store.watch === undefined ? {} : { watch: store.watch.bind(store) }),
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    };
  }
}

/** A call that failed is seen by the gateway. */
function nothing(): void {}

/** @throws {Error} The server cannot be had here. */
async function onServer<T>(remote: RemoteBackend, use: (server: RemoteServer) => Promise<T>): Promise<T> {
  await using server = await remote.start();
  if (server === undefined) throw new Error(`${remote.name} cannot be had here`);
  return await use(server);
}

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;
}
