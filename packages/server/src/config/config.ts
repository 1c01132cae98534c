import type { Secret } from "@acteon/core";
import type { RemoteStateSettings } from "@acteon/state";
import type { Origin } from "./reader.ts";
import type { RemoteBackendName } from "./store-schema.ts";

/** Everything that `acteon.toml`, the environment and the command line say: checked, complete, times in ms. */
export interface Config {
  readonly server: ServerConfig;
  readonly http: HttpLimits;
  readonly state: StateConfig;
  /** Absent: locks are in the state store. */
  readonly lock: StoreConfig | undefined;
  readonly gateway: GatewayBounds;
  readonly rules: RulesConfig;
  readonly executor: ExecutorConfig;
  readonly outbound: OutboundConfig;
  readonly audit: AuditConfig;
  readonly auth: AuthConfig;
  readonly observability: ObservabilityConfig;
  readonly providers: readonly ProviderSettings[];
  /** Where each value comes from, by the path of its key as the file spells it: `server.port`. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Every bound and its value, in the unit of its key (guarantees O1). */
  readonly bounds: readonly Bound[];
}

export interface ServerConfig {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly workers: number;
  readonly externalUrl: string | undefined;
  readonly corsAllowedOrigins: readonly string[];
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  readonly startupMs: number;
  readonly drainDelayMs: number;
  readonly drainMs: number;
}

/** What one client may ask of the listener (guarantees O1, S8). */
export interface HttpLimits {
  readonly maxBodyBytes: number;
  readonly maxBufferedBytes: number;
  readonly maxBatchActions: number;
  readonly maxStreamActions: number;
  readonly maxJsonDepth: number;
  readonly maxJsonNodes: number;
  readonly maxHeaderBytes: number;
  readonly maxHeaders: number;
  readonly maxConnections: number;
  readonly maxDeadlineMs: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly writeTimeoutMs: number;
  readonly streamIdleMs: number;
  readonly keepAliveMs: number;
}

/** A store of state or locks. */
export type StoreConfig =
  | { readonly kind: "memory" }
  | { readonly kind: "embedded"; readonly path: string; readonly sync: boolean }
  | RemoteStoreConfig;

/** A store on another machine. */
export interface RemoteStoreConfig {
  readonly kind: RemoteBackendName;
  /** Address and credentials. Absent: where the region is enough (DynamoDB). */
  readonly url: Secret | undefined;
  readonly settings: Omit<RemoteStateSettings, "url">;
}

/** `require`: the weakest class that will do (guarantees §4). */
export type StateConfig = { readonly require: "host" | "strong" | undefined } & StoreConfig;

/** Bounds of the road itself; the gateway's settings. */
export interface GatewayBounds {
  readonly leaseMs: number;
  readonly waitMs: number;
  readonly maxInFlight: number;
  readonly maxWaitersPerIdentity: number;
  readonly maxSliceActions: number;
  readonly maxCallsInFlight: number;
  readonly maxOperationsPerCall: number;
  readonly maxGroupsPerCall: number;
  readonly maxCallChars: number;
  readonly storeTimeoutMs: number;
  readonly idempotencyTtlMs: number;
  readonly maxHoldMs: number;
  readonly maxPendingAudit: number;
}

export interface RulesConfig {
  /** Absent: no rules, every action is executed as it is. */
  readonly directory: string | undefined;
  /** Files with what rules read as `data.…`, each by its name. */
  readonly data: readonly string[];
  readonly defaultTimezone: string;
  readonly watch: boolean;
}

export interface ExecutorConfig {
  readonly maxRetries: number;
  readonly backoff: { readonly baseMs: number; readonly capMs: number };
  readonly attemptTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
}

/** Of each endpoint that providers call. */
export interface OutboundConfig {
  readonly connectTimeoutMs: number;
  readonly firstByteTimeoutMs: number;
  readonly maxReplyBytes: number;
  readonly maxConnections: number;
  readonly maxRequests: number;
}

export type AuditConfig =
  | { readonly kind: "off" }
  | ({
      readonly mode: "best_effort" | "required";
      readonly buffer: AuditBuffer;
      /** Absent: kept for good. */
      readonly ttlMs: number | undefined;
      readonly cleanupIntervalMs: number;
    } & (
      | { readonly kind: "memory" }
      | {
          readonly kind: "sqlite";
          /** The file. */
          readonly path: string;
          /** As `state.sync`: a record outlives a power loss. */
          readonly sync: boolean;
        }
    ));

/** Records between the road and the trail. */
export interface AuditBuffer {
  readonly maxBuffered: number;
  readonly maxBufferedBytes: number;
  readonly maxBatch: number;
  readonly maxDelayMs: number;
  readonly maxFlushMs: number;
}

export type AuthConfig =
  /** Everybody is an anonymous administrator of everything. */
  | { readonly kind: "none" }
  | {
      readonly kind: "keys";
      readonly path: string;
      readonly watch: boolean;
      readonly maxFailuresPerMinute: number;
      readonly maxTrackedFailures: number;
    };

export interface ObservabilityConfig {
  readonly metrics: boolean;
  readonly logLevel: LogLevel;
}

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** One `[providers.NAME]`. */
export interface ProviderSettings {
  readonly name: string;
  readonly type: string;
  /** JSON of what the file holds under it, without `type` and `enabled`: nobody here knows which of it are secrets. */
  readonly settings: Secret;
  /** JSON pointers into `settings` of texts that came out of the environment: each may stand for a number, a truth value … */
  readonly fromEnvironment: readonly string[];
}

export interface Bound {
  readonly key: string;
  readonly value: number;
  /** In words. */
  readonly bounds: string;
}
