import { remoteBackends } from "../../tools/backends/remote-backends.ts";
import type { RemoteBackend } from "../../tools/backends/remote-backend.ts";
import { bareClients } from "./bare-clients.ts";
import type { Calibration } from "./calibration.ts";
import { measure, type Figure } from "./figure.ts";
import type { BenchOptions } from "./road.ts";
import { bareClientRound, latencyRound, stateRound, storeAloneRound, tripsRound } from "./state-rounds.ts";
import type { Ceiling, StateLoad } from "./state-rounds.ts";

interface Bars {
  /** Actions a second. */
  readonly batch: number | undefined;
  readonly single: number | undefined;
  /** Ms at p99, at half of the batch figure. */
  readonly call?: number;
  readonly batchLatency?: number;
  /** Actions of one round: some seconds' worth. */
  readonly actions: number;
}

/** Of the issue. */
const bars: Readonly<Record<string, Bars>> = {
  redis: { batch: 50_000, single: 20_000, call: 5, batchLatency: 10, actions: 300_000 },
  postgres: { batch: 15_000, single: 6_000, actions: 100_000 },
  etcd: { batch: 5_000, single: 2_000, actions: 40_000 },
  zookeeper: { batch: 5_000, single: 2_000, actions: 40_000 },
  dynamodb: { batch: undefined, single: undefined, actions: 4_000 },
};

const maxTrips = 3;

/** The road of an action on each backend on other machines, one after the other. */
export async function* stateFigures(options: BenchOptions, calibration: Calibration): AsyncGenerator<Figure> {
  for (const [name, bar] of Object.entries(bars)) {
    const wanted = (id: string): boolean =>
      options.only.length === 0 || options.only.some((prefix) => id.startsWith(prefix) || prefix.startsWith(`${id}.`));
    if (!wanted(name)) continue;
    const remote = remoteBackends.find((each) => each.name === name);
    if (remote === undefined) process.stderr.write(`  ${name}: its package exports no backend yet; not measured\n`);
    else yield* figuresOf(remote, bar, options, calibration);
  }
}

async function* figuresOf(
  remote: RemoteBackend,
  bar: Bars,
  { rounds, scale }: BenchOptions,
  calibration: Calibration,
): AsyncGenerator<Figure> {
  const { name } = remote;
  const actions = Math.max(2_000, Math.round((bar.actions * scale) / 1_000) * 1_000);
  const batch: StateLoad = { batch: 100, inFlight: 8, actions };
  const single: StateLoad = { batch: 1, inFlight: 64, actions: Math.max(2_000, actions / 2) };

  let operations = 0;
  const throughput = async function* (id: string, load: StateLoad, least: number | undefined) {
    const figure = { id, unit: "actions/s", ...(least === undefined ? {} : { bar: { atLeast: least } }) };
    yield await measure(figure, rounds, calibration, async () => {
      const round = await stateRound(remote, load);
      ({ operations } = round);
      return { value: round.actions, cpuMicros: round.cpuMicros, serverCpuMicros: round.serverCpuMicros };
    });
  };
  let half = 0;
  for await (const figure of throughput(`${name}.batch100`, batch, bar.batch)) {
    half = figure.value / 2;
    yield figure;
  }
  const ceiling: Ceiling = { operationsOfAction: operations, actions };
  yield await measure({ id: `${name}.alone`, unit: "actions/s" }, rounds, calibration, async () => ({
    value: await storeAloneRound(remote, ceiling),
  }));
  const bare = bareClients[name];
  if (bare !== undefined)
    yield await measure({ id: `${name}.bare`, unit: "actions/s" }, rounds, calibration, async () => ({
      value: await bareClientRound(remote, bare, ceiling),
    }));
  yield* throughput(`${name}.single64`, single, bar.single);
  const trips = { id: `${name}.trips`, unit: "trips", bar: { atMost: maxTrips } };
  yield await measure(trips, rounds, calibration, async () => ({ value: await tripsRound(remote) }));

  const seen: Record<string, number[]> = { "call.p99": [], "batch.p50": [], "batch.p99": [] };
  const callP50 = await measure({ id: `${name}.call.p50`, unit: "ms" }, rounds, calibration, async () => {
    const latencies = await latencyRound(remote, half, Math.max(1, 6 * scale));
    seen["call.p99"]?.push(latencies.callP99);
    seen["batch.p50"]?.push(latencies.batchP50);
    seen["batch.p99"]?.push(latencies.batchP99);
    return { value: latencies.callP50 };
  });
  yield callP50;
  const most: Readonly<Record<string, number | undefined>> = { "call.p99": bar.call, "batch.p99": bar.batchLatency };
  for (const [id, values] of Object.entries(seen)) {
    const atMost = most[id];
    const value = values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
    yield {
      ...callP50,
      id: `${name}.${id}`,
      value,
      rounds: values,
      ...(atMost === undefined ? {} : { bar: { atMost } }),
    };
  }
}
