import type { Action } from "@acteon/core";
import { fixedStatePort } from "@acteon/rules";
import type { Run } from "../command.ts";
import { explanationText, explanationToJson } from "../explanation-text.ts";
import { findRules, openRules } from "../offline/offline-rules.ts";
import { actionOf, parseInput, readInput } from "../offline/read-input.ts";

export const run: Run = async (context) => {
  const { args, clock, options, output } = context;
  const [file = ""] = args;
  const place = await findRules(options.text("rules"), context);
  const engine = await openRules(place, context);
  const nowMs = clock.nowMs();
  const action: Action = actionOf(parseInput(await readInput(file, context), file), nowMs);
  output.note(`decided by the rules of ${place.path}, as if nothing had been dispatched before`);
  const explanation = await engine.explain(action, fixedStatePort(emptyState, nowMs), {
    nowMs,
    health: goodHealth,
    variables: {},
  });
  output.result(explanationToJson(explanation), () => explanationText(explanation, output.paint));
  return 0;
};

const emptyState = { entries: new Map(), counters: new Map(), seen: new Map() } as const;
const goodHealth = { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 } as const;
