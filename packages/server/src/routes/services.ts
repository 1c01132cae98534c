import type { AuditStore } from "@acteon/audit";
import type { Clock } from "@acteon/core";
import type { Gateway } from "@acteon/gateway";
import type { ProviderHealthPort } from "@acteon/rules";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import type { RulesPort } from "./rules-port.ts";

/** What the routes work with. */
export interface Services {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly rules: RulesPort;
  /** What `env.*` answers to rules. */
  readonly providerHealth: ProviderHealthPort;
  /** Absent: no audit trail is kept. */
  readonly audit: { readonly store: AuditStore; readonly ttlMs: number | undefined } | undefined;
  readonly readiness: Readiness;
  /** Of this process, or of all workers together. Absent: not to be shown. */
  readonly metrics: (() => ServerMetrics | Promise<ServerMetrics>) | undefined;
}

/** May new work be sent here (guarantees O7)? */
export interface Readiness {
  check(): Promise<{ readonly ready: boolean; readonly reasons: readonly string[] }>;
}
