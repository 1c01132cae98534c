import type { ServerMetrics } from "./server-metrics.ts";
import { mergeStores } from "./store-metrics.ts";

type ProviderMetrics = ServerMetrics["providers"][string];

/**
 * The metrics of several processes as if they were one: counts are added. Percentiles cannot be, so the largest stands,
 * which no process is above.
 */
export function mergeMetrics(all: readonly ServerMetrics[]): ServerMetrics {
  return {
    counters: merged(
      all.map(({ counters }) => counters),
      sum,
    ),
    inFlight: sum(all.map(({ inFlight }) => inFlight)),
    queued: sum(all.map(({ queued }) => queued)),
    audit: {
      buffered: sum(all.map(({ audit }) => audit.buffered)),
      dropped: sum(all.map(({ audit }) => audit.dropped)),
      written: sum(all.map(({ audit }) => audit.written)),
    },
    providers: merged(
      all.map(({ providers }) => providers),
      mergeProvider,
    ),
    stores: mergeStores(all.map(({ stores }) => stores)),
  };
}

function mergeProvider(all: readonly ProviderMetrics[]): ProviderMetrics {
  const requests = sum(all.map((each) => each.requests));
  const latencyMs = sum(all.map((each) => each.avgLatencyMs * each.requests));
  const latest = all.toSorted((a, b) => (b.lastRequestAtMs ?? 0) - (a.lastRequestAtMs ?? 0));
  return {
    requests,
    successes: sum(all.map((each) => each.successes)),
    failures: sum(all.map((each) => each.failures)),
    avgLatencyMs: requests === 0 ? 0 : latencyMs / requests,
    p50LatencyMs: Math.max(...all.map((each) => each.p50LatencyMs)),
    p95LatencyMs: Math.max(...all.map((each) => each.p95LatencyMs)),
    p99LatencyMs: Math.max(...all.map((each) => each.p99LatencyMs)),
    lastRequestAtMs: latest[0]?.lastRequestAtMs,
    lastError: latest.find(({ lastError }) => lastError !== undefined)?.lastError,
  };
}

/** By key, over the records that have it. */
function merged<T>(
  records: readonly Readonly<Record<string, T>>[],
  merge: (values: readonly T[]) => T,
): Readonly<Record<string, T>> {
  const entries = Map.groupBy(
    records.flatMap((record) => Object.entries(record)),
    ([key]) => key,
  );
  return Object.fromEntries([...entries].map(([key, values]) => [key, merge(values.map(([, value]) => value))]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
