import type { ServerMetrics } from "../metrics/server-metrics.ts";

/** What an operator changed through one process, and what the others must do too. */
export type RulesMessage =
  | { readonly kind: "reload"; readonly directory: string }
  | { readonly kind: "setEnabled"; readonly rule: string; readonly enabled: boolean };

/** The processes that share a port, seen from one of them. */
export interface Peers {
  /** One of them does what is to be done once. */
  readonly first: boolean;
  /** Tells the others. Rules that change on disk are not told: each process watches for itself. */
  announce(message: RulesMessage): void;
  /** Calls `listener` with what others announce. */
  onMessage(listener: (message: RulesMessage) => void): void;
  /** Of all of them together. */
  metrics(own: ServerMetrics): ServerMetrics | Promise<ServerMetrics>;
}

/** There are no others. */
export const aloneOnThePort: Peers = {
  first: true,
  announce: () => undefined,
  onMessage: () => undefined,
  metrics: (own) => own,
};
