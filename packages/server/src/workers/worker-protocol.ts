import type { ConfigSources } from "../config/read-config.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import type { StartFailure } from "../start-failure.ts";
import type { RulesMessage } from "./peers.ts";

/** What a worker is started with: it reads the same text in the same environment as the supervisor did. */
export type WorkerSources = Omit<ConfigSources, "environment">;

export type ToWorker =
  | {
      readonly kind: "start";
      readonly sources: WorkerSources;
      /** The one that the first worker was given; that one is told none. */
      readonly port: number | undefined;
      /** From 0. */
      readonly index: number;
    }
  | { readonly kind: "stop" }
  | { readonly kind: "rules"; readonly message: RulesMessage }
  /** Tell yours. */
  | { readonly kind: "metricsWanted"; readonly id: number }
  /** Those of all, which you asked for. */
  | { readonly kind: "metrics"; readonly id: number; readonly metrics: ServerMetrics };

export type FromWorker =
  | { readonly kind: "listening"; readonly url: string; readonly port: number }
  | { readonly kind: "failed"; readonly failure: StartFailure }
  | { readonly kind: "rules"; readonly message: RulesMessage }
  | { readonly kind: "metricsWanted"; readonly id: number }
  | { readonly kind: "metrics"; readonly id: number; readonly metrics: ServerMetrics };
