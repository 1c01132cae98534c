import type { JsonObject } from "@acteon/core";
import { answersOf, quantileBoundMs, roundTripBoundsMs } from "../metrics/round-trips.ts";
import type { StoreMetrics } from "../metrics/store-metrics.ts";
import { labelText } from "./label-text.ts";

/** `state`, and `lock` where locks have a store of their own, in the object of `GET /metrics`. */
export function storesToWire(stores: readonly StoreMetrics[]): JsonObject {
  return Object.fromEntries(stores.map((store) => [store.role, storeToWire(store)]));
}

/** `p50` and `p99` are bounds of the histogram; `null` past the last. `buckets`: answers of at most `le` ms. */
function storeToWire({ roundTrips, ...store }: StoreMetrics): JsonObject {
  const cumulative = cumulativeCounts(roundTrips.counts);
  return {
    backend: store.backend,
    durability: store.durability,
    calls: store.calls,
    groups: store.groups,
    errors: store.errors,
    round_trip_ms: {
      count: answersOf(roundTrips),
      sum: roundTrips.sumMs,
      p50: quantileBoundMs(roundTrips, 0.5) ?? null,
      p99: quantileBoundMs(roundTrips, 0.99) ?? null,
      buckets: roundTripBoundsMs.map((le, i) => ({ le, count: cumulative[i] ?? 0 })),
    },
    ...(store.connections === undefined ? {} : { connections: { ...store.connections } }),
  };
}

const plainSeries: readonly {
  readonly name: string;
  readonly type: "counter" | "gauge";
  /** `undefined`: this store has none. */
  readonly read: (store: StoreMetrics) => number | undefined;
}[] = [
  { name: "acteon_store_calls_total", type: "counter", read: ({ calls }) => calls },
  { name: "acteon_store_groups_total", type: "counter", read: ({ groups }) => groups },
  { name: "acteon_store_connections_open", type: "gauge", read: ({ connections }) => connections?.open },
  { name: "acteon_store_connections_busy", type: "gauge", read: ({ connections }) => connections?.busy },
  { name: "acteon_store_connections_waiting", type: "gauge", read: ({ connections }) => connections?.waiting },
  { name: "acteon_store_connections_max", type: "gauge", read: ({ connections }) => connections?.max },
];

/** The lines of `GET /metrics/prometheus` about stores. */
export function storesToPrometheus(stores: readonly StoreMetrics[]): readonly string[] {
  return [
    "# TYPE acteon_store_info gauge",
    ...stores.map((store) => `acteon_store_info${labels(store, { durability: store.durability })} 1`),
    ...plainSeries.flatMap(({ name, type, read }) => [
      `# TYPE ${name} ${type}`,
      ...stores.flatMap((store) => {
        const value = read(store);
        return value === undefined ? [] : [`${name}${labels(store)} ${value}`];
      }),
    ]),
    "# TYPE acteon_store_errors_total counter",
    ...stores.flatMap((store) =>
      Object.entries(store.errors).map(
        ([code, count]) => `acteon_store_errors_total${labels(store, { code })} ${count}`,
      ),
    ),
    "# TYPE acteon_store_round_trip_ms histogram",
    ...stores.flatMap(histogramLines),
  ];
}

function histogramLines(store: StoreMetrics): readonly string[] {
  const name = "acteon_store_round_trip_ms";
  const bounds = [...roundTripBoundsMs.map(String), "+Inf"];
  const cumulative = cumulativeCounts(store.roundTrips.counts);
  return [
    ...bounds.map((le, i) => `${name}_bucket${labels(store, { le })} ${cumulative[i] ?? 0}`),
    `${name}_sum${labels(store)} ${store.roundTrips.sumMs}`,
    `${name}_count${labels(store)} ${answersOf(store.roundTrips)}`,
  ];
}

function labels({ role, backend }: StoreMetrics, more: Readonly<Record<string, string>> = {}): string {
  const all = Object.entries({ role, backend, ...more });
  return `{${all.map(([name, value]) => `${name}="${labelText(value)}"`).join(",")}}`;
}

function cumulativeCounts(counts: readonly number[]): readonly number[] {
  let sum = 0;
  return counts.map((count) => (sum += count));
}
