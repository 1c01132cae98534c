import type { JsonObject } from "@acteon/core";
import type { GatewayMetrics } from "@acteon/gateway";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import { labelText } from "./label-text.ts";
import { storesToPrometheus, storesToWire } from "./store-metrics-codec.ts";

/** Every counter of `wire-api.md` §29, also those of parts that are not built yet: they stand at 0. */
const counterNames = [
  "dispatched",
  "executed",
  "deduplicated",
  "suppressed",
  "silenced",
  "muted",
  "rerouted",
  "throttled",
  "failed",
  "llm_guardrail_allowed",
  "llm_guardrail_denied",
  "llm_guardrail_errors",
  "chains_started",
  "chains_completed",
  "chains_failed",
  "chains_cancelled",
  "pending_approval",
  "circuit_open",
  "circuit_transitions",
  "circuit_fallbacks",
  "scheduled",
  "recurring_dispatched",
  "recurring_events_emitted",
  "recurring_errors",
  "recurring_skipped",
  "recurring_active",
  "quota_exceeded",
  "quota_warned",
  "quota_degraded",
  "quota_notified",
  "retention_deleted_state",
  "retention_skipped_compliance",
  "retention_errors",
  "stale_tasks_reaped",
  "stale_task_reaper_errors",
  "wasm_invocations",
  "wasm_errors",
  "signing_verified",
  "signing_invalid",
  "signing_unknown_signer",
  "signing_scope_denied",
  "signing_unsigned_rejected",
  "signing_unsigned_allowed",
  "replay_rejected",
] as const;

type CounterName = (typeof counterNames)[number];

/** Outcomes: their series have `actions_` in front. */
const outcomeCounters: ReadonlySet<CounterName> = new Set([
  "dispatched",
  "executed",
  "deduplicated",
  "suppressed",
  "silenced",
  "muted",
  "rerouted",
  "throttled",
  "failed",
  "pending_approval",
  "scheduled",
]);

const gauges: ReadonlySet<CounterName> = new Set(["recurring_active"]);

/** Beyond the contract: what shows that something is lost or piles up (guarantees O1, G9). */
const ownSeries: readonly {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly read: (metrics: GatewayMetrics) => number;
}[] = [
  { name: "acteon_actions_refused_total", type: "counter", read: ({ counters }) => counters["refused"] ?? 0 },
  {
    name: "acteon_actions_dead_lettered_total",
    type: "counter",
    read: ({ counters }) => counters["deadLettered"] ?? 0,
  },
  { name: "acteon_actions_recovered_total", type: "counter", read: ({ counters }) => counters["recovered"] ?? 0 },
  { name: "acteon_rule_errors_total", type: "counter", read: ({ counters }) => counters["ruleErrors"] ?? 0 },
  { name: "acteon_locks_taken_total", type: "counter", read: ({ counters }) => counters["locksTaken"] ?? 0 },
  { name: "acteon_in_flight", type: "gauge", read: ({ inFlight }) => inFlight },
  { name: "acteon_state_queued", type: "gauge", read: ({ queued }) => queued },
  { name: "acteon_audit_buffered", type: "gauge", read: ({ audit }) => audit.buffered },
  { name: "acteon_audit_written_total", type: "counter", read: ({ audit }) => audit.written },
  { name: "acteon_audit_dropped_total", type: "counter", read: ({ audit }) => audit.dropped },
];

type ProviderMetrics = GatewayMetrics["providers"][string];

const providerSeries: readonly {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly read: (provider: ProviderMetrics) => number;
}[] = [
  { name: "acteon_provider_requests_total", type: "counter", read: ({ requests }) => requests },
  { name: "acteon_provider_successes_total", type: "counter", read: ({ successes }) => successes },
  { name: "acteon_provider_failures_total", type: "counter", read: ({ failures }) => failures },
  { name: "acteon_provider_success_rate", type: "gauge", read: successRate },
  { name: "acteon_provider_avg_latency_ms", type: "gauge", read: ({ avgLatencyMs }) => avgLatencyMs },
  { name: "acteon_provider_p50_latency_ms", type: "gauge", read: ({ p50LatencyMs }) => p50LatencyMs },
  { name: "acteon_provider_p95_latency_ms", type: "gauge", read: ({ p95LatencyMs }) => p95LatencyMs },
  { name: "acteon_provider_p99_latency_ms", type: "gauge", read: ({ p99LatencyMs }) => p99LatencyMs },
];

/** The object of `GET /metrics` and `GET /health`. */
export function metricsToWire({ counters, stores }: ServerMetrics): JsonObject {
  return {
    ...Object.fromEntries(counterNames.map((name) => [name, counters[name] ?? 0])),
    signing_enabled: false,
    ...storesToWire(stores),
  };
}

/** The text of `GET /metrics/prometheus`, in the exposition format 0.0.4. */
export function metricsToPrometheus(metrics: ServerMetrics): string {
  const lines: string[] = [];
  for (const name of counterNames) {
    const gauge = gauges.has(name);
    const series = `acteon_${outcomeCounters.has(name) ? "actions_" : ""}${name}${gauge ? "" : "_total"}`;
    lines.push(`# TYPE ${series} ${gauge ? "gauge" : "counter"}`, `${series} ${metrics.counters[name] ?? 0}`);
  }
  for (const { name, type, read } of ownSeries) lines.push(`# TYPE ${name} ${type}`, `${name} ${read(metrics)}`);
  for (const { name, type, read } of providerSeries) {
    lines.push(`# TYPE ${name} ${type}`);
    for (const [provider, stats] of Object.entries(metrics.providers)) {
      lines.push(`${name}{provider="${labelText(provider)}"} ${read(stats)}`);
    }
  }
  lines.push(...storesToPrometheus(metrics.stores));
  return `${lines.join("\n")}\n`;
}

/** 0 … 100; 100 for a provider that nothing was asked of yet. */
export function successRate({ successes, failures }: ProviderMetrics): number {
  const ended = successes + failures;
  return ended === 0 ? 100 : (successes / ended) * 100;
}
