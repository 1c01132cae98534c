import { redisWith, remoteBackends } from "../../tools/backends/remote-backends.ts";
import type { RemoteBackend } from "../../tools/backends/remote-backend.ts";
import { bareClients } from "./bare-clients.ts";
import type { Calibration } from "./calibration.ts";
import { measure, type Figure, type Rounds } from "./figure.ts";
import type { BenchOptions } from "./road.ts";
import { bareClientRound, latencyRound, quantile, stateRound, storeAloneRound, tripsRound } from "./state-rounds.ts";
import type { Ceiling, Pace, StateLoad } from "./state-rounds.ts";

interface Bars {
  /** Actions a second. */
  readonly batch: number | undefined;
  readonly single: number | undefined;
  /** Ms at p99, at half of the batch figure. */
  readonly call?: number;
  readonly batchLatency?: number;
  /** Actions of one round: some seconds' worth. */
  readonly actions: number;
  /** Beginnings of what is measured; all unless given. */
  readonly only?: readonly string[];
}

/** Of the issue. */
const bars: Readonly<Record<string, Bars>> = {
  redis: { batch: 50_000, single: 20_000, call: 5, batchLatency: 10, actions: 300_000 },
  "redis.sync": { batch: undefined, single: undefined, actions: 300_000, only: ["batch100", "call", "batch.p"] },
  postgres: { batch: 15_000, single: 6_000, actions: 100_000 },
  etcd: { batch: 5_000, single: 2_000, actions: 40_000 },
  zookeeper: { batch: 5_000, single: 2_000, actions: 40_000 },
  dynamodb: { batch: undefined, single: undefined, actions: 4_000 },
};

const maxTrips = 3;

/**
 * Redis writes its log to the disk every second, as it does unless told otherwise; `redis.sync` before each answer. The others
 * have nothing between.
 */
const measured: readonly RemoteBackend[] = [
  redisWith("redis", { appendfsync: "everysec" }),
  redisWith("redis.sync", { appendfsync: "always" }),
  ...remoteBackends.filter(({ name }) => name !== "redis"),
];

/** The road of an action on each backend on other machines, one after the other. */
export async function* stateFigures(options: BenchOptions, calibration: Calibration): AsyncGenerator<Figure> {
  const { only } = options;
  for (const remote of measured) {
    const bar = bars[remote.name];
    const asked = only.length === 0 || only.some((prefix) => `${remote.name}.`.startsWith(`${prefix.split(".")[0]}.`));
    if (bar === undefined || !asked) continue;
    if (await canBeHad(remote)) yield* figuresOf(remote, bar, options, calibration);
    else process.stderr.write(`  ${remote.name} cannot be had here; not measured\n`);
  }
}

async function* figuresOf(
  remote: RemoteBackend,
  bar: Bars,
  { rounds, scale, only }: BenchOptions,
  calibration: Calibration,
): AsyncGenerator<Figure> {
  const { name } = remote;
  const wanted = (...ids: readonly string[]): boolean =>
    ids.some(
      (id) =>
        (bar.only ?? [""]).some((prefix) => id.startsWith(prefix)) &&
        (only.length === 0 || only.some((prefix) => `${name}.${id}`.startsWith(prefix))),
    );
  const actions = Math.max(2_000, Math.round((bar.actions * scale) / 1_000) * 1_000);
  let ceiling: Ceiling = { operationsOfAction: NaN, actions };
  const throughput = (id: string, load: StateLoad, least: number | undefined): Promise<Figure> => {
    const figure = {
      id: `${name}.${id}`,
      unit: "actions/s",
      ...(least === undefined ? {} : { bar: { atLeast: least } }),
    };
    return measure(figure, rounds, calibration, async () => {
      const { actionsPerSecond, operationsOfAction, ...cpu } = await stateRound(remote, load);
      ceiling = { operationsOfAction, actions };
      return { value: actionsPerSecond, ...cpu };
    });
  };
  const alone = (id: string, round: () => Promise<number>): Promise<Figure> =>
    measure({ id: `${name}.${id}`, unit: "actions/s" }, rounds, calibration, async () => ({ value: await round() }));

  if (wanted("batch100", "alone", "bare", "call", "batch.p")) {
    const batch = await throughput("batch100", { batch: 100, inFlight: 8, actions }, bar.batch);
    yield batch;
    if (wanted("alone")) yield await alone("alone", () => storeAloneRound(remote, ceiling));
    const bare = bareClients[name];
    if (wanted("bare") && bare !== undefined) yield await alone("bare", () => bareClientRound(remote, bare, ceiling));
    const pace = { actionsPerSecond: batch.value / 2, seconds: Math.max(1, 8 * scale) };
    if (wanted("call", "batch.p")) yield* latencyFigures(remote, pace, bar, rounds, calibration);
  }
  if (wanted("single64"))
    yield await throughput("single64", { batch: 1, inFlight: 64, actions: Math.max(2_000, actions / 2) }, bar.single);
  if (wanted("trips")) {
    const figure = { id: `${name}.trips`, unit: "trips", bar: { atMost: maxTrips } };
    yield await measure(figure, rounds, calibration, async () => ({ value: await tripsRound(remote) }));
  }
}

async function* latencyFigures(
  remote: RemoteBackend,
  pace: Pace,
  bar: Bars,
  rounds: Rounds,
  calibration: Calibration,
): AsyncGenerator<Figure> {
  const { name } = remote;
  const seen: Record<string, number[]> = { "call.p99": [], "batch.p50": [], "batch.p99": [] };
  const callP50 = await measure({ id: `${name}.call.p50`, unit: "ms" }, rounds, calibration, async () => {
    const latencies = await latencyRound(remote, pace);
    seen["call.p99"]?.push(latencies.callP99);
    seen["batch.p50"]?.push(latencies.batchP50);
    seen["batch.p99"]?.push(latencies.batchP99);
    return { value: latencies.callP50 };
  });
  yield callP50;
  const most: Readonly<Record<string, number | undefined>> = { "call.p99": bar.call, "batch.p99": bar.batchLatency };
  for (const [id, values] of Object.entries(seen)) {
    const atMost = most[id];
    const value = quantile(values, 0.5);
    yield {
      ...callP50,
      id: `${name}.${id}`,
      value,
      rounds: values,
      ...(atMost === undefined ? {} : { bar: { atMost } }),
    };
  }
}

async function canBeHad(remote: RemoteBackend): Promise<boolean> {
  const server = await remote.start();
  await server?.[Symbol.asyncDispose]();
  return server !== undefined;
}
