import type { Action, ActeonError, JsonValue } from "@acteon/core";
import { InternalError, isJsonArray, parseAction, ValidationError } from "@acteon/core";
import type { DispatchOptions, DispatchResult } from "@acteon/gateway";
import { coversAction } from "../auth/principal.ts";
import { outcomeText } from "../codec/outcome-codec.ts";
import { isMediaType, readJson } from "../http/body.ts";
import { errorElementText } from "../http/error-codec.ts";
import type { Exchange } from "../http/exchange.ts";
import { RequestError } from "../http/request-error.ts";
import { dispatchOptions } from "./dispatch-options.ts";
import { notCovered, resultText } from "./dispatch-results.ts";
import { NdjsonDispatch, ndjsonType } from "./ndjson-dispatch.ts";
import type { Services } from "./services.ts";

/** `POST /v1/dispatch` (`wire-api.md` §5.1). */
export function dispatchOne(exchange: Exchange, { gateway, clock }: Services): void {
  const options = dispatchOptions(exchange, true, clock);
  readJson(exchange, (value) => {
    const parsed = parseAction(value, { nowMs: clock.nowMs() });
    if (parsed.kind === "rejected") throw new ValidationError(parsed.problems);
    if (!coversAction(exchange.principal, parsed.action)) throw notCovered(parsed.action);
    answerWith(exchange, gateway.dispatchActions([parsed.action], options), ([result]) => answerOne(exchange, result));
  });
}

/** What goes wrong on the way to the answer is the answer: a rejection that nobody sees would end the process. */
function answerWith(
  exchange: Exchange,
  results: Promise<readonly DispatchResult[]>,
  answer: (results: readonly DispatchResult[]) => void,
): void {
  results.then(answer).catch((error: unknown) => exchange.fail(error));
}

function answerOne(exchange: Exchange, result: DispatchResult | undefined): void {
  if (result === undefined) exchange.fail(new InternalError("a dispatch ended without a result"));
  else if (result.kind === "refused") exchange.fail(result.error);
  else exchange.sendJson(outcomeText(result.outcome), 200, result.replayed ? replayedHeader : noHeaders);
}

/** `POST /v1/dispatch/batch` (`wire-api.md` §5.2): an array, or a stream of lines. */
export function dispatchMany(exchange: Exchange, services: Services): void {
  if (isMediaType(exchange.head.contentType, ndjsonType)) {
    new NdjsonDispatch(exchange, services, dispatchOptions(exchange, false, services.clock)).start();
    return;
  }
  const options = dispatchOptions(exchange, false, services.clock);
  readJson(exchange, (value) => {
    const batch = parseBatch(exchange, value, services);
    if (batch.actions.length === 0) return exchange.sendJson(batchText(batch, []));
    const results =
      options.idempotencyKey === undefined || batch.actions.length === batch.elements.length
        ? services.gateway.dispatchActions(batch.actions, options)
        : eachUnderItsOwnKey(batch, options.idempotencyKey, options, services);
    answerWith(exchange, results, (list) => answerMany(exchange, batch, list));
  });
}

/** A batch on its way: what each index has so far. */
interface Batch {
  /** The text of an item that was refused already; `undefined` where an action is under way. */
  readonly elements: (string | undefined)[];
  /** Those under way, in order. */
  readonly actions: readonly Action[];
}

/** Items are taken one by one, and authorized together: one that is not allowed refuses the whole. */
function parseBatch(exchange: Exchange, value: JsonValue, { clock }: Services): Batch {
  if (!isJsonArray(value)) {
    const problem = { pointer: "", code: "invalid_type", message: "must be an array of actions" } as const;
    throw new ValidationError([problem]);
  }
  const { maxBatchActions } = exchange.ports.limits;
  if (value.length > maxBatchActions) {
    throw new RequestError("batch_too_large", `batch size ${value.length} exceeds maximum of ${maxBatchActions}`);
  }
  const nowMs = clock.nowMs();
  const elements: (string | undefined)[] = [];
  const actions: Action[] = [];
  for (const item of value) {
    const parsed = parseAction(item, { nowMs });
    if (parsed.kind === "rejected") {
      elements.push(errorElementText(new ValidationError(parsed.problems)));
      continue;
    }
    if (!coversAction(exchange.principal, parsed.action)) throw notCovered(parsed.action);
    elements.push(undefined);
    actions.push(parsed.action);
  }
  return { elements, actions };
}

/** The gateway numbers the actions that it gets; with refused items between them each needs the number it came with. */
async function eachUnderItsOwnKey(
  { elements, actions }: Batch,
  key: string,
  options: DispatchOptions,
  { gateway }: Services,
): Promise<readonly DispatchResult[]> {
  const places = elements.flatMap((element, i) => (element === undefined ? [i] : []));
  const results = await Promise.all(
    actions.map((action, n) =>
      gateway.dispatchActions([action], { ...options, single: true, idempotencyKey: `${key}/${places[n]}` }),
    ),
  );
  return results.flat();
}

function answerMany(exchange: Exchange, batch: Batch, results: readonly DispatchResult[]): void {
  const refusal = refusalOfAll(results);
  if (refusal !== undefined && results.length === batch.elements.length) return exchange.fail(refusal);
  const replayed = results.length > 0 && results.every((result) => result.kind === "outcome" && result.replayed);
  exchange.sendJson(batchText(batch, results), 200, replayed ? replayedHeader : noHeaders);
}

/** The gateway as a whole took nothing: that is said of the request, not of each item. */
function refusalOfAll(results: readonly DispatchResult[]): ActeonError | undefined {
  const [first] = results;
  if (first?.kind !== "refused") return undefined;
  const { error } = first;
  const whole = error.code === "draining" || error.code === "overloaded" || error.code === "rate_limited";
  return whole && results.every((result) => result.kind === "refused" && result.error === error) ? error : undefined;
}

/** Elements in the order of the input (guarantees G8). */
function batchText({ elements }: Batch, results: readonly DispatchResult[]): string {
  let text = "[";
  let next = 0;
  for (let i = 0; i < elements.length; i++) {
    if (i > 0) text += ",";
    text += elements[i] ?? resultText(results[next++]);
  }
  return `${text}]`;
}

const replayedHeader = ["idempotency-replayed", "true"];
const noHeaders: readonly string[] = [];
