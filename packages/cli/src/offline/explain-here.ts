import { fixedStatePort } from "@acteon/rules";
import type { WireExplanation } from "@acteon/server";
import { explanationToWire, mockState } from "@acteon/server";
import type { CommandContext } from "../command.ts";
import { worldOf } from "../commands/explain.ts";
import type { ExplainRequest } from "../commands/explain.ts";
import { findRules, openRules } from "./offline-rules.ts";
import { actionOf } from "./read-input.ts";

/** By the rules here, with every provider in good health. */
export async function explain(request: ExplainRequest, context: CommandContext): Promise<WireExplanation> {
  const { clock, options, output } = context;
  const { evaluateAll, atMs: nowMs = clock.nowMs() } = request;
  const place = await findRules(options.text("rules"), context);
  const engine = await openRules(place, context);
  const action = actionOf(request.action, nowMs);
  output.note(`decided by the rules of ${place.path}, ${worldOf(request)}`);
  const startedMs = clock.monotonicMs();
  const state = fixedStatePort(mockState(request.state, action, nowMs), nowMs);
  const explanation = await engine.explain(
    action,
    state,
    { nowMs, health: goodHealth, variables: {} },
    { evaluateAll },
  );
  const durationMs = clock.monotonicMs() - startedMs;
  const { timezone } = place;
  return explanationToWire(explanation, { nowMs, timezone, durationMs, evaluateAll, includeDisabled: true });
}

const goodHealth = { circuitOpen: () => false, latencyP99Ms: () => undefined, failureRate: () => 0 } as const;
