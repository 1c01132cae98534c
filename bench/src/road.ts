import type { Calibration } from "./calibration.ts";
import { measure, type Figure, type Rounds } from "./figure.ts";
import { httpBatchRound, httpLatencyRound, httpSingleRatio } from "./http-road.ts";
import { inProcessRound, type RoadOptions } from "./in-process-road.ts";
import { firstAnswerRound, helpRound, idleMemoryRound } from "./process-bench.ts";
import { rulesFigures } from "./rules.ts";

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
    const throughput = await measure({ id, ...perSecond, ...atLeast(100_000) }, rounds, calibration, () =>
      httpBatchRound(actions(400_000), false),
    );
    yield throughput;
    yield* latencyFigures(id, throughput.value / 2, Math.max(1, 8 * scale), rounds, calibration);
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

function atLeast(bar: number | undefined): Pick<Figure, "bar"> {
  return bar === undefined ? {} : { bar: { atLeast: bar } };
}

async function* latencyFigures(
  id: string,
  actionsPerSecond: number,
  seconds: number,
  rounds: Rounds,
  calibration: Calibration,
): AsyncGenerator<Figure> {
  const bare: { p50: number; p99: number }[] = [];
  const p99s: number[] = [];
  const p50 = await measure({ id: `${id}.p50`, unit: "ms", bar: { atMost: 2 } }, rounds, calibration, async () => {
    const latencies = await httpLatencyRound(actionsPerSecond, seconds);
    bare.push({ p50: latencies.bareP50, p99: latencies.bareP99 });
    p99s.push(latencies.p99);
    return { value: latencies.p50 };
  });
  yield p50;
  yield { ...p50, id: `${id}.p99`, bar: { atMost: 10 }, value: median(p99s), rounds: p99s };
  yield {
    ...p50,
    id: "http.batch100.bare.p50",
    bar: undefined,
    value: median(bare.map((one) => one.p50)),
    rounds: bare.map((one) => one.p50),
  } as Figure;
  yield {
    ...p50,
    id: "http.batch100.bare.p99",
    bar: undefined,
    value: median(bare.map((one) => one.p99)),
    rounds: bare.map((one) => one.p99),
  } as Figure;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
}
