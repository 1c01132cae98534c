import { RoundTripHistogram } from "../src/metrics/round-trips.ts";
import type { ServerMetrics } from "../src/metrics/server-metrics.ts";
import type { TestGateway } from "./test-gateway.ts";

/** Those of the gateway, over a store that answered three calls and failed two. */
export function testMetrics(gateway: TestGateway): ServerMetrics {
  const roundTrips = new RoundTripHistogram();
  for (const ms of [0.3, 0.4, 7]) roundTrips.record(ms);
  return {
    ...gateway.metrics(),
    stores: [
      {
        role: "state",
        backend: "redis",
        durability: "host",
        calls: 5,
        groups: 12,
        errors: { state_unavailable: 2 },
        roundTrips: roundTrips.snapshot(),
        connections: { open: 2, busy: 1, waiting: 0, max: 10 },
      },
    ],
  };
}
