import type { Action, JsonValue, Problem } from "@acteon/core";
import { hasProblems, isJsonObject, parseAction, parseInstant, pointerTo, ValidationError } from "@acteon/core";
import { fixedStatePort } from "@acteon/rules";
import type { FixedState } from "@acteon/rules";
import { coversScope } from "../auth/principal.ts";
import { explanationToWire } from "../codec/explanation-codec.ts";
import { mockState } from "../codec/mock-state.ts";
import { readJson } from "../http/body.ts";
import type { Exchange } from "../http/exchange.ts";
import { RequestError } from "../http/request-error.ts";
import type { Services } from "./services.ts";

/** What the playground was asked. */
interface Evaluation {
  readonly action: Action;
  readonly nowMs: number;
  readonly state: FixedState;
  readonly includeDisabled: boolean;
  readonly evaluateAll: boolean;
}

/** `POST /v1/rules/evaluate` (`wire-api.md` §6.4): what the rules in force would say, over the state that the caller gives. */
export function evaluateRules(exchange: Exchange, services: Services): void {
  readJson(exchange, (value) => {
    const evaluation = parseEvaluation(value, services.clock.nowMs());
    const { tenant = "", namespace } = evaluation.action;
    if (!coversScope(exchange.principal, tenant, namespace)) {
      throw new RequestError("forbidden", `forbidden: no grant covers tenant=${tenant} namespace=${namespace}`);
    }
    evaluate(evaluation, services)
      .then((text) => exchange.sendJson(text))
      .catch((error: unknown) => exchange.fail(error));
  });
}

async function evaluate(evaluation: Evaluation, { clock, rules, providerHealth }: Services): Promise<string> {
  const { action, nowMs, state, evaluateAll, includeDisabled } = evaluation;
  const startedMs = clock.monotonicMs();
  const environment = { nowMs, health: providerHealth, variables: {} };
  const explanation = await rules.explain(action, fixedStatePort(state, nowMs), environment, { evaluateAll });
  const durationMs = clock.monotonicMs() - startedMs;
  const context = { nowMs, timezone: rules.timezone, durationMs, includeDisabled, evaluateAll };
  return JSON.stringify(explanationToWire(explanation, context));
}

/** @throws {ValidationError} Every problem. */
function parseEvaluation(value: JsonValue, receivedAtMs: number): Evaluation {
  const parsed = parseAction(isJsonObject(value) ? { id: "playground", ...value } : value, { nowMs: receivedAtMs });
  const problems: Problem[] = [];
  const fields = isJsonObject(value) ? value : {};
  const nowMs = instantOf(fields["evaluate_at"], problems) ?? receivedAtMs;
  const texts = textsOf(fields["mock_state"], problems);
  const includeDisabled = flagOf("include_disabled", fields["include_disabled"], problems);
  const evaluateAll = flagOf("evaluate_all", fields["evaluate_all"], problems);
  if (parsed.kind === "rejected") throw new ValidationError([...parsed.problems, ...problems]);
  if (hasProblems(problems)) throw new ValidationError(problems);
  const { action } = parsed;
  return { action, nowMs, state: mockState(texts, action, nowMs), includeDisabled, evaluateAll };
}

function instantOf(value: JsonValue | undefined, problems: Problem[]): number | undefined {
  if (value === undefined || value === null) return undefined;
  const atMs = typeof value === "string" ? parseInstant(value) : undefined;
  if (atMs === undefined) {
    const message = "must be an RFC 3339 instant with an offset";
    problems.push({ pointer: "/evaluate_at", code: "invalid_instant", message });
  }
  return atMs;
}

function flagOf(name: string, value: JsonValue | undefined, problems: Problem[]): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  problems.push({ pointer: `/${name}`, code: "invalid_type", message: "must be true or false" });
  return false;
}

function textsOf(value: JsonValue | undefined, problems: Problem[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  if (value === undefined || value === null) return texts;
  if (!isJsonObject(value)) {
    problems.push({ pointer: "/mock_state", code: "invalid_type", message: "must be an object of texts" });
    return texts;
  }
  for (const [key, text] of Object.entries(value)) {
    if (typeof text === "string") texts.set(key, text);
    else problems.push({ pointer: pointerTo("/mock_state", key), code: "invalid_type", message: "must be text" });
  }
  return texts;
}
