import type { DispatchOptions } from "@acteon/gateway";
import { idFault } from "@acteon/core";
import type { Exchange } from "../http/exchange.ts";
import { RequestError } from "../http/request-error.ts";
import type { Clock } from "@acteon/core";

/**
 * What the headers and the query of a dispatch say: `Idempotency-Key` (guarantees G5), `X-Request-Timeout-Ms` (the
 * caller's deadline, from now: guarantees O3), `?dry_run=true`.
 *
 * @throws {RequestError} One of them is out of its form.
 */
export function dispatchOptions(exchange: Exchange, single: boolean, clock: Clock): DispatchOptions {
  const { head, principal, ports } = exchange;
  const options: { -readonly [N in keyof DispatchOptions]: DispatchOptions[N] } = { single, caller: principal };
  if (head.idempotencyKey !== undefined) options.idempotencyKey = idempotencyKey(head.idempotencyKey);
  if (head.requestTimeoutMs !== undefined) {
    options.deadlineMs = clock.monotonicMs() + timeoutMs(head.requestTimeoutMs, ports.limits.maxDeadlineMs);
  }
  if (exchange.rawQuery !== undefined && exchange.query.flag("dry_run")) options.dryRun = true;
  return options;
}

function idempotencyKey(text: string): string {
  const fault = idFault(text);
  if (fault === undefined) return text;
  throw new RequestError(fault.code, `Idempotency-Key ${fault.message}`);
}

function timeoutMs(text: string, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw new RequestError("bad_request", `X-Request-Timeout-Ms must be a whole number from 1 to ${max}`);
}
