import type { Calibration } from "./calibration.ts";
import { measure, measureTogether, type Figure, type Rounds } from "./figure.ts";
import { httpBatchRound, httpLatencyRound, httpSingleRatio } from "./http-road.ts";
import { inProcessRound, type RoadOptions } from "./in-process-road.ts";
import { firstAnswerRound, helpRound, idleMemoryRound } from "./process-bench.ts";
import { rulesFigures } from "./rules.ts";
import type { Pace } from "./workload.ts";

export interface BenchOptions {
  readonly rounds: Rounds;
  /** 1 for the figures; less for a smoke run, which only shows that everything runs and checks itself. */
  readonly scale: number;
  /** Ids to measure, by prefix; all when empty. */
  readonly only: readonly string[];
}

/** The figures of the first issue, one after the other. */
export async function* roadFigures(options: BenchOptions, calibration: Calibration): AsyncGenerator<Figure> {
  const { rounds, scale } = options;
  const wanted = (id: string): boolean =>
    options.only.length === 0 || options.only.some((prefix) => id.startsWith(prefix));
  const actions = (count: number): number => Math.max(2_000, Math.round((count * scale) / 1_000) * 1_000);
  const perSecond = { unit: "actions/s" } as const;

  const batch: Pick<RoadOptions, "batch" | "inFlight" | "actions"> = {
    batch: 100,
    inFlight: 8,
    actions: actions(600_000),
  };
  const single: Pick<RoadOptions, "batch" | "inFlight" | "actions"> = {
    batch: 1,
    inFlight: 64,
    actions: actions(300_000),
  };
  const inProcess: readonly (readonly [id: string, bar: number | undefined, road: RoadOptions])[] = [
    ["batch100.memory.noaudit", 250_000, { ...batch, state: "memory", audit: false }],
    ["batch100.memory", 150_000, { ...batch, state: "memory", audit: true }],
    ["batch100.embedded", 110_000, { ...batch, state: "embedded", audit: true }],
    ["batch100.embedded.sync", undefined, { ...batch, state: "embedded", audit: true, sync: true }],
    ["single64.memory.noaudit", 120_000, { ...single, state: "memory", audit: false }],
    ["single64.embedded", 60_000, { ...single, state: "embedded", audit: true }],
    [
      "single64.embedded.sync",
      undefined,
      { ...single, actions: actions(100_000), state: "embedded", audit: true, sync: true },
    ],
  ];
  for (const [id, bar, road] of inProcess) {
    if (!wanted(id)) continue;
    yield await measure({ id, ...perSecond, ...atLeast(bar) }, rounds, calibration, () => inProcessRound(road));
  }

  if (wanted("http.batch100.embedded")) {
    const id = "http.batch100.embedded";
    const throughput = await measure({ id, ...perSecond, ...atLeast(httpBar) }, rounds, calibration, () =>
      httpBatchRound(actions(400_000), false),
    );
    yield throughput;
    const seconds = Math.max(1, 8 * scale);
    yield* latencyFigures(id, { actionsPerSecond: httpBar / 2, seconds }, rounds, calibration);
    yield* latencyFigures(`${id}.half`, { actionsPerSecond: throughput.value / 2, seconds }, rounds, calibration);
    yield await measure({ id: `${id}.sync`, ...perSecond }, rounds, calibration, () =>
      httpBatchRound(actions(200_000), true),
    );
  }
  if (wanted("http.single.ratio")) {
    const bar = { id: "http.single.ratio", unit: "× bare node:http", bar: { atLeast: 0.6 } };
    yield await measure(bar, rounds, calibration, () => httpSingleRatio(actions(100_000)));
  }

  yield* rulesFigures(options, calibration);

  if (wanted("idle.rss")) {
    yield await measure({ id: "idle.rss", unit: "MB", bar: { atMost: 100 } }, rounds, calibration, idleMemoryRound);
  }
  if (wanted("start.first")) {
    yield await measure(
      { id: "start.first", unit: "ms", bar: { atMost: 1_000 } },
      rounds,
      calibration,
      firstAnswerRound,
    );
  }
  if (wanted("cli.help")) {
    yield await measure({ id: "cli.help", unit: "ms", bar: { atMost: 200 } }, rounds, calibration, helpRound);
  }
}

/** Actions a second; half of it is the load under which latencies have bars. */
const httpBar = 100_000;

function atLeast(bar: number | undefined): Pick<Figure, "bar"> {
  return bar === undefined ? {} : { bar: { atLeast: bar } };
}

/** Of ours and of the bare server beside it. */
function latencyFigures(id: string, pace: Pace, rounds: Rounds, calibration: Calibration): AsyncGenerator<Figure> {
  const figures = [
    { id: `${id}.p50`, unit: "ms", bar: { atMost: 2 } },
    { id: `${id}.p99`, unit: "ms", bar: { atMost: 10 } },
    { id: `${id}.bare.p50`, unit: "ms" },
    { id: `${id}.bare.p99`, unit: "ms" },
  ];
  return measureTogether(figures, rounds, calibration, async () => {
    const { p50, p99, bareP50, bareP99 } = await httpLatencyRound(pace);
    return [p50, p99, bareP50, bareP99];
  });
}
