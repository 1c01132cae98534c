import type { Calibration } from "./calibration.ts";

/** One measured number, as `bench -o json` prints it. */
export interface Figure {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  /** What the issue asks for; absent where it only asks to print. */
  readonly bar?: { readonly atLeast: number } | { readonly atMost: number };
  /** CPU of the gateway's process, µs an action. */
  readonly cpuMicros?: number;
  /** CPU of the state server, µs an action; where it is a process of its own. */
  readonly serverCpuMicros?: number;
  /** Wall ÷ CPU of the calibration loop around the round that gave the median. */
  readonly calibration: number;
  /** All rounds, in their order. */
  readonly rounds: readonly number[];
}

export interface Round extends Pick<Figure, "value" | "cpuMicros" | "serverCpuMicros"> {}

const maxCalibration = 1.1;

export interface Rounds {
  /** Whose median counts. */
  readonly count: number;
  /** How many rounds may be repeated because the machine was not ours; 0 where the figure does not matter. */
  readonly maxRepeats: number;
}

/**
 * The median of so many rounds. A round during which the machine was not ours (calibration over 1.1) is repeated, at most
 * three times in all; a round that finds itself wrong throws, and the figure does not count.
 */
export async function measure(
  figure: Pick<Figure, "id" | "unit" | "bar">,
  { count, maxRepeats }: Rounds,
  calibration: Calibration,
  round: () => Promise<Round>,
): Promise<Figure> {
  const rounds: (Round & { readonly calibration: number })[] = [];
  let repeats = 0;
  while (rounds.length < count) {
    const before = await calibration.measure();
    const result = await round();
    const ratio = Math.max(before, await calibration.measure());
    process.stderr.write(`  ${figure.id}: ${format(result.value)} ${figure.unit} (calibration ${ratio.toFixed(2)})\n`);
    if (ratio > maxCalibration && repeats++ < maxRepeats) continue;
    rounds.push({ ...result, calibration: ratio });
  }
  const median = rounds.toSorted((a, b) => a.value - b.value)[Math.floor((rounds.length - 1) / 2)];
  if (median === undefined) throw new RangeError("no rounds");
  return { ...figure, ...median, rounds: rounds.map(({ value }) => value) };
}

/** Figures that each round has all of, in the order of its values; each with its own median. */
export async function* measureTogether(
  figures: readonly Pick<Figure, "id" | "unit" | "bar">[],
  rounds: Rounds,
  calibration: Calibration,
  round: () => Promise<readonly number[]>,
): AsyncGenerator<Figure> {
  const [first, ...others] = figures as [(typeof figures)[number], ...typeof figures];
  const seen: (readonly number[])[] = [];
  const measured = await measure(first, rounds, calibration, async () => {
    const values = await round();
    seen.push(values);
    return { value: values[0] ?? NaN };
  });
  yield measured;
  for (const [i, figure] of others.entries()) {
    const values = seen.map((each) => each[i + 1] ?? NaN);
    yield { ...figure, value: medianOf(values), calibration: measured.calibration, rounds: values };
  }
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
}

export function format(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString("en");
  return value.toPrecision(3);
}

export function meetsBar({ value, bar }: Figure): boolean {
  if (bar === undefined) return true;
  return "atLeast" in bar ? value >= bar.atLeast : value <= bar.atMost;
}
