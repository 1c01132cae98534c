import type { JsonObject } from "@acteon/core";
import type { GatewayHealth, GatewayMetrics } from "@acteon/gateway";
import { successRate } from "./metrics-codec.ts";

/** `GET /v1/providers/health` (`wire-api.md` §22). */
export function providerHealthToWire(
  health: GatewayHealth["providers"],
  metrics: GatewayMetrics["providers"],
): JsonObject {
  return {
    providers: Object.entries(metrics).map(([provider, stats]) => {
      const state = health[provider];
      return {
        provider,
        healthy: state?.kind === "healthy",
        ...(state?.kind === "unhealthy" ? { health_check_error: state.reason } : {}),
        // Always there: strict clients require it (`wire-api.md` §30 no. 9).
        circuit_breaker_state: null,
        total_requests: stats.requests,
        successes: stats.successes,
        failures: stats.failures,
        success_rate: successRate(stats),
        avg_latency_ms: stats.avgLatencyMs,
        p50_latency_ms: stats.p50LatencyMs,
        p95_latency_ms: stats.p95LatencyMs,
        p99_latency_ms: stats.p99LatencyMs,
        ...(stats.lastRequestAtMs === undefined ? {} : { last_request_at: Math.round(stats.lastRequestAtMs) }),
        ...(stats.lastError === undefined ? {} : { last_error: stats.lastError }),
      };
    }),
  };
}
