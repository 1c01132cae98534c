import { NotFoundError } from "@acteon/core";
import type { DeadLetter } from "@acteon/gateway";
import type { Principal } from "../auth/principal.ts";
import { coversAction, coversScope } from "../auth/principal.ts";
import { deadLetterToWire } from "../codec/dead-letter-codec.ts";
import { outcomeElementText } from "../codec/outcome-codec.ts";
import type { Exchange } from "../http/exchange.ts";
import { RequestError } from "../http/request-error.ts";
import type { Services } from "./services.ts";

/** `GET /v1/dlq/stats` (`wire-api.md` §22). */
export async function deadLetterStats(exchange: Exchange, { gateway }: Services): Promise<void> {
  let count = 0;
  for await (const _ of gateway.deadLetters.list()) count += 1;
  exchange.sendJson(JSON.stringify({ enabled: true, count }));
}

/** `GET /v1/dlq/letters?namespace&tenant&limit`, ours: those that the caller may see, in no promised order. */
export async function listDeadLetters(exchange: Exchange, { gateway }: Services): Promise<void> {
  const { query, principal } = exchange;
  const namespace = query.text("namespace");
  const tenant = query.text("tenant");
  const limit = query.clamped("limit", { min: 1, max: 1_000, fallback: 50 });
  const filter = { ...(namespace === undefined ? {} : { namespace }), ...(tenant === undefined ? {} : { tenant }) };
  const letters: DeadLetter[] = [];
  for await (const letter of gateway.deadLetters.list(filter)) {
    if (covers(principal, letter)) letters.push(letter);
    if (letters.length === limit) break;
  }
  exchange.sendJson(JSON.stringify({ letters: letters.map(deadLetterToWire), count: letters.length }));
}

/** `GET /v1/dlq/letters/{id}`. */
export async function getDeadLetter(exchange: Exchange, services: Services): Promise<void> {
  exchange.sendJson(JSON.stringify(deadLetterToWire(await letterOf(exchange, services))));
}

/** `POST /v1/dlq/letters/{id}/requeue`: the outcome of the new execution. */
export async function requeueDeadLetter(exchange: Exchange, services: Services): Promise<void> {
  const { id, action } = await letterOf(exchange, services);
  if (!coversAction(exchange.principal, action))
    throw new RequestError("forbidden", "forbidden: no grant covers this action");
  const result = await services.gateway.deadLetters.requeue(id);
  if (result === undefined) throw notFound(id);
  if (result.kind === "refused") throw result.error;
  exchange.sendJson(outcomeElementText(result.outcome));
}

/** `DELETE /v1/dlq/letters/{id}`: the action is given up, and its dedup key is free. */
export async function discardDeadLetter(exchange: Exchange, services: Services): Promise<void> {
  const { id } = await letterOf(exchange, services);
  if (!(await services.gateway.deadLetters.discard(id))) throw notFound(id);
  exchange.sendNothing();
}

/** A letter of a foreign tenant is not there (guarantees S2). */
async function letterOf(exchange: Exchange, { gateway }: Services): Promise<DeadLetter> {
  const [id = ""] = exchange.params;
  const letter = await gateway.deadLetters.get(id);
  if (letter === undefined || !covers(exchange.principal, letter)) throw notFound(id);
  return letter;
}

function covers(principal: Principal, { action }: DeadLetter): boolean {
  return coversScope(principal, action.tenant ?? "", action.namespace);
}

function notFound(id: string): NotFoundError {
  return new NotFoundError(`dead letter not found: ${id}`);
}
