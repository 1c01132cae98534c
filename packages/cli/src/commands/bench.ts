import { availableParallelism } from "node:os";
import type { Action } from "@acteon/core";
import type { DispatchResult, Gateway } from "@acteon/gateway";
import { quickstartAction } from "@acteon/server";
import type { CommandContext, Run } from "../command.ts";
import { createGateway } from "../library/create-gateway.ts";
import { fixedRules } from "../offline/dispatch-here.ts";
import { findRulesIfAny, openRules } from "../offline/offline-rules.ts";
import { actionOf, parseInput, readInput } from "../offline/read-input.ts";

const batchActions = 100;
const batchesInFlight = 8;

/** What was measured: the whole road in this process, in memory, with providers that answer at once. */
interface Measurement {
  actions: number;
  readonly batchMs: number[];
  readonly outcomes: Map<string, number>;
}

export const run: Run = async (context) => {
  const { args, clock, options, output, random } = context;
  const seconds = options.integer("seconds", { min: 1, max: 600, fallback: 3 });
  const [file] = args;
  const nowMs = clock.nowMs();
  const sample = actionOf(
    file === undefined
      ? { ...quickstartAction, payload: { severity: "critical", text: "payments are failing" } }
      : parseInput(await readInput(file, context), file),
    nowMs,
  );
  const place = await findRulesIfAny(options.text("rules"), context);
  const engine = place === undefined ? undefined : await openRules(place, context);
  await using gateway = await createGateway({
    rules: engine === undefined ? [] : fixedRules(engine),
    providers: Object.fromEntries(
      [sample.provider, ...(place?.providers ?? ["console"])].map((name) => [name, atOnce]),
    ),
    clock,
    random,
  });
  output.note(`${seconds} s, batches of ${batchActions}, ${batchesInFlight} in flight, in memory, without audit`);
  const dispatch = () =>
    gateway.dispatchActions(Array.from({ length: batchActions }, () => fresh(sample, random.uuid())));
  await measure(dispatch, 500, clock); // warm-up
  const startMs = clock.monotonicMs();
  const cpu = process.cpuUsage();
  const { actions, batchMs, outcomes } = await measure(dispatch, seconds * 1_000, clock);
  const elapsedMs = clock.monotonicMs() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  const sorted = batchMs.toSorted((a, b) => a - b);
  const result = {
    actions_per_second: Math.round((actions / elapsedMs) * 1_000),
    cpu_us_per_action: Number(((user + system) / actions).toFixed(2)),
    batch_p50_ms: quantile(sorted, 0.5),
    batch_p99_ms: quantile(sorted, 0.99),
    rules: engine?.current().size ?? 0,
    actions,
    outcomes: Object.fromEntries(outcomes),
    cores: availableParallelism(),
    node: process.versions.node,
  };
  output.result(result, () =>
    [
      `${result.actions_per_second.toLocaleString("en")} actions/s  ${result.cpu_us_per_action} µs of CPU each`,
      `a batch of ${batchActions}: p50 ${result.batch_p50_ms} ms, p99 ${result.batch_p99_ms} ms`,
      `${result.rules} rules; ${[...outcomes].map(([kind, count]) => `${count.toLocaleString("en")} ${kind}`).join(", ")}`,
    ].join("\n"),
  );
  return 0;
};

const atOnce = {
  execute: () => ({ kind: "answered", response: { status: "success", body: null, headers: {} } }) as const,
};

/** The sample as an action of its own: no two are the same, also to a rule that deduplicates. */
function fresh(sample: Action, id: string): Action {
  return { ...sample, id: id as Action["id"], dedupKey: sample.dedupKey === undefined ? undefined : id };
}

async function measure(
  dispatch: () => ReturnType<Gateway["dispatchActions"]>,
  forMs: number,
  clock: CommandContext["clock"],
): Promise<Measurement> {
  const measurement: Measurement = { actions: 0, batchMs: [], outcomes: new Map() };
  const endMs = clock.monotonicMs() + forMs;
  const loop = async (): Promise<void> => {
    for (let startMs = clock.monotonicMs(); startMs < endMs; startMs = clock.monotonicMs()) {
      const results = await dispatch();
      measurement.batchMs.push(clock.monotonicMs() - startMs);
      measurement.actions += results.length;
      for (const result of results) count(measurement.outcomes, result);
    }
  };
  await Promise.all(Array.from({ length: batchesInFlight }, loop));
  return measurement;
}

function count(outcomes: Map<string, number>, result: DispatchResult): void {
  const kind = result.kind === "refused" ? result.error.code : result.outcome.kind;
  outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
}

function quantile(sorted: readonly number[], share: number): number {
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2));
}
