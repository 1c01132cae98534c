import type { AuditRecord, AuditWriter } from "@acteon/audit";
import type { Clock, JsonValue, Action, Random } from "@acteon/core";
import type { Executor } from "@acteon/executor";
import type { ProviderRegistry } from "@acteon/provider";
import type { RuleSet } from "@acteon/rules";
import type { StateStore } from "@acteon/state";
import type { Dispatch } from "./dispatch.ts";
import type { Door } from "./door.ts";
import type { Failpoint } from "./failpoint.ts";
import type { GatewayCounters } from "./gateway-counters.ts";
import type { InFlight } from "./in-flight.ts";
import type { Keys } from "./keys.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import type { PendingAudit } from "./pending-audit.ts";
import type { GatewaySettings } from "./settings.ts";
import type { StateQueue } from "./state-queue.ts";

/** Where a dispatch goes next. `wait`: something else will take it on (the store, a timer, a provider, the door). */
export type Step =
  | "plan"
  | "open"
  | "decide"
  | "settle"
  | "preview"
  | "busy"
  | "recover"
  | "execute"
  | "close"
  | "report"
  | "wait";

export type Stage = (dispatch: Dispatch, ports: Ports) => Step;

/** What a custom verdict's handler says: go on as it is or changed, elsewhere, or not at all. */
export type HandlerVerdict =
  | { readonly kind: "allow"; readonly payload?: JsonValue }
  | { readonly kind: "reroute"; readonly to: string }
  | { readonly kind: "suppress" | "deny"; readonly reason?: string };

export type VerdictHandler = (
  action: Action,
  params: Readonly<Record<string, JsonValue>>,
) => HandlerVerdict | Promise<HandlerVerdict>;

/** Everything the stages touch. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: GatewaySettings;
  readonly store: StateStore;
  readonly queue: StateQueue;
  readonly keys: Keys;
  readonly door: Door;
  readonly leases: LeaseKeeper;
  readonly rules: () => RuleSet;
  readonly handlers: ReadonlyMap<string, VerdictHandler>;
  readonly providers: ProviderRegistry;
  readonly executor: Executor;
  /** Absent: no audit trail. */
  readonly audit: AuditWriter | undefined;
  readonly pendingAudit: PendingAudit;
  readonly counters: GatewayCounters;
  /** Told of every record, after the trail; for a terminal that shows what happens. */
  readonly onRecord: ((record: AuditRecord) => void) | undefined;
  /** Aborts when the gateway drains: no new attempt is begun. */
  readonly draining: AbortSignal;
  readonly failpoint: ((name: Failpoint, execution: string) => void) | undefined;
  /** A fault of ours, or of the store: for the log. */
  onFault(error: Error): void;
  /** Runs the stages of a dispatch from `step` on, until it waits or ends; a function is asked for the step within the same care. */
  advance(dispatch: Dispatch, step: Step | (() => Step)): void;
  readonly inFlight: InFlight;
}
