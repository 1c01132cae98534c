import type { GatewayMetrics } from "@acteon/gateway";
import type { StoreMetrics } from "./store-metrics.ts";

/** What a server knows of itself: its gateway's counters, and what its stores were asked. */
export interface ServerMetrics extends GatewayMetrics {
  /** The state's first. */
  readonly stores: readonly StoreMetrics[];
}
