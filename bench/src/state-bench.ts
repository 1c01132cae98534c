import { fork } from "node:child_process";
import { once } from "node:events";
import type { RemoteBackend } from "../../tools/backends/remote-backend.ts";
import { bareClients } from "./bare-clients.ts";
import type { Calibration } from "./calibration.ts";
import type { LatencyRequest } from "./latency-process.ts";
import { measure, measureTogether, type Figure, type Rounds } from "./figure.ts";
import { measuredBackends } from "./measured-backends.ts";
import type { BenchOptions } from "./road.ts";
import { bareClientRound, stateRound, storeAloneRound, tripsRound } from "./state-rounds.ts";
import type { Ceiling, Latencies, StateLoad } from "./state-rounds.ts";
import type { Pace } from "./workload.ts";

/** Ms at p99. */
interface LatencyBars {
  readonly call?: number;
  readonly batch?: number;
}

interface Bars {
  /** Actions a second. */
  readonly batch: number | undefined;
  readonly single: number | undefined;
  /** At half of `batch`, and of what was measured. */
  readonly latency?: LatencyBars;
  /** Actions of one round: some seconds' worth. */
  readonly actions: number;
  /** Beginnings of what is measured; all unless given. */
  readonly only?: readonly string[];
}

/** Of the issue. */
const bars: Readonly<Record<string, Bars>> = {
  redis: { batch: 50_000, single: 20_000, latency: { call: 5, batch: 10 }, actions: 300_000 },
  "redis.sync": { batch: undefined, single: undefined, actions: 300_000, only: ["batch100", "half"] },
  postgres: { batch: 15_000, single: 6_000, actions: 100_000 },
  etcd: { batch: 5_000, single: 2_000, actions: 40_000 },
  zookeeper: { batch: 5_000, single: 2_000, actions: 40_000 },
  dynamodb: { batch: undefined, single: undefined, actions: 4_000 },
};

const maxTrips = 3;

/** The road of an action on each backend on other machines, one after the other. */
export async function* stateFigures(options: BenchOptions, calibration: Calibration): AsyncGenerator<Figure> {
  const { only } = options;
  for (const remote of measuredBackends) {
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

  if (wanted("batch100", "alone", "bare", "call", "batch.p", "half")) {
    const batch = await throughput("batch100", { batch: 100, inFlight: 8, actions }, bar.batch);
    yield batch;
    if (wanted("alone")) yield await alone("alone", () => storeAloneRound(remote, ceiling));
    const bare = bareClients[name];
    if (wanted("bare") && bare !== undefined) yield await alone("bare", () => bareClientRound(remote, bare, ceiling));
    const seconds = Math.max(1, 8 * scale);
    const latencies = (id: string, actionsPerSecond: number): AsyncGenerator<Figure> =>
      latencyFigures(id, remote, { actionsPerSecond, seconds }, bar.latency ?? {}, rounds, calibration);
    if (wanted("call", "batch.p") && bar.batch !== undefined) yield* latencies(name, bar.batch / 2);
    if (wanted("half")) yield* latencies(`${name}.half`, batch.value / 2);
  }
  if (wanted("single64"))
    yield await throughput("single64", { batch: 1, inFlight: 64, actions: Math.max(2_000, actions / 2) }, bar.single);
  if (wanted("trips")) {
    const figure = { id: `${name}.trips`, unit: "trips", bar: { atMost: maxTrips } };
    yield await measure(figure, rounds, calibration, async () => ({ value: await tripsRound(remote) }));
  }
}

function latencyFigures(
  id: string,
  remote: RemoteBackend,
  pace: Pace,
  most: LatencyBars,
  rounds: Rounds,
  calibration: Calibration,
): AsyncGenerator<Figure> {
  const figures = [
    { id: `${id}.call.p50`, unit: "ms" },
    { id: `${id}.call.p99`, unit: "ms", ...(most.call === undefined ? {} : { bar: { atMost: most.call } }) },
    { id: `${id}.batch.p50`, unit: "ms" },
    { id: `${id}.batch.p99`, unit: "ms", ...(most.batch === undefined ? {} : { bar: { atMost: most.batch } }) },
  ];
  return measureTogether(figures, rounds, calibration, async () => {
    const { callP50, callP99, batchP50, batchP99 } = await latencyRoundAlone(remote, pace);
    return [callP50, callP99, batchP50, batchP99];
  });
}

/** @throws {Error} The round failed; the process has told why. */
async function latencyRoundAlone({ name: backend }: RemoteBackend, pace: Pace): Promise<Latencies> {
  const child = fork(new URL("latency-process.ts", import.meta.url));
  let latencies: Latencies | undefined;
  child.once("message", (message) => (latencies = message as Latencies));
  child.send({ backend, pace } satisfies LatencyRequest);
  const [code] = (await once(child, "exit")) as [number | null]; // and the machine is ours again
  if (latencies === undefined) throw new Error(`a latency round of ${backend} ended with ${code}`);
  return latencies;
}

async function canBeHad(remote: RemoteBackend): Promise<boolean> {
  const server = await remote.start();
  await server?.[Symbol.asyncDispose]();
  return server !== undefined;
}
