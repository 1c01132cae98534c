import { createAction, systemClock, systemRandom, type Action, type JsonObject } from "@acteon/core";
import { fixedStatePort, RuleEngine, type RuleFrontEnd, type RuleSet } from "@acteon/rules";
import { createCelFrontEnd } from "@acteon/rules-cel";
import { createRegoFrontEnd } from "@acteon/rules-rego";
import type { Calibration } from "./calibration.ts";
import { measure, type Figure, type Round } from "./figure.ts";
import type { BenchOptions } from "./road.ts";
import { environment, evaluationRound, reloadRound, withGatewayMix } from "./rules-bench.ts";

/** The figures of the rules by themselves: no gateway, no store. */
export async function* rulesFigures(
  { rounds, scale, only }: BenchOptions,
  calibration: Calibration,
): AsyncGenerator<Figure> {
  const evaluations = Math.max(2_000, 200_000 * scale);
  const figures: readonly (readonly [figure: Pick<Figure, "id" | "unit" | "bar">, round: () => Promise<Round>])[] = [
    [{ id: "rules.10", unit: "µs", bar: { atMost: 0.5 } }, () => evaluationRound(10)],
    [{ id: "rules.1000", unit: "µs", bar: { atMost: 3 } }, () => evaluationRound(1_000)],
    [{ id: "rules.10000", unit: "µs", bar: { atMost: 8 } }, () => evaluationRound(10_000)],
    [{ id: "rules.cel.five", unit: "ns", bar: { atMost: 150 } }, () => fiveTerms(evaluations)],
    [{ id: "rules.rego.join", unit: "µs", bar: { atMost: 10 } }, () => joinOfTenAndTwenty(evaluations / 10)],
    [
      { id: "rules.explained", unit: "× never explained", bar: { atMost: 1.05 } },
      () => explainedRatio(evaluations / 4),
    ],
  ];
  const isWanted = (id: string): boolean => only.length === 0 || only.some((prefix) => id.startsWith(prefix));
  for (const [figure, round] of figures) {
    if (isWanted(figure.id)) yield await measure(figure, rounds, calibration, round);
  }
  if (isWanted("rules.edit") || isWanted("rules.load") || isWanted("rules.pause")) yield* reloadFigures();

  async function* reloadFigures(): AsyncGenerator<Figure> {
    const edits: number[] = [];
    const pauses: number[] = [];
    const load = await measure(
      { id: "rules.load", unit: "ms", bar: { atMost: 5_000 } },
      rounds,
      calibration,
      async () => {
        const { loadMs, editMs, pauseMs } = await reloadRound();
        edits.push(editMs);
        pauses.push(pauseMs);
        return { value: loadMs };
      },
    );
    yield load;
    yield { ...load, id: "rules.edit", bar: { atMost: 300 }, value: median(edits), rounds: edits };
    yield { ...load, id: "rules.pause", bar: { atMost: 50 }, value: median(pauses), rounds: pauses };
  }
}

/** A predicate of five terms, all of which hold and none of which the index knows: one rule, asked, ns. */
async function fiveTerms(evaluations: number): Promise<Round> {
  const terms = [
    'action.payload.message.contains("disk")',
    "action.payload.count > 3",
    "action.payload.ratio < 0.9",
    "!action.payload.muted",
    'action.payload.region != "test"',
  ];
  const rules = await ruleSetOf(createCelFrontEnd(), `@rule(name = "five") @on(deny)\n${terms.join(" && ")}\n`);
  const payload = { message: "the disk is full", count: 4, ratio: 0.5, muted: false, region: "eu" };
  return { value: (await micros(rules, [actionWith(payload)], evaluations, "suppress")) * 1_000 };
}

/** Ten services of the action against twenty windows of the data, none of which is open: every pair is looked at, µs. */
async function joinOfTenAndTwenty(evaluations: number): Promise<Round> {
  const windows = Array.from({ length: 20 }, (_, i) => ({ service: `service-${i}`, open: false }));
  const rules = await ruleSetOf(
    createRegoFrontEnd({ data: { windows } }),
    `package acteon.rules

suppress_maintenance if {
	some service in input.action.payload.services
	some window in data.windows
	window.service == service
	window.open
}
`,
  );
  const services = Array.from({ length: 10 }, (_, i) => `service-${i + 5}`);
  return { value: await micros(rules, [actionWith({ services })], evaluations, "execute") };
}

/** What it costs that actions were explained before: the same evaluations by the same rules, turn and turn about. */
async function explainedRatio(evaluations: number): Promise<Round> {
  return withGatewayMix(1_000, async (open, actions) => {
    const [never, explained] = [await open(), await open()];
    const state = fixedStatePort({ entries: new Map(), counters: new Map(), seen: new Map() }, environment.nowMs);
    for (const action of actions.slice(0, 50)) await explained.explain(action, state, environment);
    const ratios: number[] = [];
    for (let turn = 0; turn < 9; turn++) {
      const before = await micros(never.current(), actions, evaluations);
      ratios.push((await micros(explained.current(), actions, evaluations)) / before);
    }
    return { value: median(ratios) };
  });
}

/** The median over blocks of evaluations of what one takes, µs, once they are warm. */
async function micros(rules: RuleSet, actions: readonly Action[], evaluations: number, ends?: string): Promise<number> {
  const block = 100;
  const times: number[] = [];
  for (let done = 0; done < evaluations; done += block) {
    const started = performance.now();
    for (let i = 0; i < block; i++) {
      const plan = rules.plan(actions[(done + i) % actions.length] as Action, environment);
      if (ends !== undefined && (plan.kind !== "known" || plan.decision.end.kind !== ends)) {
        throw new Error(`an evaluation that ends as ${plan.kind === "known" ? plan.decision.end.kind : plan.kind}`);
      }
    }
    if (done >= evaluations / 5) times.push(((performance.now() - started) * 1_000) / block);
  }
  return median(times);
}

async function ruleSetOf(frontEnd: RuleFrontEnd, text: string): Promise<RuleSet> {
  const parsed = frontEnd.parse(text, `bench${frontEnd.extensions[0]}`);
  if (parsed.kind === "rejected") throw new Error(parsed.diagnostics[0]?.summary);
  const engine = new RuleEngine({ frontEnds: [frontEnd] });
  const loaded = await engine.loadNative(parsed.rules);
  if (loaded.kind === "rejected") throw new Error(loaded.diagnostics[0]?.summary);
  return engine.current();
}

function actionWith(payload: JsonObject): Action {
  const input = { namespace: "prod", tenant: "acme", provider: "slack", actionType: "alert", payload };
  return createAction(input, { clock: systemClock, random: systemRandom });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
}
