import { NotFoundError } from "@acteon/core";
import { metricsToPrometheus, metricsToWire } from "../codec/metrics-codec.ts";
import { providerHealthToWire } from "../codec/provider-health-codec.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Services } from "./services.ts";

/** `GET /live`: the process answers; nothing else is asked (guarantees O7). */
export function live(exchange: Exchange): void {
  exchange.sendJson('{"status":"ok"}');
}

/** `GET /ready`: may new work be sent here? */
export async function ready(exchange: Exchange, { readiness }: Services): Promise<void> {
  const { ready: isReady, reasons } = await readiness.check();
  exchange.sendJson(JSON.stringify({ status: isReady ? "ok" : "not ready", reasons }), isReady ? 200 : 503);
}

/** `GET /health`: as `/ready`, with the metrics (`wire-api.md` §29). */
export async function health(exchange: Exchange, { readiness, metrics }: Services): Promise<void> {
  const { ready: isReady, reasons } = await readiness.check();
  const wire = {
    status: isReady ? "ok" : "not ready",
    ...(isReady ? {} : { reasons }),
    metrics: metrics === undefined ? {} : metricsToWire(await metrics()),
  };
  exchange.sendJson(JSON.stringify(wire), isReady ? 200 : 503);
}

/** `GET /metrics`. */
export async function metricsAsJson(exchange: Exchange, services: Services): Promise<void> {
  exchange.sendJson(JSON.stringify(metricsToWire(await metricsOf(services))));
}

/** `GET /metrics/prometheus`. */
export async function metricsAsText(exchange: Exchange, services: Services): Promise<void> {
  const text = metricsToPrometheus(await metricsOf(services));
  exchange.sendText(text, "text/plain; version=0.0.4; charset=utf-8");
}

/** `GET /v1/providers/health`: each is asked now (`wire-api.md` §22). */
export async function providerHealth(exchange: Exchange, { gateway }: Services): Promise<void> {
  const { providers } = await gateway.healthCheck({ signal: AbortSignal.timeout(providerCheckMs) });
  exchange.sendJson(JSON.stringify(providerHealthToWire(providers, gateway.metrics().providers)));
}

const providerCheckMs = 10_000;

function metricsOf({ metrics }: Services): ReturnType<NonNullable<Services["metrics"]>> {
  if (metrics === undefined) throw new NotFoundError("metrics are off");
  return metrics();
}
